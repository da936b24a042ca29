"""Code maps: what codes may mean, and every problem of a map file."""

from pathlib import Path

import attrs
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


def test_a_levels_own_codings_place(tmp_path: Path) -> None:
    """The codes that a level has in outside systems mean it, unless the map says otherwise."""
    coding = cc.Coding(system="urn:state", code="IOP-7")
    levels = tuple(
        attrs.evolve(level, codings=(coding,)) if level.code in {"iop", "php"} else level
        for level in CONTINUUM.levels
    )
    continuum = attrs.evolve(CONTINUUM, levels=levels)
    placement = read(tmp_path, 'id = "x"\nversion = "1"\n').place([coding], continuum)
    assert placement is not None
    assert (placement.level, placement.candidates) == (None, ("php", "iop"))
    assert placement.meanings[0].source == "continuum `community` version 1"
    said = read(tmp_path, GOOD.replace("urn:riverside", "urn:state").replace("IOP-EVE", "IOP-7"))
    placement = said.place([coding], continuum)
    assert placement is not None
    assert placement.level == "iop"


def test_a_map_made_in_python_is_checked() -> None:
    """A map made without a file lists its problems like one from a file."""
    meaning = r4.CodeMeaning(system="", code="")
    with pytest.raises(r4.CodeMapInvalid) as caught:
        r4.CodeMap(id="", version="", meanings=(meaning, meaning))
    assert [problem.path for problem in caught.value.problems] == [
        "id",
        "version",
        "codes[0].system",
        "codes[0].code",
        "codes[1].system",
        "codes[1].code",
        "codes[1]",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = " + "[" * 100_000, "nested too deeply"),
        (GOOD.replace('"urn:riverside"', '["urn:riverside"]'), "a text is needed"),
    ],
)
def test_maps_that_only_look_like_maps(tmp_path: Path, text: str, says: str) -> None:
    """What TOML cannot hold, or a code map, is refused as ours."""
    with pytest.raises(r4.CodeMapInvalid, match=says):
        read(tmp_path, text)


def test_a_map_under_a_name_no_file_can_have() -> None:
    """A path that no file can have is refused like a missing map."""
    with pytest.raises(r4.CodeMapInvalid, match="no file can have this name"):
        r4.read_code_map(Path("a\0b.toml"))


def test_what_does_not_say_its_level_is_not_mapped() -> None:
    """An emergency admission, or a visit for a problem or a symptom, is in no code map."""
    found = r4.shipped_code_map("community")
    for code in ("50849002", "185347001", "185345009", "308335008"):
        coding = cc.Coding(system="http://snomed.info/sct", code=code)
        assert found.meaning(coding, CONTINUUM) is None


def test_every_code_the_map_is_for() -> None:
    """The shipped map holds the procedure and revenue codes that name a level of care."""
    found = r4.shipped_code_map("community")
    assert {meaning.code for meaning in found.meanings} == {
        *("H0010", "H0011", "H0012", "H0014", "H0015", "H0018", "H0019", "H0035", "H2036"),
        *("S0201", "S9480", "0126", "0905", "0906", "0912", "0913", "1001", "1002"),
        *("56876005", "185349003", "308646001"),
    }
