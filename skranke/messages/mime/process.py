"""The parser in a process of its own, which may be killed.

A mail may take a parser longer than anybody waits, or more memory than there is. So
each mail is read in a child with a limit of processor time and of memory; a child that
breaks one dies alone. Children are kept for the next mail, and end with this process:
their input ends with it.
"""

import asyncio
import resource
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import msgspec

from skranke.messages.mime.parsed import MAX_MAIL_BYTES, ParsedMail
from skranke.messages.mime.parser import parse_mail

CPU_SECONDS = 10
WALL_SECONDS = 60.0  # of a machine that is busy with other things
MEMORY_BYTES = 1024 * 1024 * 1024
CHILDREN = 2
LENGTH = struct.Struct(">Q")
THREADS = ThreadPoolExecutor(CHILDREN, thread_name_prefix="mail-parser")
LOCAL = threading.local()


class ParserDied(Exception):
    """The parser was killed by a mail, or by a limit that the mail made it break."""


async def parse_in_child(data: bytes, memory: int = MEMORY_BYTES) -> ParsedMail:
    """A mail taken apart in a child of at most so many bytes of memory; ParserDied.

    A mail of more than MAX_MAIL_BYTES is refused in the same way.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(THREADS, _parse, data, memory)


def _parse(data: bytes, memory: int) -> ParsedMail:
    if len(data) > MAX_MAIL_BYTES:
        raise ParserDied(f"the mail has {len(data)} bytes, more than {MAX_MAIL_BYTES}")
    child: _Child | None = getattr(LOCAL, "child", None)
    if child is None or child.memory != memory or not child.is_alive():
        if child is not None:
            child.end()
        child = LOCAL.child = _Child(memory)
    return child.parse(data)


class _Child:
    """A process that reads mails, one after the other."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.process = subprocess.Popen(
            [sys.executable, "-m", "skranke.messages.mime.process", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def parse(self, data: bytes) -> ParsedMail:
        assert self.process.stdin
        assert self.process.stdout
        timer = threading.Timer(WALL_SECONDS, self.process.kill)
        timer.start()
        try:
            _write(self.process.stdin, data)
            answer = _read(self.process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            code = self.end()
            raise ParserDied(f"the parser ended with {code} at a mail of {len(data)} bytes")
        return msgspec.msgpack.decode(answer, type=ParsedMail)

    def end(self) -> int:
        """Let the process end, and what it ended with."""
        self.process.kill()
        with self.process:
            return self.process.wait()


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """One message; None where the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    data = pipe.read(size)
    return data if len(data) == size else None


def serve() -> None:
    """Read mails from standard input until it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (data := _read(sys.stdin.buffer)) is not None:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(usage.ru_utime + usage.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS + 1, resource.RLIM_INFINITY))
        _write(sys.stdout.buffer, msgspec.msgpack.encode(parse_mail(data)))
        del data


if __name__ == "__main__":
    serve()
