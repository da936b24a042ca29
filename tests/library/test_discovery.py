"""Policies of installed packages: found when asked for, and all that is wrong is said at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from carecontinuum.library import InstalledPoliciesInvalid, discover_policies
from running import run_python

Install = Callable[..., None]

NEEDED = "a policy, or a function without arguments that gives one or several"
STEADY = """
import carecontinuum as cc

def made(id):
    return cc.requires(cc.Flag("stable"), id=id, citation="Acme handbook 1")

@cc.policy(id="acme.function", version="1", citation="Acme handbook 2")
def function(request, facts):
    return None

steady = made("acme.steady")

def one():
    return made("acme.one")

def several():
    yield made("acme.zebra")
    yield made("acme.ant")

def none():
    return []

def text():
    return "acme.text"

def raises():
    raise LookupError("no handbook " + "x" * 100)

def undecorated(request, facts):
    return None

class Own:
    ref = steady.ref
    on = reads = applies = definition = None

half = Own()
number = 4
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Give a function that installs a package of entry points into a folder on the path."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(name: str, entries: dict[str, str], code: str | None = STEADY) -> None:
        module = name.replace("-", "_")
        if code is not None:
            (tmp_path / f"{module}.py").write_text(code, encoding="utf-8")
        folder = tmp_path / f"{module}-1.2.dist-info"
        folder.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"
        (folder / "METADATA").write_text(metadata, encoding="utf-8")
        lines = [f"{key} = {module}:{value}" for key, value in entries.items()]
        text = "\n".join(["[carecontinuum.policies]", *lines, ""])
        (folder / "entry_points.txt").write_text(text, encoding="utf-8")

    return install


def problems() -> list[tuple[str, str, str]]:
    """Give every problem of what is installed."""
    with pytest.raises(InstalledPoliciesInvalid) as caught:
        discover_policies()
    return [(problem.path, problem.code, problem.says) for problem in caught.value.problems]


def test_nothing_installed_is_nothing_found() -> None:
    """Where no package offers policies there are none."""
    assert discover_policies() == {}


def test_policies_and_functions_that_give_them(install: Install) -> None:
    """An entry point is a policy, of a rule or a function, or gives one or several."""
    install("acme-one", {"a": "steady", "b": "function", "c": "one", "d": "several"})
    found = discover_policies()
    assert list(found) == ["acme.ant", "acme.function", "acme.one", "acme.steady", "acme.zebra"]
    assert all(policy.ref.id == id for id, policy in found.items())


@pytest.mark.parametrize(
    ("entry", "code", "says"),
    [
        ("none", "empty", "gives no policy; needed is at least one"),
        ("number", "wrong-type", "gives a `int`; needed is a policy"),
        ("text", "wrong-type", "gives a `str`; needed is a policy"),
        ("half", "wrong-type", "gives a `Own`; needed is a policy"),
        ("Own", "wrong-type", "gives a `Own`; needed is a policy"),
        ("raises", "raised", "raised `LookupError`: `no handbook xxx"),
        ("undecorated", "raised", "raised `TypeError`: `undecorated() missing 2 required"),
        ("absent", "raised", "raised `AttributeError`"),
    ],
)
def test_each_way_to_be_broken(install: Install, entry: str, code: str, says: str) -> None:
    """What gives no policy is a problem under its distribution, version and entry point."""
    install("acme-two", {"first": entry})
    [found] = problems()
    assert found[:2] == ("acme-two 1.2: first", code)
    assert found[2].startswith(says)
    assert len(found[2]) < 140


def test_all_that_is_wrong_is_said_at_once(install: Install) -> None:
    """Broken packages and repeated ids are listed together; none hides another."""
    install("acme-three", {"a": "steady", "b": "number"})
    install("acme-four", {"a": "steady"})
    install("acme-five", {"a": "steady"}, "raise RuntimeError('not here')\n")
    install("acme-six", {"a": "steady"}, None)
    assert problems() == [
        ("acme-five 1.2: a", "raised", "raised `RuntimeError`: `not here`"),
        ("acme-six 1.2: a", "raised", "raised `ModuleNotFoundError`: `No module named 'acme_six'`"),
        (
            "acme-three 1.2: a",
            "repeated",
            "policy `acme.steady` is there already, from acme-four 1.2: a",
        ),
        ("acme-three 1.2: b", "wrong-type", f"gives a `int`; needed is {NEEDED}"),
    ]


def test_the_error_names_what_has_the_problems(install: Install) -> None:
    """The message names distribution and entry point, and holds no other exception."""
    install("acme-seven", {"a": "raises"})
    with pytest.raises(InstalledPoliciesInvalid) as caught:
        discover_policies()
    text = str(caught.value)
    assert text.startswith("CC233: what installed packages offer has 1 problem\n")
    assert "acme-seven 1.2: a: raised `LookupError`" in text
    assert caught.value.__context__ is None


def test_importing_the_library_discovers_nothing(install: Install, tmp_path: Path) -> None:
    """A package's policies are not imported until they are asked for."""
    install("acme-eight", {"a": "steady"}, "raise SystemExit('imported')\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import carecontinuum as cc, carecontinuum.library\n"
        "cc.shipped_program('community')\n"
        "assert 'acme_eight' not in sys.modules\n"
        "print('quiet')\n"
    )
    done = run_python("-W", "error", "-c", code)
    assert (done.stdout, done.stderr) == ("quiet\n", "")
