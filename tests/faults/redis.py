"""A Redis that goes away, comes back empty, and runs full, always at the same address."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from scripts import services


class RestartableRedis:
    """A throw-away Redis on one port."""

    def __init__(self, folder: Path) -> None:
        self.port = str(services.free_port())
        self.url = f"redis://{services.HOST}:{self.port}/0"
        self.folder = folder
        self._running = ExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, empty."""
        program = services.required_program("redis-server", "Debian, Ubuntu: sudo apt install redis-server")
        command = [program, "--port", self.port, "--bind", services.HOST, "--save", "", "--appendonly", "no"]
        log = self.folder / "redis.log"
        started = services.running([*command, "--dir", str(self.folder)], log, folder=self.folder, owner={})
        server = self._running.enter_context(started)
        services.wait_until_up(server, self._client("ping"), log)

    def stop(self) -> None:
        """Stop it; what it held is gone."""
        self._running.close()

    def tell(self, *words: str) -> None:
        """Give it a command."""
        subprocess.run(self._client(*words), check=True, capture_output=True)

    def _client(self, *words: str) -> list[str]:
        client = services.required_program("redis-cli", "Debian, Ubuntu: sudo apt install redis-tools")
        return [client, "-h", services.HOST, "-p", self.port, *words]
