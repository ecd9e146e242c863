"""A desk opened: the rooms wired together; the only module that imports them all."""

import asyncio
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware

from skranke import __version__
from skranke.channels.mail.incoming import admin_routes as mail_admin
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.logs import redact
from skranke.core.settings import InvalidSetting, Settings
from skranke.db import database
from skranke.db.database import value
from skranke.db.faults import CONNECTION_ERRORS
from skranke.db.fitness import ConnectionPlan, check_schema, check_server
from skranke.db.migrate import migrate
from skranke.devtools.emulator import routes, seed_state
from skranke.http.openapi import discovery, swagger2, v3
from skranke.http.openapi.coverage import coverage
from skranke.http.page_errors import page_error
from skranke.http.server import HttpServer
from skranke.people.auth import sessions
from skranke.people.auth.sign_in import SignIn
from skranke.tickets.explain import routes as why
from skranke.web import routes as web

# The packages that publish operations, lists, jobs, subscribers and archive providers:
# each module of such a package that bears one of PLUGIN_MODULES's names is imported.
PACKAGES = (
    "core.jobs",
    "http.i18n",
    "archive",
    "archive.mdo",
    "archive.user_columns",
    "people",
    "people.companies",
    "people.consents",
    "people.deletion",
    "people.images",
    "people.merging",
    "people.persons",
    "people.reference_data",
    "people.users",
    "people.interface",
    "catalog.categories",
    "catalog.extra_fields",
    "catalog.priorities",
    "catalog.projects",
    "catalog.sales",
    "catalog.statuses",
    "catalog.tags",
    "catalog.ticket_types",
    "tickets",
    "tickets.log",
    "tickets.escalation",
    "tickets.replace",
    "messages",
    "messages.attachments",
    "messages.compose",
    "messages.drafts",
    "messages.files",
    "messages.reply_templates",
    "search",
    "ai",
    "channels.live",
    "channels.mail",
    "channels.mail.incoming",
    "channels.mail.service",
    "channels.notifications",
    "channels.webhooks",
    "actions.bulk",
    "actions.dashboard",
    "actions.merge_split",
    "actions.relations",
    "actions.relations.definitions",
    "actions.send",
    "actions.ticket_queue",
    "actions.trash",
    "actions.views",
)
PLUGIN_MODULES = ("archive", "events", "jobs", "lists", "operations", "outbox", "resources")


def _publish(package: str) -> None:
    """Import what a package publishes."""
    path = import_module(f"skranke.{package}").__path__
    for module in iter_modules(path, f"skranke.{package}."):
        if not module.ispkg and module.name.rpartition(".")[2] in PLUGIN_MODULES:
            import_module(module.name)


for _package in PACKAGES:
    _publish(_package)

DEFAULT_CONNECTIONS = 16  # of a process that nobody planned for
SMALL = 1024  # bytes of an answer below which compressing it saves nothing


async def prepare(dsn: str, settings: Settings) -> ConnectionPlan:
    """Bring a database up to date and, for a demo, fill it; how many connections it has.

    UnfitDatabase where this program can't run on it, InvalidSetting where the external
    one can't be reached.
    """
    with _reached(settings):
        async with database.single_connection(dsn) as db:
            is_pooled = database.without_pooler(dsn)[1]
            plan = await check_server(db, settings.workers, settings.pool, is_pooled=is_pooled)
            taken = await migrate(db)
            await check_schema(db)
            fresh = await value(db, bool, "SELECT NOT EXISTS (SELECT FROM associate)")
        if settings.demo and fresh:
            command = [sys.executable, "-m", "skranke.devtools.demo", dsn]
            await asyncio.to_thread(subprocess.run, command, check=True)
        if settings.emulator:
            async with database.single_connection(dsn) as db:
                if fresh or taken or not await seed_state.is_remembered(db):
                    await seed_state.remember(db)
    return plan


@contextmanager
def _reached(settings: Settings) -> Generator[None]:
    """A sentence that names the setting where the database can't be reached."""
    try:
        yield
    except (*CONNECTION_ERRORS, asyncpg.InvalidAuthorizationSpecificationError) as fault:
        if settings.database_url:
            raise InvalidSetting(
                f"SKRANKE_DATABASE_URL: the database can't be reached: {redact(str(fault))}"
            ) from fault
        raise
    except asyncpg.InvalidCatalogNameError as fault:
        raise InvalidSetting(f"SKRANKE_DATABASE_URL: {fault}; create it first") from fault


async def open_desk(dsn: str, settings: Settings) -> AppState:
    """The state of this process: connections, cache, clock.

    UnfitDatabase where a newer program has changed the schema beyond this one.
    """
    pool = await database.connect(dsn, size=settings.pool or DEFAULT_CONNECTIONS)
    async with pool.acquire() as db:
        await check_schema(db)
    return AppState(
        pool=pool,
        cache=ReferenceCache(),
        clock=Clock(),
        settings=settings,
        rng=Random(),  # noqa: S311 - draws whose turn it is, guards nothing
    )


def application(state: AppState) -> Any:
    """The ASGI application of a desk."""
    sign_in = SignIn(state)
    pages = Starlette(
        routes=[
            *routes.routes(state, coverage),
            *why.routes(state, sign_in),
            *mail_admin.routes(state, sign_in),
            *web.routes(state, sign_in),
            *sessions.routes(state, sign_in.with_password),
            *v3.routes(__version__),
            *swagger2.routes(__version__),
            *discovery.routes(__version__),
        ],
        exception_handlers={404: page_error, 405: page_error},
    )
    server = HttpServer(state, sign_in, pages)
    if state.settings.compress_answers:
        return GZipMiddleware(server, minimum_size=SMALL)
    return server
