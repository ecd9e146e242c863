"""The command line: `serve`, `worker`, `explain`, `holidays`, `migrate`, `user`."""

import argparse
import asyncio
import getpass
import logging
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import MAXYEAR
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec

from skranke import __version__
from skranke.core.clock import Clock
from skranke.core.errors import ApiError
from skranke.core.settings import InvalidSetting, Settings, load_settings
from skranke.db import database
from skranke.db.database import Db
from skranke.db.embedded.binaries import CannotStart
from skranke.db.migrate import migrate
from skranke.people.auth import accounts

T = TypeVar("T")
MOST_YEARS = 50  # of holidays at once; they are all read with every list


def main(arguments: list[str] | None = None) -> None:
    """Run a command; exits with 2 and a sentence when it can't be done."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    asked = _parser().parse_args(arguments)
    flags = {k: v for k, v in vars(asked).items() if k in Settings.__struct_fields__}
    try:
        asked.run(load_settings(**flags), asked)
    except (InvalidSetting, CannotStart, ApiError, OSError) as fault:
        sys.exit(f"skranke: {fault}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="skranke",
        description="A service desk with SuperOffice Service's WebAPI. Every flag has "
        "a variable SKRANKE_… of the same name.",
    )
    parser.add_argument("--version", action="version", version=f"skranke {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="open the desk")
    serve.add_argument(
        "--demo",
        action="store_true",
        default=None,
        help="fill an empty database with a believable desk",
    )
    serve.add_argument(
        "--emulator",
        action="store_true",
        default=None,
        help="add /_desk: clock, reset, coverage; for those who test",
    )
    serve.add_argument("--host", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (8090)")
    serve.add_argument("--workers", type=int, help="processes that answer (1)")
    serve.set_defaults(run=_serve)

    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=_migrate)

    worker = commands.add_parser("worker", help="do what falls due, beside the desk")
    worker.add_argument("--once", action="store_true", help="one round, and its tale")
    worker.set_defaults(run=_worker)

    explain = commands.add_parser("explain", help="why a ticket's times are so")
    explain.add_argument("ticket_id", type=int)
    explain.add_argument("--json", action="store_true", help="for machines")
    explain.set_defaults(run=_explain)

    holidays = commands.add_parser("holidays", help="close a priority on a country's holidays")
    holidays.add_argument("priority_id", type=int)
    holidays.add_argument("country", help="NO, SE; DE-BY for a part of one")
    holidays.add_argument("--years", type=_years, required=True, help="2026 or 2026-2028")
    holidays.set_defaults(run=_holidays)

    mail = commands.add_parser("mail", help="import")
    imports = mail.add_subparsers(required=True, metavar="verb").add_parser(
        "import", help="write a mail down, for a mail server's pipe; exits with 0 or 75"
    )
    imports.add_argument("--mailbox", type=int, default=0, help="id of the mailbox (none)")
    imports.add_argument("--from", dest="envelope_from", help="the envelope's sender")
    imports.add_argument("--to", dest="rcpt", action="append", default=[], help="a recipient")
    imports.add_argument("file", nargs="?", default="-", help="- for standard input")
    imports.set_defaults(run=_mail_import)

    work = commands.add_parser("work")  # a worker of `serve --workers N`
    work.add_argument("listener", type=int)
    work.add_argument("line", type=int)
    work.set_defaults(run=_work)

    user = commands.add_parser("user", help="add, list, password, token")
    verbs = user.add_subparsers(required=True, metavar="verb")
    add = verbs.add_parser("add", help="a new user; the password is asked for")
    add.add_argument("name")
    add.add_argument("--full-name", default="")
    add.add_argument("--role", default="agent", help="administrator, agent, read-only")
    add.add_argument("--group", default="")
    add.add_argument("--password", help="else asked for, or read from standard input")
    add.set_defaults(run=_user_add)
    verbs.add_parser("list", help="every user with role and group").set_defaults(run=_user_list)
    password = verbs.add_parser("password", help="set a user's password")
    password.add_argument("name")
    password.add_argument("--password")
    password.set_defaults(run=_user_password)
    token = verbs.add_parser("token", help="a Bearer token; shown once")
    token.add_argument("name")
    token.add_argument("--days", type=int, default=365)
    token.set_defaults(run=_user_token)

    with_data = (
        serve,
        migrate,
        worker,
        explain,
        holidays,
        imports,
        add,
        verbs.choices["list"],
        password,
        token,
    )
    for command in with_data:
        command.add_argument("--data", type=Path, help="data directory (data)")
    return parser


def _serve(settings: Settings, _: argparse.Namespace) -> None:
    from skranke import serving

    def opened(address: str, connections: str) -> None:
        print(welcome(settings, address, connections), flush=True)

    serving.serve(settings, opened)


def welcome(settings: Settings, address: str, connections: str) -> str:
    """What whoever opened a desk wants to know: where it is and how to try it."""
    data = settings.data.resolve()
    where = "the database of SKRANKE_DATABASE_URL" if settings.database_url else data
    told = f"Skranke {__version__} answers at {address}\n  data: {where}"
    told += f"\n  connections: {connections}"
    if not settings.demo:
        return told + "\n  make a user with: skranke user add NAME"
    data.mkdir(parents=True, exist_ok=True)
    sample = data / "save-ticket-request.json"
    sample.write_bytes(files("skranke.http.openapi.reference").joinpath(sample.name).read_bytes())
    return f"""{told}
  user: tje0, password: Tje0
  the reference page's sample request:

curl -u tje0:Tje0 -H 'Content-Type: application/json; charset=utf-8' \\
  -H 'Accept: application/json; charset=utf-8' -H 'Accept-Language: en' \\
  --data-binary @{sample} \\
  {address}/api/v1/Agents/Ticket/SaveTicketEntity
"""


def _migrate(settings: Settings, _: argparse.Namespace) -> None:
    async def run(dsn: str) -> list[str]:
        async with database.single_connection(dsn) as db:
            return await migrate(db)

    taken = _with_database(settings, run, may_create=True)
    print("\n".join(taken) if taken else "The database is up to date.")


def _work(settings: Settings, asked: argparse.Namespace) -> None:
    from skranke import serving

    serving.work(settings, settings.database_url, asked.listener, asked.line)


def _say_that_it_works() -> None:
    print("Skranke works; Ctrl-C ends it.", flush=True)


def _worker(settings: Settings, asked: argparse.Namespace) -> None:
    from skranke import serving

    with serving.database(settings) as dsn:
        asyncio.run(_brought_up_to_date(dsn))
        if not asked.once:
            serving.keep_working(settings, dsn, _say_that_it_works)
            return
        outcomes, failures = asyncio.run(serving.work_once(settings, dsn))
    for name, outcome in outcomes.items():
        print(f"{name}: {outcome.done} done, {outcome.failed} failed")
    for failure in failures:
        print(
            f"{failure.job} {failure.item}: attempt {failure.attempts} at "
            f"{failure.failed_at:%Y-%m-%d %H:%M:%S} UTC, next at "
            f"{failure.retry_at:%H:%M:%S}: {failure.error}"
        )


def _explain(settings: Settings, asked: argparse.Namespace) -> None:
    from skranke import serving

    with serving.database(settings) as dsn:
        asyncio.run(_brought_up_to_date(dsn))
        told = asyncio.run(serving.explain(settings, dsn, asked.ticket_id))
    print(msgspec.json.encode(told).decode() if asked.json else "\n".join(told.words))


def _mail_import(settings: Settings, asked: argparse.Namespace) -> None:
    from skranke import serving
    from skranke.channels.mail.incoming.command import import_mail_file

    sys.exit(
        import_mail_file(
            lambda: serving.database(settings),
            mailbox_id=asked.mailbox,
            path=asked.file,
            sender=asked.envelope_from,
            rcpt=asked.rcpt,
        )
    )


def _holidays(settings: Settings, asked: argparse.Namespace) -> None:
    from skranke.catalog.priorities import holidays_import

    days = holidays_import.national_holidays(asked.country, asked.years)

    async def run(dsn: str) -> list[str]:
        async with _db(dsn) as db:
            return await holidays_import.add_holidays(db, asked.priority_id, days)

    added = _with_database(settings, run)
    print("\n".join(added))
    print(f"{len(added)} of {len(days)} holidays are new to priority {asked.priority_id}.")


def _years(text: str) -> range:
    """`2026` or `2026-2028`, both ends included."""
    first, _, last = text.partition("-")
    last = last or first
    if first.isdecimal() and last.isdecimal():
        years = range(int(first), int(last) + 1)
        if 1 <= len(years) <= MOST_YEARS and 1 < years[0] <= years[-1] < MAXYEAR:
            return years
    raise argparse.ArgumentTypeError(f"{text!r} is no span of years like 2026-2028")


async def _brought_up_to_date(dsn: str) -> None:
    async with _db(dsn):
        pass


def _user_add(settings: Settings, asked: argparse.Namespace) -> None:
    password = asked.password or _password()

    async def run(dsn: str) -> int:
        async with _db(dsn) as db:
            return await accounts.add_user(
                db,
                asked.name,
                asked.full_name,
                password,
                asked.role,
                asked.group,
                now=Clock().now(),
            )

    print(f"{asked.name} has associate id {_with_database(settings, run)}.")


def _user_list(settings: Settings, _: argparse.Namespace) -> None:
    async def run(dsn: str) -> list[accounts.UserSummary]:
        async with _db(dsn) as db:
            return await accounts.list_users(db)

    for user in _with_database(settings, run):
        state = "deleted" if user.deleted else user.role or "no role"
        print(
            f"{user.associate_id:>6}  {user.name:<20} {user.full_name:<28} {state:<14} {user.group}"
        )


def _user_password(settings: Settings, asked: argparse.Namespace) -> None:
    password = asked.password or _password()

    async def run(dsn: str) -> None:
        async with _db(dsn) as db:
            await accounts.set_password(db, asked.name, password, now=Clock().now())

    _with_database(settings, run)
    print(f"{asked.name} has a new password.")


def _user_token(settings: Settings, asked: argparse.Namespace) -> None:
    async def run(dsn: str) -> str:
        async with _db(dsn) as db:
            return await accounts.make_token(db, asked.name, Clock().now(), asked.days)

    print(_with_database(settings, run))


def _with_database(
    settings: Settings, run: Callable[[str], Coroutine[None, None, T]], *, may_create: bool = False
) -> T:
    from skranke import serving

    with serving.database(settings, may_create=may_create) as dsn:
        return asyncio.run(run(dsn))


@asynccontextmanager
async def _db(dsn: str) -> AsyncGenerator[Db]:
    """A connection to a database that is up to date."""
    async with database.single_connection(dsn) as db:
        await migrate(db)
        yield db


def _password() -> str:
    """Asked for at a terminal, else a line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


if __name__ == "__main__":
    main()
