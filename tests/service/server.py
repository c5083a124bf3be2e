"""A service in a process of its own, that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

HERE = Path(__file__).parent


class Server:
    """`shenbao serve` on a port of its own; started again, it listens there again."""

    def __init__(
        self, data: Path, database: str | None, settings: str = "", reader: str = "stand-in"
    ) -> None:
        """With a `reader` other than the stand-in, the real one."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = data.parent / "server.log"
        toml = data.parent / "settings.toml"
        toml.write_text(settings, "utf-8")
        program = [str(HERE / "run_service.py")] if reader == "stand-in" else ["-m", "shenbao"]
        self._command = [
            *(sys.executable, *program, "serve", "--data", str(data)),
            *(("--database", database) if database else ()),
            *("--port", str(self.port), "--settings", str(toml)),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{self.url}/ready", timeout=5).raise_for_status()
                return
            except httpx.HTTPError:
                assert self._process.poll() is None, self.log
                assert time.monotonic() < until, self.log
                time.sleep(0.05)

    def kill(self) -> None:
        """As a machine that loses its power does it."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """As an administrator does it; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(30)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")
