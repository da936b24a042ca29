"""`carecontinuum store export` and `import`: one record out of a store, and into another."""

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

import carecontinuum as cc
from carecontinuum.cli.app import app
from carecontinuum.codec import dumps, loads
from carecontinuum.history import Moved, PatientRecorded
from carecontinuum.records import Patient
from carecontinuum.stores import SqliteStore, StreamKey
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events
from invented import event
from running import run_python

KEY = StreamKey("", "p-1")
NORTH = StreamKey("north", "p-1")
NAMED = event("who", PatientRecorded(patient=Patient(id="p-1", name="Zoë Sample")), 0)


def run(*arguments: str | Path) -> Result:
    """Run a command of the store."""
    return CliRunner().invoke(app, ["store", *(str(argument) for argument in arguments)])


def opened(where: str) -> SqliteStore | SqlStore:
    """Open what a path or a URL names."""
    return SqlStore(where) if "://" in where else SqliteStore(where)


@pytest.fixture(params=["file", "database"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty store: a SQLite file, or the URL of a database."""
    if request.param == "file":
        SqliteStore(tmp_path / "care.db").close()
        return str(tmp_path / "care.db")
    url = f"sqlite:///{tmp_path / 'database'}"
    with SqlStore(url) as store:
        store.migrate()
    return url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the record of an invented patient in a file."""
    path = tmp_path / "p-1.json"
    record = cc.PatientRecord.of("p-1", [NAMED, *invented_events(3)])
    path.write_text(dumps(record), encoding="utf-8")
    return path


def appended(where: str, key: StreamKey, *events: cc.Event) -> None:
    """Append events to a stream that is new."""
    with opened(where) as store:
        store.append(key, events, expected_version=0)


def test_a_record_goes_out_of_a_store_and_into_another(where: str, file: Path) -> None:
    """What was imported is exported to the letter; told again, nothing is new."""
    text = file.read_text(encoding="utf-8")
    shown = "the database" if "://" in where else where
    assert run("import", where, file).output == f"{shown}: 4 of 4 events were new\n"
    assert run("import", where, file).output == f"{shown}: 0 of 4 events were new\n"
    result = run("export", where, "p-1")
    assert (result.exit_code, result.stdout_bytes) == (0, f"{text}\n".encode())
    to = file.with_name("again.json")
    result = run("export", where, "p-1", "--output", to)
    assert (result.exit_code, result.output) == (0, f"{to}: written, 4 events\n")
    assert to.read_bytes() == f"{text}\n".encode()
    assert run("import", where, to, "--tenant", "north").exit_code == 0
    with opened(where) as store:
        assert store.load(NORTH) == store.load(KEY)
        assert list(store.verify()) == []


def test_an_export_is_utf_8_wherever_it_is_printed(where: str, file: Path) -> None:
    """A terminal or a pipe of another encoding gets the bytes that are read again."""
    run("import", where, file)
    script = file.with_name("as_ascii.py")
    script.write_text(
        "import io, sys\n"
        "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='ascii')\n"
        f"sys.argv = ['carecontinuum', 'store', 'export', {where!r}, 'p-1']\n"
        "from carecontinuum.cli import main\n"
        "main()\n",
        encoding="utf-8",
    )
    done = run_python("-X", "utf8", script)
    assert done.stdout.rstrip("\n") == file.read_text(encoding="utf-8")


def test_a_longer_record_adds_what_is_new(where: str, file: Path) -> None:
    """A record that goes on where the store stands is taken; one cut short adds nothing."""
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    short = file.with_name("short.json")
    short.write_text(json.dumps({**data, "events": data["events"][:2]}), encoding="utf-8")
    assert "2 of 2" in run("import", where, short).output
    assert "2 of 4" in run("import", where, file).output
    assert "0 of 2" in run("import", where, short).output


def test_histories_are_not_mixed(where: str, file: Path) -> None:
    """A stream with other events, or with another of the same id, stays as it is."""
    appended(where, KEY, event("other", Moved(level="op"), 0))
    result = run("import", where, file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: CC511: the store has other events of this patient than the file; "
        "nothing was written\n"
    )
    appended(where, NORTH, attrs.evolve(NAMED, note="another"))
    result = run("import", where, file, "--tenant", "north")
    assert (result.exit_code, "CC303" in result.stderr) == (1, True)
    with opened(where) as store:
        assert (store.version(KEY), store.version(NORTH)) == (1, 1)


def test_what_may_lack_something_is_not_imported(where: str, file: Path) -> None:
    """A record as of some moment is no whole one: a revocation may be in what was left out."""
    whole = loads(cc.PatientRecord, file.read_text(encoding="utf-8"))
    last = whole.events[-1].recorded_at
    for view in (whole.as_of(known=last), whole.as_of(occurred=last)):
        file.write_text(dumps(view), encoding="utf-8")
        result = run("import", where, file)
        assert (result.exit_code, "CC307" in result.stderr) == (1, True)
    with opened(where) as store:
        assert store.version(KEY) == 0


def test_an_unknown_patient_is_told(where: str, file: Path) -> None:
    """Where the store has no such patient, it says where to look, and writes no file."""
    appended(where, NORTH, *invented_events(2))
    to = file.with_name("to.json")
    result = run("export", where, "kim-sample", "--output", to)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: CC520: the store has no such patient; "
        "`carecontinuum store heads` lists those it has\n"
    )
    result = run("export", where, "p-1", "--output", to)
    assert result.exit_code == 1
    assert "CC520: this tenant has no such patient; there is one of `north`" in result.stderr
    appended(where, KEY, *invented_events(1))
    result = run("export", where, "p-1", "--output", to, "--tenant", "south")
    assert "there is one of `north`: see `--tenant`" in result.stderr
    assert not to.exists()
    found = run("export", where, "p-1", "--tenant", "north").output
    assert loads(cc.PatientRecord, found).version == 2


def test_a_file_is_written_whole_or_not_at_all(
    where: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is not overwritten, and a disk that refuses leaves nothing behind."""
    run("import", where, file)
    before = file.read_bytes()
    result = run("export", where, "p-1", "--output", file)
    assert (result.exit_code, file.read_bytes()) == (1, before)
    assert "there already; name a new one" in result.stderr
    result = run("export", where, "p-1", "--output", file.parent / "no-folder" / "to.json")
    assert result.exit_code == 1
    assert "cannot be written: no such file or directory" in result.stderr
    there = sorted(file.parent.iterdir())

    def full(_: int) -> None:
        raise OSError

    monkeypatch.setattr("os.fsync", full)
    result = run("export", where, "p-1", "--output", file.parent / "to.json")
    assert result.exit_code == 1
    assert "cannot be written: the disk refuses; nothing was written" in result.stderr
    assert sorted(file.parent.iterdir()) == there


def test_a_store_is_no_record(tmp_path: Path, file: Path) -> None:
    """Where a store is named in place of a record, it is said how to get a record out of it."""
    store = tmp_path / "care.db"
    SqliteStore(store).close()
    for command in (["record", store], ["store", "import", store, store]):
        result = CliRunner().invoke(app, [str(part) for part in command])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "it is a store of many records; `carecontinuum store export" in result.stderr
    assert "no SQLite file" in run("import", file, file).stderr
    assert "CC140" in run("import", store, tmp_path / "none.json").stderr
    assert "there is no file" in run("import", tmp_path / "none.db", file).stderr
    assert not (tmp_path / "none.db").exists()
