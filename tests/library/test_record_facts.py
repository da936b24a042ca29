"""Program files whose facts are read from records of care."""

from pathlib import Path

import pytest

import carecontinuum as cc
from carecontinuum.facts import HoursReceived, InstrumentBand, InstrumentScore
from carecontinuum.library import (
    ProgramFileInvalid,
    parse_instrument,
    parse_program,
    read_program,
    shipped_instrument,
)

TEXT = """
format = 1
id = "invented"
version = "1"
when_ungoverned = { default = "permit" }

[calendar]
zone = "America/New_York"

[continuum]
entry = ["iop"]
discharge_from = ["iop"]

[[levels]]
code = "iop"
display = "Intensive outpatient"
setting = "ambulatory"
intensity = 1

[[facts]]
id = "worry"
type = "count"
hi = 21
source = { kind = "instrument-score", instrument = "gad-7", within_days = 30 }

[[facts]]
id = "worry_trend"
type = "count"
lo = -21
hi = 21
source = { kind = "instrument-change", instrument = "gad-7" }

[[facts]]
id = "worry_band"
type = "choice"
codes = ["minimal", "mild", "moderate", "severe"]
source = { kind = "instrument-band", instrument = "gad-7", banding = "severity" }

[[facts]]
id = "hours"
type = "quantity"
unit = "h"
source = { kind = "hours-received", weeks = 2 }

[[facts]]
id = "hours_fit"
type = "flag"
source = { kind = "hours-fit-level", weeks = 2, age_group = "adolescent" }

[[facts]]
id = "missed"
type = "count"
source = "missed-in-a-row"

[[policies]]
id = "steady"
citation = "invented"
requires = "worry < 15 and worry_trend <= 0 and hours >= 9 h and hours_fit and missed < 3"
"""


def problems(old: str, new: str) -> list[tuple[str, str, str]]:
    """Give the problems of the text with one change."""
    assert TEXT.count(old) >= 1
    with pytest.raises(ProgramFileInvalid) as caught:
        parse_program(TEXT.replace(old, new, 1))
    return [(found.path, found.code, found.says) for found in caught.value.problems]


def test_a_file_names_what_its_facts_are_read_from() -> None:
    """The sources of a file are those that Python makes."""
    sources = parse_program(TEXT).sources
    gad = shipped_instrument("gad-7")
    assert sources["worry"] == InstrumentScore(instrument=gad, within_days=30)
    assert sources["worry_band"] == InstrumentBand(instrument=gad, banding="severity")
    assert sources["hours"] == HoursReceived(weeks=2)


def test_an_instrument_is_in_the_digest() -> None:
    """A program that reads another instrument, or reads it otherwise, has another digest."""
    texts = (
        TEXT,
        TEXT.replace("within_days = 30", "within_days = 31"),
        TEXT.replace('"gad-7", within', '"audit-c", within'),
        TEXT.replace("weeks = 2 }", "weeks = 3 }"),
    )
    digests = {parse_program(text).ref.digest for text in texts}
    assert len(digests) == len(texts)
    assert parse_program(TEXT).ref == parse_program(TEXT).ref


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        (
            '"gad-7", within',
            '"gad7", within',
            "facts[0].source.instrument",
            "did you mean `gad-7`?",
        ),
        ('instrument = "gad-7", within', "within", "facts[0].source.instrument", "name the"),
        ("hi = 21", "hi = 20", "facts[0].hi", "its instrument gives 0 to 21"),
        ("hi = 21", "lo = 1\nhi = 21", "facts[0].lo", "its instrument gives 0 to 21"),
        ("lo = -21\n", "", "facts[1].lo", "its instrument gives -21 to 21"),
        ('"mild", ', "", "facts[2].codes", "its instrument also gives `mild`"),
        (', banding = "severity"', "", "facts[2].source.banding", "name the banding"),
        ('"severity"', '"zones"', "facts[2].source", "no banding `zones`; it has `severity`"),
        ('unit = "h"', 'unit = "min"', "facts[3].unit", "the unit is `h`"),
        ("weeks = 2 }", "weeks = 0 }", "facts[3].source", "`weeks` is 1 or more"),
        (
            '"missed-in-a-row"',
            '{ kind = "missed-in-a-row", weeks = 1 }',
            "facts[5].source.weeks",
            "",
        ),
        ('type = "flag"', 'type = "count"', "facts[4].type", "gives a flag"),
    ],
)
def test_what_is_wrong_with_a_source_is_told(old: str, new: str, path: str, says: str) -> None:
    """A source that is named wrongly, or gives what its fact cannot take, is told."""
    found = [told for where, _, told in problems(old, new) if where == path]
    assert found
    assert says in found[0]


def test_a_band_needs_no_codes() -> None:
    """A choice without codes takes every band."""
    text = TEXT.replace('codes = ["minimal", "mild", "moderate", "severe"]\n', "")
    assert parse_program(text).sources["worry_band"] == parse_program(TEXT).sources["worry_band"]


def test_a_score_without_limits_takes_every_total() -> None:
    """A count without limits has room for what its instrument gives."""
    program = parse_program(TEXT.replace("hi = 21\n", "", 1))
    assert isinstance(program, cc.Program)


OWN = """
format = 1
id = "own-scale"
edition = "1"
values = [0, 1]

[[items]]
id = "rest"

[[totals]]
id = "total"
"""


def test_a_program_may_name_an_instrument_of_ones_own(tmp_path: Path) -> None:
    """An instrument that is given when the file is read can be named, and comes first."""
    own = parse_instrument(OWN)
    text = TEXT.replace('"gad-7", within', '"own-scale", within').replace("hi = 21", "hi = 1", 1)
    path = tmp_path / "program.toml"
    path.write_text(text, encoding="utf-8")
    read = read_program(path, instruments=[own])
    assert read == parse_program(text, instruments=[own])
    assert read.sources["worry"] == InstrumentScore(instrument=own, within_days=30)
    with pytest.raises(ProgramFileInvalid, match="no instrument `own-scale`"):
        read_program(path)
    mine = parse_instrument(OWN.replace("own-scale", "gad-7"))
    with pytest.raises(ProgramFileInvalid, match="has no banding `severity`"):
        parse_program(TEXT, instruments=[mine])
