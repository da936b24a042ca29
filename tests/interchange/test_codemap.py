"""Code maps: what codes may mean, and every problem of a map file."""

from pathlib import Path

import pytest

import carecontinuum as cc
from carecontinuum.interchange.fhir import r4

CONTINUUM = cc.shipped_program("community").continuum
GOOD = """
id = "riverside"
version = "1"
citations = ["Riverside service catalogue"]

[[codes]]
system = "urn:riverside"
code = "IOP-EVE"
levels = ["iop"]
confidence = "certain"
source = "catalogue"
display = "Evening program"
"""


def read(tmp_path: Path, text: str) -> r4.CodeMap:
    """Read a code map from a text."""
    file = tmp_path / "map.toml"
    file.write_text(text, encoding="utf-8")
    return r4.read_code_map(file)


def test_a_map_of_ones_own(tmp_path: Path) -> None:
    """A code map says what each code may mean, how surely, and from where."""
    found = read(tmp_path, GOOD)
    placement = found.place([cc.Coding(system="urn:riverside", code="IOP-EVE")], CONTINUUM)
    assert placement is not None
    assert (placement.level, placement.candidates) == ("iop", ())
    assert placement.meanings[0].confidence is r4.Confidence.CERTAIN
    assert found.place([cc.Coding(code="IOP-EVE")], CONTINUUM) is None
    found.check(CONTINUUM)


def test_own_level_codes_need_no_entry(tmp_path: Path) -> None:
    """A level's own code, in the continuum's own system, means that level."""
    found = read(tmp_path, 'id = "x"\nversion = "1"\n')
    coding = cc.Coding(system=r4.level_system(CONTINUUM), code="op")
    placement = found.place([coding], CONTINUUM)
    assert placement is not None
    assert placement.level == "op"
    unknown = cc.Coding(system=r4.level_system(CONTINUUM), code="moon")
    assert found.place([unknown], CONTINUUM) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id = ", [("", "not-toml")]),
        ("", [("id", "not-text"), ("version", "not-text")]),
        (
            'id = 3\nversion = "1"\ncitations = 3\nodd = 1\ncodes = 3',
            [
                ("id", "not-text"),
                ("citations", "not-texts"),
                ("odd", "unknown-key"),
                ("codes", "not-tables"),
            ],
        ),
        (
            GOOD + '\n[[codes]]\nsystem = "urn:riverside"\ncode = "IOP-EVE"\nlevels = []\n',
            [("codes[1]", "repeated")],
        ),
        (
            GOOD + '\n[[codes]]\ncode = 3\nlevels = "iop"\nconfidence = "sure"\nodd = 1\n',
            [
                ("codes[1].odd", "unknown-key"),
                ("codes[1].system", "not-text"),
                ("codes[1].code", "not-text"),
                ("codes[1].levels", "not-texts"),
                ("codes[1].confidence", "unknown"),
            ],
        ),
    ],
)
def test_problems_of_a_map(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    """Every problem of a code map is listed at once, with its path."""
    with pytest.raises(r4.CodeMapInvalid) as caught:
        read(tmp_path, text)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == expected


def test_maps_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing map, and one that is not UTF-8, are refused."""
    with pytest.raises(r4.CodeMapInvalid, match="No such file"):
        r4.read_code_map(tmp_path / "missing.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(r4.CodeMapInvalid, match="not UTF-8"):
        r4.read_code_map(tmp_path / "bytes.toml")


@pytest.mark.parametrize("name", ["asam-3", "nothing", "../community", ""])
def test_maps_that_are_not_shipped(name: str) -> None:
    """A program without a shipped map is told so, and a path is no name."""
    with pytest.raises(r4.UnknownCodeMap):
        r4.shipped_code_map(name)


def test_the_shipped_map_is_for_its_program() -> None:
    """The shipped map names levels of its program only, each code with its source."""
    found = r4.shipped_code_map("community")
    found.check(CONTINUUM)
    assert all(meaning.source and meaning.display for meaning in found.meanings)


def test_a_map_for_another_program(tmp_path: Path) -> None:
    """A map that names unknown levels is refused with each of them."""
    found = read(tmp_path, GOOD.replace('["iop"]', '["moon", "mars"]'))
    with pytest.raises(r4.CodeMapInvalid) as caught:
        found.check(CONTINUUM)
    assert [problem.path for problem in caught.value.problems] == ["codes[0].levels"] * 2
