"""A mail server for tests: takes every mail into memory or a file, and misbehaves on demand.

In a process of its own: `python -m tests.smtp_sink PORT FILE PAUSE` writes one line "Message-ID recipient" a mail.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(rb"<([^>]*)>")
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Mail:
    """One mail as taken."""

    recipient: str
    message_id: str
    content: bytes


@dataclass
class Sink:
    """What the server does: an answer to each recipient, an answer to each mail; None cuts, "" says nothing at all."""

    to_recipient: Callable[[str], str | None] = lambda _who: "250 ok"
    to_mail: Callable[[Mail], str | None] = lambda _mail: "250 ok"
    greeting: str | None = "220 sink"
    pause: float = 0  # seconds between taking a mail and saying so
    mails_a_line: int = 0  # then the server says goodbye; 0: never
    mails: list[Mail] = field(default_factory=list)
    lines: int = 0  # connections made

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client until it leaves."""
        self.lines += 1
        try:
            await self._say(writer, self.greeting)
            await self._dialogue(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, _CutError):
            pass
        finally:
            writer.close()

    async def _dialogue(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient, taken = "", 0
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                found = ADDRESS.search(line)
                recipient = found.group(1).decode() if found else ""
                await self._say(writer, self.to_recipient(recipient))
            elif word == b"DATA":
                await self._say(writer, "354 go on")
                mail = _mail(recipient, await reader.readuntil(b"\r\n.\r\n"))
                answer = self.to_mail(mail)
                if answer is None or not answer.startswith(("4", "5")):  # taken, whatever the client hears of it
                    self.mails.append(mail)
                    self.took(mail)
                    await asyncio.sleep(self.pause)
                await self._say(writer, answer)
                taken += 1
            elif word == b"MAIL" and self.mails_a_line and taken >= self.mails_a_line:
                await self._say(writer, "421 too many mails on this line")
                return
            elif word == b"QUIT":
                await self._say(writer, "221 bye")
                return
            else:
                await self._say(writer, "250 ok")

    def took(self, mail: Mail) -> None:
        """Hear of a mail at once."""

    async def _say(self, writer: asyncio.StreamWriter, words: str | None) -> None:
        if words is None:
            raise _CutError
        if words:
            writer.write(words.encode() + b"\r\n")
            await writer.drain()


class _CutError(Exception):
    """The server cuts the line."""


def _mail(recipient: str, content: bytes) -> Mail:
    found = MESSAGE_ID.search(content)
    return Mail(recipient, found.group(1).decode() if found else "", content)


@contextmanager
def serving(sink: Sink) -> Iterator[int]:
    """Run the server in a thread; yield its port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(sink.talk, "127.0.0.1", 0, limit=2**24))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@contextmanager
def mail_server(file: Path, *, pause: float = 0) -> Iterator[int]:
    """Run the server in a process of its own, which writes one line a mail into `file`; yield its port.

    It waits `pause` seconds between taking a mail and saying so.
    """
    file.touch()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.smtp_sink", str(port), str(file), str(pause)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            yield port
        finally:
            process.terminate()


class FileSink(Sink):
    """Writes each mail down before it answers: what the client was told is in the file."""

    def __init__(self, file: Path, pause: float) -> None:
        super().__init__(pause=pause)
        self._out = file.open("a", encoding="utf-8", buffering=1)

    def took(self, mail: Mail) -> None:
        """Write the line."""
        self._out.write(f"{mail.message_id} {mail.recipient}\n")
        self.mails.clear()


async def _main(port: int, file: Path, pause: float) -> None:
    server = await asyncio.start_server(FileSink(file, pause).talk, "127.0.0.1", port, limit=2**24)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
