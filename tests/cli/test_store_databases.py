"""`carecontinuum store` with the URL of a database."""

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from carecontinuum.cli.app import app
from carecontinuum.stores import SqliteStore, StreamKey
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events

KEY = StreamKey("north", "p-1")


def run(*arguments: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, ["store", *(str(argument) for argument in arguments)])


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the URL of an empty database."""
    return f"sqlite:///{tmp_path / 'care.db'}"


def test_a_database_is_migrated_and_verified(url: str, tmp_path: Path) -> None:
    """Tables are made, histories verify, and heads are printed; the URL is not repeated."""
    for command in ("verify", "heads"):
        assert "there is no file" in run(command, url).stderr
        assert not (tmp_path / "care.db").exists()
    assert run("migrate", f"sqlite:///{tmp_path / 'new.db'}").exit_code == 0
    sqlite3.connect(tmp_path / "care.db").close()
    assert "CC518" in run("verify", url).stderr
    assert run("migrate", url).output == "the database: has the latest format\n"
    with SqlStore(url) as store:
        store.append(KEY, invented_events(3), expected_version=0)
    told = run("verify", url)
    assert (told.exit_code, told.output) == (0, "the database: 1 streams verified\n")
    heads = tmp_path / "heads.json"
    heads.write_text(run("heads", url).output, encoding="utf-8")
    assert [head["version"] for head in json.loads(heads.read_text())] == [3]
    assert "against 1 heads" in run("verify", url, "--heads", heads).output


def test_a_file_is_brought_to_the_latest_format(tmp_path: Path) -> None:
    """A file is opened, which makes it or migrates it; one that is something else is left."""
    file = tmp_path / "care.db"
    for _ in range(2):
        assert run("migrate", file).exit_code == 0
        assert "no stream to verify" in run("verify", file).output
    empty = tmp_path / "empty.db"
    empty.touch()
    assert run("migrate", empty).exit_code == 1
    assert not empty.read_bytes()


def test_without_the_extra_a_database_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy it is said what to install."""
    monkeypatch.setitem(sys.modules, "carecontinuum.stores.sql", None)
    told = run("verify", url)
    assert told.exit_code == 1
    assert "carecontinuum[sql]" in told.stderr


def test_a_store_s_own_file_is_no_database(url: str, tmp_path: Path) -> None:
    """A file that a `SqliteStore` keeps gets no second store's tables."""
    with SqliteStore(tmp_path / "care.db") as store:
        store.append(KEY, invented_events(3), expected_version=0)
        for command in ("verify", "heads", "migrate"):
            told = run(command, url)
            assert told.exit_code == 1
            assert "name it without `sqlite:///`" in told.stderr
        assert list(store.verify()) == []
    (tmp_path / "care.db").write_bytes(b"no database at all" * 99)
    assert "CC514" in run("verify", url).stderr
    assert "CC519" in run("verify", "sqlite://").stderr


def test_a_url_with_a_wrong_port_is_not_repeated() -> None:
    """What is no URL is told without any of it."""
    told = run("verify", "postgresql://user:CANARY-1@host:CANARY-2/care")
    assert told.exit_code == 1
    assert "CC519" in told.stderr
    assert "CANARY" not in told.stderr


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:///file:none.db?mode=ro&uri=true"]
)
def test_a_database_that_is_not_there_is_told(url: str) -> None:
    """What answers nobody is told as such; no file is looked for, and none is made."""
    told = run("verify", url)
    assert told.exit_code == 1
    assert "CC512" in told.stderr
    assert not Path("none.db").exists()
