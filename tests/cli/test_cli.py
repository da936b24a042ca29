"""The command line, as somebody at a terminal or a script meets it."""

import builtins
import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from bundles import bundle, concept, encounter, episode, patient, status
from click.testing import CliRunner, Result

import carecontinuum as cc
from carecontinuum import cli
from carecontinuum.cli.app import app
from carecontinuum.cli.demo_records import treatment_plan
from carecontinuum.cli.output import console, hanging
from carecontinuum.codec import dumps
from carecontinuum.history import (
    Admitted,
    Discharged,
    PatientRecorded,
    Referred,
    TreatmentPlanRecorded,
)
from carecontinuum.records import Patient
from carecontinuum.stores import SqliteStore, StreamKey
from carecontinuum.testing.store_checks import invented_events
from invented import START, record as patient_record
from running import ROOT, run_python

RECORDED = ["--recorded-at", "2026-11-01T00:00:00+0000"]


def run(*arguments: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_demo_tells_the_whole_story_the_same_every_time() -> None:
    """The demo ends with the story, and a second telling is the same to the letter."""
    first, second = run("demo"), run("demo")
    assert first.exit_code == 0
    assert first.output == second.output
    expected = (Path(__file__).parent / "demo.txt").read_text(encoding="utf-8")
    assert first.output == expected


def test_programs_are_listed_with_their_sources() -> None:
    """The shipped programs are listed, each with version, purpose and sources."""
    result = run("programs")
    assert result.exit_code == 0
    words = " ".join(result.output.split())
    for name in ("community", "asam-3", "asam-4", "teds", "vocabulary"):
        assert name in words
    assert "American Society of Addiction Medicine" in words


@pytest.mark.parametrize("name", ["community", "asam-3", "asam-4", "teds"])
def test_a_program_is_shown(name: str) -> None:
    """A shipped program is shown with its levels, routes and digest."""
    result = run("programs", name)
    assert result.exit_code == 0
    assert "sha256:" in result.output
    assert "Levels of care" in result.output
    if name == "community":
        assert "community.time-at-iop v1" in result.output
        assert "illustrative, not medical advice" in result.output


def test_an_unknown_program_is_refused() -> None:
    """An unknown name exits with 1 and says what exists."""
    result = run("programs", "nothing")
    assert result.exit_code == 1
    assert "CC232" in result.stderr
    assert "community" in result.stderr


GOOD = ROOT / "src" / "carecontinuum" / "library" / "programs" / "community.toml"


def test_check_of_a_good_program() -> None:
    """A program without problems exits with 0, and what is proved of it is said."""
    result = run("check", "--strict", GOOD)
    assert result.exit_code == 0
    assert f"{GOOD}: no problems\n" in result.output
    assert "ungoverned" in result.output
    assert "exhaustive: " in result.output
    assert "graph: 7 levels of the map\n" in result.output


def test_check_lists_every_problem_at_once(tmp_path: Path) -> None:
    """A broken program exits with 1 and lists every problem with its path."""
    text = GOOD.read_text(encoding="utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(
        text.replace('to = "inpatient"', 'to = "moon"', 1)
        .replace("days_at_level >= 14", "days_at_level >=")
        .replace('setting = "community"', 'setting = "orbit"'),
        encoding="utf-8",
    )
    result = run("check", broken, GOOD)
    assert result.exit_code == 1
    assert "no problems" in result.output
    data: Any = json.loads(run("check", "--json", broken).output)
    checked = data["files"][str(broken)]
    assert checked["report"] is None
    paths = [problem["path"] for problem in checked["problems"]]
    assert paths
    for path in paths:
        assert path in result.output


def test_check_of_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that cannot be read is a problem of that file, and the others are checked."""
    result = run("check", tmp_path / "missing.toml", GOOD)
    assert result.exit_code == 1
    assert "(whole file)" in result.output
    assert "no problems" in result.output


def changed(folder: Path, old: str, new: str) -> Path:
    """Write the good program with something else in it."""
    text = GOOD.read_text(encoding="utf-8")
    assert old in text
    file = folder / "changed.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_check_fails_on_an_error_that_is_proved(tmp_path: Path) -> None:
    """A program that is well formed but has a fault exits with 1; the witness is shown."""
    never = changed(tmp_path, "days_at_level >= 14", "days_at_level >= 14 and days_at_level < 7")
    result = run("check", never)
    assert result.exit_code == 1
    words = " ".join(result.output.split())
    assert "2 error" in words
    assert "closed-route" in words
    assert "witness:" in words
    data: Any = json.loads(run("check", "--json", never).output)
    assert data["files"][str(never)]["problems"] == []
    report = data["files"][str(never)]["report"]
    assert report["program"]["id"] == "community"
    assert report["findings"][0]["severity"] == "error"
    assert report["findings"][0]["witness"]["type"] == "cases"
    assert {proof["method"] for proof in report["methods"]} == {"exhaustive", "graph"}


def test_check_fails_on_warnings_when_strict(tmp_path: Path) -> None:
    """A warning is shown and exits with 0, and with 1 when asked to be strict."""
    wide = changed(
        tmp_path, "withdrawal_risk <= 1", "withdrawal_risk <= 1 and withdrawal_risk <= 4"
    )
    result = run("check", wide)
    assert result.exit_code == 0
    assert "threshold-out-of-range" in result.output
    assert run("check", "--strict", wide).exit_code == 1


def test_check_compares_versions_by_their_dates(tmp_path: Path) -> None:
    """Two versions of one program that apply at once are an error between the files."""
    other = changed(tmp_path, 'version = "1"', 'version = "2"')
    result = run("check", GOOD, other)
    assert result.exit_code == 1
    assert "between the versions: 1 error" in result.output
    assert "effective-overlap" in result.output
    data: Any = json.loads(run("check", "--json", GOOD, other).output)
    assert [finding["code"] for finding in data["versions"]] == ["effective-overlap"]
    assert run("check", GOOD, GOOD).exit_code == 0


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Give a file with told and inferred episodes, problems, check-ups and misfits."""
    named: dict[str, Any] = {"subject": {"reference": "Patient/lee-sample"}}
    check_up = encounter("s-5", "x", "2026-01-01", "2026-01-01")
    check_up["type"] = [concept("185349003", "http://snomed.info/sct", "Encounter for check up")]
    file = tmp_path / "export.json"
    others = [{"resourceType": f"Kind{n}", "id": f"k-{n}"} for n in range(20)]
    file.write_bytes(
        bundle(
            patient(),
            patient("lee-sample"),
            episode(
                status("planned", "2026-01-01", "2026-01-14"),
                status("active", "2026-01-15", "2026-02-20"),
                status="finished",
            ),
            episode(period={"start": "2026-05-01"}, id="e-2", status="planned"),
            encounter(
                "s-1", "H0010", "2026-03-01T10:00:00-05:00", "2026-03-04T10:00:00-05:00", **named
            ),
            encounter("s-2", "H2036", "2026-03-05", "2026-04-04", **named),
            encounter(
                "s-3",
                "x",
                "2026-04-05",
                **{
                    **named,
                    "type": [concept("aftercare", "urn:carecontinuum:level:community")],
                    "status": "in-progress",
                },
            ),
            encounter("s-4", "H0015", "soon", **named),
            check_up,
            *others,
        )
    )
    return file


def test_templates_are_listed_and_printed(tmp_path: Path) -> None:
    """A template is printed as it is shipped, and is a program file without problems."""
    assert run("template").output.split() == ["seven-dimensions.csv", "seven-dimensions.toml"]
    file = tmp_path / "own.toml"
    file.write_text(run("template", "seven-dimensions.toml").output, encoding="utf-8")
    assert run("check", file).exit_code == 0
    assert run("template", "nine.toml").exit_code == 1


def test_schemas_are_listed_and_printed() -> None:
    """Every kind that is listed has a JSON Schema of that kind; another one is wrong usage."""
    names = run("schema").output.split()
    assert names == ["event", "record", "decision", "program"]
    for name in names:
        schema = json.loads(run("schema", name).output)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["title"].startswith(f"carecontinuum {name}, schema ")
    assert run("schema", "nothing").exit_code == 2


def test_versions_are_compared(tmp_path: Path) -> None:
    """What differs is listed with facts, as text or JSON, and the exit code tells."""
    text = run("template", "seven-dimensions.toml").output
    before, after = tmp_path / "before.toml", tmp_path / "after.toml"
    before.write_text(text, encoding="utf-8")
    after.write_text(text.replace("dimension_a >= 4", "dimension_a >= 3"), encoding="utf-8")
    same = run("compare", before, before)
    assert same.exit_code == 0
    assert "no difference" in same.output
    differs = run("compare", before, after)
    assert differs.exit_code == 1
    assert "`residential` becomes `inpatient` where dimension_a = 3" in differs.output
    listed = json.loads(run("compare", before, after, "--json").output)
    assert {change["after"] for change in listed["placements"]} == {"inpatient"}
    assert run("compare", before, tmp_path / "nothing.toml").exit_code == 1


def test_programs_may_name_instruments_of_ones_own(tmp_path: Path) -> None:
    """A program that names an instrument of one's own is read only where that is given."""
    text = run("template", "seven-dimensions.toml").output
    source = '{ kind = "instrument-score", instrument = "own-scale", within_days = 30 }'
    fact = f'[[facts]]\nid = "stress"\ntype = "count"\nhi = 3\nsource = {source}\n\n'
    file, scale, record = tmp_path / "own.toml", tmp_path / "scale.toml", tmp_path / "p-1.json"
    file.write_text(text.replace("[[facts]]", fact + "[[facts]]", 1), encoding="utf-8")
    scale.write_text(_SCALE, encoding="utf-8")
    record.write_text(dumps(cc.PatientRecord.of("p-1")), encoding="utf-8")
    commands = (
        ("check", file),
        ("compare", file, file),
        ("record", record, "--program", file),
    )
    for command in commands:
        assert run(*command, "--instrument", scale).exit_code == 0
        refused = run(*command)
        assert refused.exit_code == 1
        assert "own-scale" in refused.output
        scale_is_none = run(*command, "--instrument", file)
        assert scale_is_none.exit_code == 1
        assert "CC142" in scale_is_none.output


_SCALE = """
format = 1
id = "own-scale"
edition = "2026"
title = "A scale, an invented one"
rights = "our own"
citations = ["A handbook, invented"]
values = [0, 1, 2, 3]

[[items]]
id = "sleep"
label = "lies awake"

[[totals]]
id = "total"
"""


def test_import_shows_episodes_and_what_was_not_understood(export: Path) -> None:
    """An import shows stays, statuses, problems, check-ups and the rest, and exits with 0."""
    result = run("import", "fhir", export, *RECORDED)
    assert result.exit_code == 0, result.output
    for text in (
        "2 patients, 3 episodes of care",
        "residential or php or iop",
        "2026-03-01 10:00",
        "still there",
        "inferred",
        "told",
        "no stay",
        "Statuses of episode 1",
        "2026-01-14",
        "1 problem",
        "unreadable-date",
        "185349003",
        "Not understood:",
        "more kinds; `--json` lists all of them",
    ):
        assert text in result.output


def test_a_short_account_is_shown_whole(tmp_path: Path) -> None:
    """What was not understood is shown whole where it is little."""
    file = tmp_path / "small.json"
    file.write_bytes(bundle(patient(name=[{"family": "Sample"}])))
    result = run("import", "fhir", file, *RECORDED)
    assert "Patient.name" in result.output
    assert "more kind" not in result.output


def test_import_as_json(export: Path) -> None:
    """For machines an import is JSON, the same at the same moment of recording."""
    result = run("import", "fhir", export, "--json", *RECORDED)
    assert result.exit_code == 0
    data: Any = json.loads(result.output)
    assert len(data["patients"]) == 2
    assert run("import", "fhir", export, "--json", *RECORDED).output == result.output
    now: Any = json.loads(run("import", "fhir", export, "--json").output)
    assert now["patients_in_input"] == 2


def test_import_with_a_program_and_map_of_ones_own(export: Path, tmp_path: Path) -> None:
    """A program file and a code map file take the place of the shipped ones."""
    codes = tmp_path / "codes.toml"
    codes.write_text('id = "none"\nversion = "1"\n', encoding="utf-8")
    result = run("import", "fhir", export, "--program", GOOD, "--code-map", codes, *RECORDED)
    assert result.exit_code == 0
    assert "code not mapped" in result.output


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "CC600"), (b"nothing", "CC600"), (b"{}", "CC601")],
)
def test_import_of_what_is_no_fhir(tmp_path: Path, content: bytes, code: str) -> None:
    """Input that cannot be used exits with 1 and a line on standard error."""
    file = tmp_path / "input.json"
    file.write_bytes(content)
    result = run("import", "fhir", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert code in result.stderr
    assert "Traceback" not in result.stderr


def test_wrong_usage_exits_with_2() -> None:
    """An unknown command or a missing argument is wrong usage."""
    assert run("fly").exit_code == 2
    assert run("check").exit_code == 2
    assert run("import", "fhir").exit_code == 2


def test_version_and_help() -> None:
    """The version and the help are there."""
    assert "0.1.0" in run("--version").output
    assert "Exit codes" in run("-h").output


def test_every_sample_imports(samples: Path) -> None:
    """Each real input imports with exit code 0."""
    for file in sorted((samples / "synthea_r4").glob("*.json")):
        assert run("import", "fhir", file).exit_code == 0


MODULES = ["carecontinuum", "carecontinuum.cli"]


@pytest.mark.parametrize("module", MODULES)
def test_the_command_runs_as_a_module(module: str) -> None:
    """`python -m carecontinuum` is the command, and so is `python -m carecontinuum.cli`."""
    done = run_python("-m", module, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0.1.0" in done.stdout


@pytest.mark.parametrize("module", MODULES)
def test_a_module_without_the_extra_says_what_to_install(module: str, tmp_path: Path) -> None:
    """Where `click` is not installed, `python -m` says so as the command does, and exits with 1."""
    script = tmp_path / "without.py"
    script.write_text(
        "import runpy, sys\n"
        "sys.modules['click'] = None\n"
        "runpy.run_module(sys.argv[1], run_name='__main__')\n",
        encoding="utf-8",
    )
    done = run_python(script, module)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "carecontinuum: the command line needs `click`; "
        "install it with `pip install 'carecontinuum[cli]'`\n"
    )


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_a_missing_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command names what is missing and how to get it."""
    real = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name == "carecontinuum.cli.app":
            raise ModuleNotFoundError(name=missing)
        return real(name, *given, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SystemExit, match=r"pip install 'carecontinuum\[cli\]'"):
        cli.main()


def test_another_missing_module_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of our own that is missing is no missing extra."""
    real = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name == "carecontinuum.cli.app":
            raise ModuleNotFoundError(name="carecontinuum.something")
        return real(name, *given, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModuleNotFoundError):
        cli.main()


def test_main_runs_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The installed script runs the command."""
    monkeypatch.setattr("sys.argv", ["carecontinuum", "--version"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 0
    assert "carecontinuum" in capsys.readouterr().out


def test_terminals_keep_their_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal is printed to in its own width, a pipe in a fixed one."""
    assert console().width == 100
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "77")
    assert console().width == 77


def test_long_lines_hang() -> None:
    """What does not fit hangs deeper than the line it belongs to."""
    assert hanging("  aaa bbb ccc\nd", 10) == "  aaa bbb\n      ccc\nd"


def kept(path: Path, count: int = 3) -> Path:
    """Make a store with a stream."""
    with SqliteStore(path) as store:
        store.append(StreamKey("north", "p-1"), invented_events(count), expected_version=0)
    return path


def test_a_store_is_verified_backed_up_and_restored(tmp_path: Path) -> None:
    """A store verifies, its backup does, and a restored one holds the same histories."""
    file = kept(tmp_path / "care.db")
    assert "1 streams verified" in run("store", "verify", file).output
    assert run("store", "backup", file, tmp_path / "copy.db").exit_code == 0
    assert run("store", "restore", tmp_path / "copy.db", tmp_path / "new.db").exit_code == 0
    with SqliteStore(file) as store, SqliteStore(tmp_path / "new.db") as new:
        assert list(new.heads()) == list(store.heads())
    assert run("store", "backup", file, tmp_path / "copy.db").exit_code == 1
    assert run("store", "verify", tmp_path / "nothing.db").exit_code == 1
    assert not (tmp_path / "nothing.db").exists()


def test_a_store_that_was_changed_is_told(tmp_path: Path) -> None:
    """A changed event and a tail cut off are listed; a damaged backup is not restored."""
    file = kept(tmp_path / "care.db")
    heads = tmp_path / "heads.json"
    heads.write_text(run("store", "heads", file).output, encoding="utf-8")
    assert "against 1 heads" in run("store", "verify", file, "--heads", heads).output
    connection = sqlite3.connect(file)
    connection.execute("DROP TRIGGER events_last")
    connection.execute("DELETE FROM events WHERE version = 3")
    connection.commit()
    assert run("store", "verify", file).exit_code == 0
    told = run("store", "verify", file, "--heads", heads, "--json")
    assert told.exit_code == 1
    assert [fault["code"] for fault in json.loads(told.output)["faults"]] == ["cut"]
    connection.execute("DROP TRIGGER events_stay")
    connection.execute("UPDATE events SET body = body || ' '")
    connection.commit()
    connection.close()
    assert "changed" in run("store", "verify", file).output
    assert run("store", "restore", file, tmp_path / "new.db").exit_code == 1
    copied = run("store", "backup", file, tmp_path / "copy.db")
    assert (copied.exit_code, "2 faults" in copied.output) == (1, True)
    heads.write_text("[1]", encoding="utf-8")
    assert run("store", "verify", file, "--heads", heads).exit_code == 1


HEAD = {"tenant": "north", "patient_id": "p-1", "version": 3, "hash": "0" * 64}
NO_HEADS = [
    {},
    "",
    [],
    [1],
    [{}],
    HEAD,
    [HEAD | {"version": 3.0}],
    [HEAD | {"version": True}],
    [HEAD | {"version": 0}],
    [HEAD | {"version": 10**22}],
    [HEAD | {"version": float("inf")}],
    [HEAD | {"tenant": None}],
    [HEAD | {"tenant": ["north"]}],
    [HEAD | {"patient_id": "\ud800"}],
    [HEAD | {"hash": 7}],
    [HEAD | {"more": 1}],
]


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b"",
        b'[{"version": 1e400}]',
        *(json.dumps(item).encode() for item in NO_HEADS),
    ],
)
def test_what_is_no_file_of_heads_is_told(tmp_path: Path, content: bytes | None) -> None:
    """Missing, binary, nested for ever, or something else: one line says what is wrong."""
    file, heads = kept(tmp_path / "care.db"), tmp_path / "heads.json"
    if content is not None:
        heads.write_bytes(content)
    for given in (heads, tmp_path):
        result = run("store", "verify", file, "--heads", given)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)
        assert result.output.startswith("Error: CC")
        assert len(result.output.splitlines()) == 1


def test_long_ids_leave_room_for_what_is_wrong(tmp_path: Path) -> None:
    """Columns of long ids are folded, and what a terminal would obey is written out."""
    file = tmp_path / "care.db"
    tenant, name = "5" * 36, "3" * 30 + "\x1b[31m\x9b"
    with SqliteStore(file) as store:
        events = invented_events(2, patient_id=name)
        store.append(StreamKey(tenant, name), events, expected_version=0)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER events_last")
        connection.execute("DELETE FROM events WHERE version = 1")
        connection.commit()
    told = run("store", "verify", file)
    assert told.exit_code == 1
    for word in ("version", "code", "missing", "the first event", r"\x1b"):
        assert word in told.output
    assert "\x1b" not in told.output
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET tenant = CAST(x'ff' AS TEXT)")
        connection.commit()
    plain = json.loads(run("store", "verify", file, "--json").output)
    assert (plain["streams"], [fault["code"] for fault in plain["faults"]]) == (
        None,
        ["unreadable"],
    )


def test_nothing_to_verify_is_told(tmp_path: Path) -> None:
    """A store without any stream is not called verified."""
    file = tmp_path / "care.db"
    SqliteStore(file).close()
    told = run("store", "verify", file)
    assert (told.exit_code, "no stream to verify" in told.output.replace("\n", " ")) == (0, True)
    kept(file)
    told = run("store", "verify", file, "--json")
    assert json.loads(told.output) == {"streams": 1, "heads": 0, "faults": []}


@pytest.mark.parametrize("command", [["verify"], ["heads"], ["migrate"], ["backup", "restore"]])
def test_an_emptied_store_is_none(tmp_path: Path, command: list[str]) -> None:
    """A file that has lost all it held is not taken for a store that is new."""
    file = tmp_path / "care.db"
    file.touch()
    for name in command:
        to = [tmp_path / "to.db"] if len(command) > 1 else []
        result = run("store", name, file, *to)
        assert result.exit_code == 1
        assert "empty" in result.output
        assert file.stat().st_size == 0
    assert "is no file" in run("store", "verify", tmp_path).output.replace("\n", " ")


def test_a_long_record_is_shown(tmp_path: Path) -> None:
    """A record may be longer than a program, and may begin with a byte-order mark."""
    file = tmp_path / "p-1.json"
    text = dumps(patient_record((Admitted(level="iop"), 0), *[(Referred(), 1)] * 5_000))
    assert len(text) > 1_048_576
    file.write_text("\N{BYTE ORDER MARK}" + text, encoding="utf-8")
    assert "Episode e-1: active" in run("record", file).output
    missing = run("record", tmp_path / "none.json")
    assert "program" not in missing.output
    assert "cannot be opened" in missing.output


def written(path: Path, *told: tuple[object, float]) -> Path:
    """Write the record of an invented patient to a file."""
    path.write_text(dumps(patient_record(*told)), encoding="utf-8")  # type: ignore[arg-type]
    return path


def test_a_record_is_shown_on_one_page(tmp_path: Path) -> None:
    """Where, since when, plan and contact, what is due and the ways on are shown, and not who."""
    who = PatientRecorded(patient=Patient(id="p-1", name="Kim Sample"))
    file = written(
        tmp_path / "record.json",
        (Admitted(level="iop"), 0),
        (who, 1),
        (TreatmentPlanRecorded(plan=treatment_plan(date(2026, 3, 2))), 1),
    )
    shown = run("record", file, "--at", "2026-05-02T15:00:00+0000")
    assert shown.exit_code == 0, shown.output
    words = " ".join(shown.output.split())
    for expected in ("Intensive outpatient", "9.00 h a week", "step_down op", "plan-review"):
        assert expected in words
    assert "Kim" not in shown.output
    assert "Kim Sample, born not told" in run("record", file, "--identifying").output


def test_records_of_little_are_shown(tmp_path: Path) -> None:
    """An empty record, one off the map and one that has ended are shown for what they are."""
    empty = written(tmp_path / "empty.json")
    assert "No episode of care is recorded" in run("record", empty).output
    assert "patient p-1" in run("record", empty, "--identifying").output
    moon = written(tmp_path / "moon.json", (Admitted(level="moon"), 0))
    assert "moon" in run("record", moon).output
    ended = written(tmp_path / "ended.json", (Admitted(), 0), (Discharged(kind="death"), 2))
    shown = run("record", ended)
    assert "Nothing is due" in shown.output
    assert "Ways on" not in shown.output


def test_a_decided_level_says_why(tmp_path: Path) -> None:
    """The decision that led to the level is shown with its reasons."""
    outcome = cc.request(
        cc.PatientRecord.of("p-1"),
        cc.admit(to="detox"),
        program=cc.shipped_program("community"),
        episode_id="e-1",
        id="r",
        at=START,
        by="dr",
    )
    file = tmp_path / "record.json"
    file.write_text(dumps(outcome.record), encoding="utf-8")
    assert "admit to `detox`: permit" in " ".join(run("record", file).output.split())
    own = tmp_path / "own.toml"
    own.write_text(run("template", "seven-dimensions.toml").output, encoding="utf-8")
    assert "example-placement" in run("record", file, "--program", own).output
    file.write_text("{}", encoding="utf-8")
    assert run("record", file).exit_code == 1
