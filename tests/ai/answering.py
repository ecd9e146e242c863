"""An HTTP server that speaks chat completions, or anything else."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def about(self) -> dict[str, Any]:
        """What the user's turn asks about."""
        return msgspec.json.decode(self.body["messages"][1]["content"])


class Answering:
    """Keeps what it is asked and answers `says`, the words of a model.

    `raw` is the whole body instead, where it is set; `once` are such bodies that are
    answered first; who is `silent` says nothing.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.says = "{}"
        self.status = 200
        self.raw: bytes | None = None
        self.once: list[bytes] = []
        self.silent = False
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/"

    def say(self, **answer: object) -> None:
        self.says = msgspec.json.encode(answer).decode()

    async def serve(self, reader: asyncio.StreamReader, writer: Any) -> None:
        line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = dict(text.lower().split(": ", 1) for text in lines if text)
        body = await reader.readexactly(int(headers["content-length"]))
        self.asked.append(Asked(line, headers, msgspec.json.decode(body)))
        if self.silent:
            await reader.read()  # until who asked has gone
        else:
            writer.write(self._answer())
        writer.close()

    def _answer(self) -> bytes:
        turn = {"role": "assistant", "content": self.says, "refusal": None}
        usual = {"id": "1", "choices": [{"index": 0, "message": turn}], "model": "m"}
        raw = self.once.pop(0) if self.once else self.raw
        body = msgspec.json.encode(usual) if raw is None else raw
        head = f"HTTP/1.1 {self.status} Said\r\nLocation: /elsewhere\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def answering() -> AsyncGenerator[Answering]:
    """Such a server on a socket of its own."""
    answers = Answering()
    server = await asyncio.start_server(answers.serve, "127.0.0.1", 0)
    answers.port = server.sockets[0].getsockname()[1]
    async with server:
        yield answers
