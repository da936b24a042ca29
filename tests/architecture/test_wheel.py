"""The wheel, installed into an empty environment without extras."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from running import ROOT, run_python

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it, without extras, where nothing else is; give its Python."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    venv.create(folder / "env", with_pip=True)
    bin_folder = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python = bin_folder / "python"
    wheel = next(folder.glob("*.whl"))
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel],
        check=True,
        capture_output=True,
    )
    return python


def _readme_blocks() -> str:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))


@pytest.mark.parametrize("flags", [[], ["-OO"]], ids=["plain", "optimised"])
def test_readme_runs(installed: Path, tmp_path: Path, flags: list[str]) -> None:
    """The README's examples run with nothing but the wheel installed."""
    blocks = _readme_blocks()
    code = "\n".join(
        line.removeprefix(">>> ").removeprefix("... ").removeprefix("...")
        for line in blocks.splitlines()
        if line.startswith((">>>", "..."))
    )
    script = tmp_path / "readme.py"
    script.write_text(code or blocks, encoding="utf-8")
    done = run_python(*flags, script, python=installed, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_files_are_there(installed: Path, tmp_path: Path) -> None:
    """Programs, code maps, the schema and the typing marker are in the wheel."""
    code = (
        "from importlib.resources import files\n"
        "root = files('carecontinuum')\n"
        "assert (root / 'py.typed').is_file()\n"
        "assert (root / 'library' / 'program.schema.json').is_file()\n"
        "maps = root / 'interchange' / 'fhir' / 'r4' / 'codemaps'\n"
        "assert (maps / 'community.toml').is_file()\n"
        "import carecontinuum as cc\n"
        "assert [cc.shipped_program(name).id for name in cc.shipped_programs()]\n"
    )
    done = run_python("-c", code, python=installed, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_command_says_what_it_needs(installed: Path, tmp_path: Path) -> None:
    """Without the `cli` extra the command says how to get it."""
    done = run_python("-m", "carecontinuum", "demo", python=installed, cwd=tmp_path)
    assert done.returncode == 1
    assert "pip install 'carecontinuum[cli]'" in done.stderr
