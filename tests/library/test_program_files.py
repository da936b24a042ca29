"""Program files: what they make, and every problem at once where its author finds it."""

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import When
from carecontinuum.errors import CareContinuumError
from carecontinuum.facts import SOURCES, LevelElsewhere, ReturnsToUse, StatedWithRequest
from carecontinuum.library import ProgramFileInvalid, ProgramFileUnreadable, UnknownProgram
from carecontinuum.library.facts import YIELDS
from carecontinuum.library.reading import MAX_BYTES
from carecontinuum.library.schema import SCHEMA_FILE, program_schema, schema_text
from carecontinuum.programs import Purpose

GOOD = """
format = 1
id = "riverside"
version = "1"

[calendar]
zone = "America/Chicago"

[continuum]
entry = ["iop"]
aftercare = "after"
discharge_from = "*"
leave_from = ["iop"]

[[levels]]
code = "iop"
display = "Intensive outpatient"
setting = "ambulatory"
intensity = 2
hours = [{ at_least = 9, less_than = 20, citation = "x" }]
codings = [{ code = "H0015", system = "urn:x" }]

[[levels]]
code = "op"
display = "Outpatient"
setting = "ambulatory"
intensity = 1

[[levels]]
code = "after"
display = "Aftercare"
setting = "community"
track = "recovery"
phase = "recovery"
intensity = 0

[[routes]]
from = "iop"
to = ["op", "after"]

[[routes]]
from = "op"
to = "iop"

[[facts]]
id = "days_at_level"
type = "count"
unit = "days"
source = "days-at-level"

[[facts]]
id = "risk"
type = "ordinal"
hi = 4
must_assess = true
source = { kind = "stated", asked_of = "a clinician" }

[[facts]]
id = "recent"
type = "count"
source = { kind = "returns-to-use", within_days = 30 }

[[facts]]
id = "stable"
type = "flag"

[[facts]]
id = "living"
type = "choice"
codes = ["home", "shelter"]

[[facts]]
id = "level"
type = "choice"
source = "level"

[[policies]]
id = "riverside.time"
on = ["step_down"]
requires = "days_at_level >= 14 and risk <= 1"
applies = 'level == "iop"'
citation = "illustrative"
overridable_by = ["physician"]

[[policies]]
id = "riverside.recent"
forbids = 'recent >= 1 or living == "shelter"'
says = "not after a recent return to use"
citation = "illustrative"

[when_ungoverned]
default = "undetermined"
return = "permit"
"""


def problems(text: str) -> list[tuple[str, str]]:
    """Give the problems of a program file."""
    with pytest.raises(ProgramFileInvalid) as caught:
        cc.parse_program(text)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def changed(*changes: tuple[str, str]) -> str:
    """Give the good file with some texts replaced, each of which must be there."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_good_file_makes_its_program() -> None:
    """A program file makes the program that it says."""
    program = cc.parse_program(GOOD)
    continuum = program.continuum
    assert (program.id, continuum.id, continuum.version) == ("riverside", "riverside", "1")
    assert program.purpose is Purpose.CARE
    assert continuum.discharge_from == ("iop", "op", "after")
    assert continuum.route_kind("iop", "after") is TransitionKind.AFTERCARE
    assert continuum.level("iop").hours[0].at_least == 9
    assert program.sources["recent"] == ReturnsToUse(within_days=30)
    assert program.sources["risk"] == StatedWithRequest(fact="risk", asked_of="a clinician")
    assert program.facts["risk"].must_assess
    assert program.when_ungoverned["return"] is cc.Verdict.PERMIT
    assert program.when_ungoverned["leave"] is cc.Verdict.UNDETERMINED
    assert [policy.ref.id for policy in program.policies] == ["riverside.time", "riverside.recent"]
    assert program.opaque == ()


def test_levels_elsewhere_are_named_in_the_file() -> None:
    """A fact of the levels of other episodes names the levels it looks for."""
    looked_for = 'source = { kind = "level-elsewhere", levels = ["op", "iop"] }'
    program = cc.parse_program(changed(('source = "level"', looked_for)))
    assert program.sources["level"] == LevelElsewhere(levels=("op", "iop"))


def test_all_the_rest_of_a_file() -> None:
    """Dates, licence, discharge kinds and reasons, calendar and map of their own are taken."""
    text = changed(
        ('id = "riverside"\n', 'id = "riverside"\npurpose = "vocabulary"\nnotice = "n"\n'),
        ("[continuum]\n", '[continuum]\nid = "map"\nversion = "7"\n'),
        (
            'zone = "America/Chicago"\n',
            'zone = "America/Chicago"\nweek_starts = "sunday"\nleave_counts = false\n',
        ),
        (
            "[when_ungoverned]",
            """
[effective]
from = 2026-01-01
until = 2027-01-01
[licence]
holder = "Riverside"
[[discharge_kinds]]
code = "done"
display = "Done"
needs = ["reason"]
[[discharge_reasons]]
code = "1"
display = "One"
[when_ungoverned]""",
        ),
    )
    program = cc.parse_program(text)
    assert (program.purpose, program.continuum.id, program.continuum.version) == (
        Purpose.VOCABULARY,
        "map",
        "7",
    )
    assert (program.calendar.week_starts, program.calendar.leave_counts) == (6, False)
    assert isinstance(program.effective.start, When)
    assert str(program.effective.start) == "2026-01-01"
    assert program.licence is not None
    assert program.licence.holder == "Riverside"
    assert [kind.code for kind in program.continuum.discharge_kinds] == ["done"]
    assert [reason.code for reason in program.continuum.discharge_reasons] == ["1"]


def test_order_and_spelling_of_the_file_change_no_digest() -> None:
    """A comment, a byte order mark or another order of keys makes the same program."""
    one = cc.parse_program(GOOD).ref
    assert cc.parse_program("\ufeff# a comment\n" + GOOD).ref == one
    moved = changed(('id = "riverside"\nversion = "1"', 'version = "1"\nid = "riverside"'))
    assert cc.parse_program(moved).ref == one


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([("format = 1", "format = 2")], [("format", "unknown-format")]),
        ([("format = 1\n", "")], [("format", "missing")]),
        ([("format = 1", 'format = "1"')], [("format", "wrong-type")]),
        ([('version = "1"', "version = 1")], [("version", "wrong-type")]),
        ([('id = "riverside"', 'id = ""')], [("id", "empty")]),
        ([('id = "riverside"', 'id = " riverside"')], [("id", "unusable-code")]),
        ([("intensity = 2", "intensity = 2.0")], [("levels[0].intensity", "wrong-type")]),
        ([("intensity = 2", "intensity = true")], [("levels[0].intensity", "wrong-type")]),
        (
            [("intensity = 2", "intensity = 9223372036854775808")],
            [("levels[0].intensity", "out-of-range")],
        ),
        ([("intensity = 2", "intensity = 2\nodd = 1")], [("levels[0].odd", "unknown-key")]),
        (
            [("intensity = 2", 'intensity = 2\n"odd key!" = 1')],
            [('levels[0]."odd key!"', "unknown-key")],
        ),
        ([("intensity = 2\n", "")], [("levels[0].intensity", "missing")]),
        (
            [('setting = "ambulatory"', 'setting = "orbit"')],
            [("levels[0].setting", "unknown-value")],
        ),
        ([('setting = "ambulatory"', "setting = 3")], [("levels[0].setting", "wrong-type")]),
        (
            [("at_least = 9", "at_least = 2026-01-01")],
            [("levels[0].hours[0].at_least", "wrong-type")],
        ),
        (
            [("at_least = 9", "at_least = 10:00:00")],
            [("levels[0].hours[0].at_least", "wrong-type")],
        ),
        (
            [("at_least = 9", "at_least = 2026-01-01T10:00:00")],
            [("levels[0].hours[0].at_least", "wrong-type")],
        ),
        ([("at_least = 9", "at_least = 21")], [("levels[0].hours[0]", "empty-band")]),
        (
            [("hours = [{", "hours = {x = [{"), ("}]\ncodings", "}]}\ncodings")],
            [("levels[0].hours", "wrong-type")],
        ),
        ([('entry = ["iop"]', 'entry = ["ipo"]')], [("continuum.entry[0]", "unknown-level")]),
        ([('entry = ["iop"]', "entry = 3")], [("continuum.entry", "wrong-type")]),
        ([('entry = ["iop"]', "entry = [3]")], [("continuum.entry[0]", "wrong-type")]),
        (
            [('aftercare = "after"', 'aftercare = "later"')],
            [("continuum.aftercare", "unknown-level")],
        ),
        (
            [('code = "op"', 'code = "iop"')],
            [("levels[1]", "repeated"), ("routes[0].to[0]", "unknown-level")],
        ),
        ([('to = ["op", "after"]', 'to = ["op", "moon"]')], [("routes[0].to[1]", "unknown-level")]),
        ([('from = "op"\nto = "iop"', 'from = "op"\nto = "op"')], [("routes[1]", "no-route")]),
        (
            [('from = "op"\nto = "iop"', 'from = "after"\nto = "iop"')],
            [("routes[1].kind", "kind-not-stated")],
        ),
        (
            [('from = "op"\nto = "iop"', 'from = "op"\nto = "iop"\nkind = "lateral"')],
            [("routes[1].kind", "contradicts-ranks")],
        ),
        ([("America/Chicago", "America/Chicagoo")], [("calendar.zone", "unknown-zone")]),
        ([("America/Chicago", "")], [("calendar.zone", "unknown-zone")]),
        (
            [
                ("[calendar]", "[effective]\nfrom = 9999-12-31\n[calendar]"),
                ("America/Chicago", "Etc/GMT+12"),
            ],
            [("effective.from", "out-of-range")],
        ),
        ([('type = "flag"', 'type = "flag"\nhi = 3')], [("facts[3].hi", "not-of-this-type")]),
        ([('id = "stable"', 'id = "Stable"')], [("facts[3]", "impossible-fact")]),
        ([('id = "stable"', 'id = "risk"')], [("facts[3].id", "repeated")]),
        (
            [('source = "days-at-level"', 'source = "days-at-levle"')],
            [("facts[0].source", "unknown-source")],
        ),
        ([('source = "days-at-level"', "source = 3")], [("facts[0].source", "wrong-type")]),
        (
            [('source = "days-at-level"', 'source = { kind = "x" }')],
            [("facts[0].source.kind", "unknown-source")],
        ),
        (
            [('source = "days-at-level"', 'source = { kind = "days-at-level", within_days = 3 }')],
            [("facts[0].source.within_days", "not-of-this-source")],
        ),
        (
            [("within_days = 30", "within_days = -1")],
            [("facts[2].source.within_days", "out-of-range")],
        ),
        (
            [('source = "level"', 'source = "level-elsewhere"')],
            [("facts[5].source.levels", "missing")],
        ),
        (
            [('source = "level"', 'source = { kind = "level-elsewhere", levels = ["iop", "p"] }')],
            [("facts[5].source.levels[1]", "unknown-level")],
        ),
        (
            [('source = "days-at-level"', 'source = "legal-status"')],
            [("facts[0].type", "wrong-type")],
        ),
        ([('unit = "days"', "hi = 3")], [("facts[0].hi", "limited")]),
        (
            [('source = "level"', 'source = "level"\ncodes = ["iop"]')],
            [("facts[5].codes", "limited")],
        ),
        ([("days_at_level >= 14", "days_at_levl >= 14")], [("policies[0].requires", "rule-text")]),
        ([("days_at_level >= 14", "days_at_level >=")], [("policies[0].requires", "rule-text")]),
        ([("and risk <= 1", "and")], [("policies[0].requires", "rule-text")]),
        ([('level == "iop"', 'level == "ipo"')], [("policies[0].applies", "rule-text")]),
        ([('level == "iop"', 'level == "i\\\\op"')], [("policies[0].applies", "rule-text")]),
        ([("requires = ", 'forbids = "stable"\nrequires = ')], [("policies[0]", "one-rule")]),
        ([('on = ["step_down"]', "on = []")], [("policies[0].on", "empty")]),
        ([('on = ["step_down"]', 'on = ["fly"]')], [("policies[0].on[0]", "unknown-value")]),
        ([('id = "riverside.recent"', 'id = "riverside.time"')], [("policies[1].id", "repeated")]),
        (
            [('citation = "illustrative"\noverr', 'citation = ""\noverr')],
            [("policies[0].citation", "empty")],
        ),
        (
            [('default = "undetermined"', 'default = "maybe"')],
            [("when_ungoverned.default", "unknown-value")],
        ),
        (
            [("[[levels]]", "[[levels]]\nx = 1\n[[levels]]")],
            [
                ("levels[0].x", "unknown-key"),
                ("levels[0].code", "missing"),
                ("levels[0].display", "missing"),
                ("levels[0].setting", "missing"),
                ("levels[0].intensity", "missing"),
            ],
        ),
        ([("[calendar]\n", "[[calendar]]\n")], [("calendar", "wrong-type")]),
        ([('code = "op"', 'code = "*"')], [("levels[1].code", "unusable-code")]),
        ([('code = "op"', 'code = "o\\u200bp"')], [("levels[1].code", "unusable-code")]),
        ([('display = "Outpatient"', 'display = ""')], [("levels[1].display", "empty")]),
        ([("at_least = 9", "at_least = nan")], [("levels[0].hours[0].at_least", "out-of-range")]),
        (
            [('leave_from = ["iop"]', 'leave_from = ["iop", "moon", "iop"]')],
            [("continuum.leave_from[1]", "unknown-level"), ("continuum.leave_from[2]", "repeated")],
        ),
        ([("[continuum]\n", '[continuum]\nid = ""\n')], [("continuum.id", "empty")]),
        (
            [("[continuum]\n", '[continuum]\nversion = " 2"\n')],
            [("continuum.version", "unusable-code")],
        ),
        (
            [('to = ["op", "after"]', 'to = ["op", "after"]\nkind = "leave"')],
            [("routes[0].kind", "not-a-move")],
        ),
        ([('to = ["op", "after"]', "to = []")], [("routes[0]", "no-route")]),
        ([('from = "op"\n', 'from = "*"\n')], [("routes[1].kind", "kind-not-stated")]),
        (
            [("hi = 4\n", 'hi = 4\nanchors = ["none"]\n')],
            [("facts[1]", "impossible-fact")],
        ),
        (
            [('codes = ["home", "shelter"]\n', ""), ('"shelter"', '"shel\u200bter"')],
            [("policies[1].forbids", "rule-text")],
        ),
        (
            [("[calendar]", "[effective]\nfrom = 2026-02-01\nuntil = 2026-01-01\n[calendar]")],
            [("effective.until", "empty-period")],
        ),
        (
            [("[calendar]", "[effective]\nfrom = 2026-02-01T00:00:00Z\n[calendar]")],
            [("effective.from", "wrong-type")],
        ),
        (
            [("[calendar]", '[licence]\nedition = "4"\n[calendar]')],
            [("licence.holder", "missing")],
        ),
        ([('return = "permit"', 'retrun = "permit"')], [("when_ungoverned.retrun", "unknown-key")]),
        ([('default = "undetermined"\n', "")], [("when_ungoverned.default", "missing")]),
    ],
)
def test_each_problem_has_its_path(
    changes: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    """Each fault of a file is found at the place where its author wrote it."""
    found = problems(changed(*changes))
    assert set(expected) <= set(found), found
    assert len(found) <= len(expected) + 2, found


def test_all_problems_are_listed_at_once() -> None:
    """A file with faults in every part lists all of them."""
    text = changed(
        ('entry = ["iop"]', 'entry = ["moon"]'),
        ("at_least = 9", "at_least = 99"),
        ('to = ["op", "after"]', 'to = ["op", "mars"]'),
        ("America/Chicago", "Mars/Base"),
        ('id = "stable"', 'id = "days_at_level"'),
        ("risk <= 1", "risk <= one"),
        ('id = "riverside.recent"', 'id = "riverside.time"'),
    )
    paths = {path for path, _ in problems(text)}
    assert {
        "continuum.entry[0]",
        "levels[0].hours[0]",
        "routes[0].to[1]",
        "calendar.zone",
        "facts[3].id",
        "policies[0].requires",
        "policies[1].id",
    } <= paths


def test_a_near_name_is_guessed() -> None:
    """A misspelt name is answered with the one that was probably meant."""
    with pytest.raises(ProgramFileInvalid, match="did you mean `iop`"):
        cc.parse_program(changed(('entry = ["iop"]', 'entry = ["ipo"]')))
    with pytest.raises(ProgramFileInvalid, match="did you mean `days_at_level`"):
        cc.parse_program(changed(("days_at_level >= 14", "days_at_levle >= 14")))


def test_a_broken_fact_is_told_once() -> None:
    """A rule that names a fact which is itself a problem is no second one."""
    found = problems(changed(('type = "ordinal"\nhi = 4', 'type = "ordinal"')))
    assert found == [("facts[1]", "impossible-fact")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("id = ", "not TOML"),
        ("id = 1\nid = 2", "not TOML"),
        ("x = " + "[" * 5_000, "nested too deep"),
        ("x = " + "9" * 5_000, "not TOML"),
        ("a" + ".a" * 300 + " = 1", "more than 200 dots"),
        ("x = '" + "x" * MAX_BYTES + "'", "longer than"),
        ("x = '\ud800'", "surrogate"),
    ],
    ids=["empty", "blank", "half", "twice", "deep", "digits", "dots", "long", "surrogate"],
)
def test_texts_that_are_no_file(text: str, says: str) -> None:
    """What cannot be read at all is refused at once, with the reason."""
    with pytest.raises(ProgramFileUnreadable, match=says):
        cc.parse_program(text)


def test_toml_errors_have_a_place() -> None:
    """A fault of the TOML itself has a line and a column."""
    with pytest.raises(ProgramFileUnreadable) as caught:
        cc.parse_program('id = "x"\nversion == 1')
    assert (caught.value.line, caught.value.column) == (2, 10)


def test_long_lists_are_refused() -> None:
    """A list longer than any program needs is refused, not walked."""
    text = changed(('entry = ["iop"]', f"entry = {json.dumps(['iop'] * 1_001)}"))
    assert ("continuum.entry", "too-many") in problems(text)


def test_more_routes_than_any_map_has_are_refused() -> None:
    """Routes are spelt out up to a limit, so that a short file fills no memory."""
    levels = "".join(
        f'[[levels]]\ncode = "{i}"\ndisplay = "x"\nsetting = "ambulatory"\nintensity = {i}\n'
        for i in range(110)
    )
    everywhere = levels + '[[routes]]\nfrom = "*"\nto = "*"\n[when_ungoverned]'
    assert ("routes[2]", "too-many") in problems(changed(("[when_ungoverned]", everywhere)))


def test_a_problem_of_many_pairs_is_told_once() -> None:
    """What is wrong with a route between lists of levels is said of one pair."""
    text = changed(('to = ["op", "after"]', 'to = ["op", "after"]\nkind = "step_up"'))
    assert problems(text) == [("routes[0].kind", "contradicts-ranks")]


def test_a_large_file_is_not_read_whole(tmp_path: Path) -> None:
    """A file of ten megabytes is refused for its length, wherever a character is cut."""
    file = tmp_path / "large.toml"
    file.write_bytes("é".encode() * 5_000_000)
    with pytest.raises(ProgramFileUnreadable, match="longer than 1048576 bytes"):
        cc.read_program(file)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder, bytes that are no text and an impossible name are refused."""
    (tmp_path / "bytes.toml").write_bytes(b"id = \xff")
    for path, says in (
        (tmp_path / "missing.toml", "no such file"),
        (tmp_path, "it is a folder"),
        (tmp_path / "bytes.toml", "byte 5 begins no character"),
        ("\0", "cannot be opened"),
    ):
        with pytest.raises(ProgramFileUnreadable, match=says):
            cc.read_program(path)


def test_files_are_read(tmp_path: Path) -> None:
    """A file makes what its text makes; its name is in its errors."""
    file = tmp_path / "riverside.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert cc.read_program(file) == cc.parse_program(GOOD)
    file.write_text(changed(("intensity = 2", "intensity = 'x'")), encoding="utf-8")
    with pytest.raises(ProgramFileInvalid, match=r"riverside\.toml"):
        cc.read_program(str(file))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Any text is refused as ours; nothing else happens."""
    with pytest.raises(CareContinuumError):
        cc.parse_program(text)


TABLES: dict[str, Any] = tomllib.loads(GOOD)


@given(st.data())
def test_any_change_of_a_value_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever value stands in place of another, the file is read or refused as ours."""
    from carecontinuum.library.building import program_of
    from carecontinuum.library.structuring import document_of

    tables = copy.deepcopy(TABLES)
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        keys = (
            node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        )
        for key in keys:
            places.append((node, key))
            walk(node[key])

    walk(tables)
    node, key = data.draw(st.sampled_from(places))
    value = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    node[key] = data.draw(
        value.filter(lambda v: v is not None) | st.sampled_from([[], {}, ["iop"]])
    )
    document = document_of(tables)
    if not isinstance(document, tuple):
        made = program_of(document)
        assert isinstance(made, (cc.Program, tuple))


# -------------------------------------------------------------------------------- shipped


def test_shipped_programs_are_there() -> None:
    """Each shipped program loads, once, and an unknown one names those that exist."""
    for name in cc.shipped_programs():
        program = cc.shipped_program(name)
        assert program.id == name
        assert program is cc.shipped_program(name)
        assert program.notice
        assert program.citations
    with pytest.raises(UnknownProgram, match="`community`"):
        cc.shipped_program("comunity")


def test_shipped_digests_are_pinned() -> None:
    """A shipped program that changes gets a new version, a changelog fragment and a new digest."""
    kept = json.loads((Path(__file__).parent / "digests.json").read_text(encoding="utf-8"))
    found = {
        name: {
            "version": cc.shipped_program(name).version,
            "digest": cc.shipped_program(name).ref.digest,
        }
        for name in cc.shipped_programs()
    }
    assert found == kept, (
        "a shipped program says something else: raise its `version`, add a changelog fragment of "
        f"kind `rules`, and keep in digests.json: {json.dumps(found, indent=2)}"
    )


def test_shipped_numbers_are_cited() -> None:
    """Every band of hours, and every policy, says where it comes from."""
    for name in cc.shipped_programs():
        program = cc.shipped_program(name)
        for level in program.continuum.levels:
            for band in level.hours:
                assert band.citation or level.citations, (name, level.code)
        for policy in program.policies:
            assert getattr(policy, "citation", ""), policy.ref


def test_nothing_licensed_is_shipped() -> None:
    """The programs named after criteria have no policies, and say whose the names are."""
    for name in ("asam-3", "asam-4"):
        program = cc.shipped_program(name)
        assert program.policies == ()
        assert "neither endorsed" in program.notice


def test_vocabularies_are_no_care() -> None:
    """TEDS is a vocabulary: its services and reasons have their codes."""
    teds = cc.shipped_program("teds")
    assert teds.purpose is Purpose.VOCABULARY
    assert [level.code for level in teds.continuum.levels] == list("12345678")
    assert [reason.code for reason in teds.continuum.discharge_reasons] == list("1234567")


def test_every_source_has_a_type() -> None:
    """A file can name every built-in source."""
    assert set(YIELDS) == set(SOURCES)


# --------------------------------------------------------------------------------- schema


def test_the_schema_is_what_the_classes_say() -> None:
    """The shipped schema is made from the classes: `python -m carecontinuum.library.schema`."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_schema_takes_what_is_shipped() -> None:
    """Every shipped program fits the schema, and a broken one does not."""
    schema = program_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    folder = SCHEMA_FILE.parent / "programs"
    for file in sorted(folder.glob("*.toml")):
        validator.validate(_plain(tomllib.loads(file.read_text(encoding="utf-8"))))
    validator.validate(_plain(TABLES))
    for key, value in (("format", 2), ("levels", {}), ("odd", 1)):
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**_plain(TABLES), key: value})


def _plain(tables: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(tables, default=str))
    return plain
