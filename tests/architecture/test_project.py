"""What must hold of the project's own files."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from running import ROOT, run_python

FORBIDDEN = re.compile(
    "|".join(
        [
            "/wo" + "rk/",
            "/tm" + "p/bash",
            "/ro" + "ot/",
            r"pypi\." + "org",
            r"registry\." + "npmjs",
            r"deb\." + "debian",
            "sub" + "agent",
        ]
    )
)


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_files_speak_of_the_project_alone() -> None:
    """No tracked file names a path of somebody's machine or a registry's address."""
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in _tracked()
        if path.is_file()
        for match in FORBIDDEN.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="other Pythons print some signatures otherwise"
)
def test_public_api_is_the_snapshot() -> None:
    """A change of the public API is seen: run `make api` and add a changelog fragment."""
    done = run_python("tools/public_api.py")
    assert done.returncode == 0, done.stderr


def test_program_file_page_is_what_the_classes_say() -> None:
    """The page of the program file follows the classes it is read into."""
    done = run_python("tools/program_file_page.py")
    assert done.returncode == 0, done.stderr


def test_each_fragment_of_the_changelog_is_of_a_known_kind() -> None:
    """A fragment of another kind would be missing from the changelog, silently."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = {kind["directory"] for kind in told["tool"]["towncrier"]["type"]}
    found = {path.name for path in (ROOT / "changelog.d").iterdir()} - {"README.md"}
    assert [name for name in found if Path(name).stem.rpartition(".")[2] not in kinds] == []
