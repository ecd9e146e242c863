"""A real Dovecot on loopback: any name logs in with the password `test`."""

import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket
from time import monotonic, sleep, time

CONFIG = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
mail_home = {home}/home/%n
mail_fsync = never
stats_writer_socket_path =
passdb {{
  driver = static
  args = password=test
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/home/%n
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""
START_SECONDS = 30


class Dovecot:
    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port

    def append(self, name: str, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails into a folder, as a mail server would."""
        with self._client(name) as client:
            client.create(folder)
            for mail in mails:
                status, _ = client.append(folder, "", None, mail)
                assert status == "OK"

    def delete_all(self, name: str) -> None:
        with self._client(name) as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()

    def change_uid_validity(self, name: str) -> None:
        """Forget the UIDs of a mailbox, so that it begins anew.

        Dovecot takes the second for its new UIDVALIDITY, so another one must have begun.
        """
        while int(time()) <= (self.home / "mail" / name).stat().st_ctime + 1:
            sleep(0.1)
        for path in (self.home / "mail" / name).glob("dovecot*"):
            path.unlink()

    def _client(self, name: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=30)
        client.login(name, "test")
        return client


@contextmanager
def run_dovecot() -> Generator[Dovecot]:
    """Dovecot as an ordinary user, for as long as the block."""
    home = Path(tempfile.mkdtemp(prefix="skranke-dovecot-"))
    account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    group = subprocess.run(
        ["id", "-gn", account.pw_name], capture_output=True, text=True, check=True
    ).stdout.strip()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = home / "dovecot.conf"
    config.write_text(CONFIG.format(home=home, user=account.pw_name, group=group, port=port))
    for folder in ("run", "mail", "home"):
        (home / folder).mkdir()
    command = [shutil.which("dovecot") or "/usr/sbin/dovecot", "-F", "-c", str(config)]
    if os.getuid() == 0:
        shutil.chown(home, account.pw_name, group)
        for path in home.iterdir():
            shutil.chown(path, account.pw_name, group)
        ids = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        command = ["setpriv", *ids, *command]
    with subprocess.Popen(command) as process:
        try:
            end = monotonic() + START_SECONDS
            while not _answers(port):
                assert process.poll() is None, (home / "dovecot.log").read_text()
                assert monotonic() < end, "Dovecot does not answer"
                sleep(0.1)
            yield Dovecot(home, port)
        finally:
            process.terminate()
    shutil.rmtree(home, ignore_errors=True)


def _answers(port: int) -> bool:
    try:
        with create_connection(("127.0.0.1", port), timeout=1) as connection:
            return connection.recv(4) == b"* OK"
    except OSError:
        return False
