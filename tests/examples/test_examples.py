"""Every example runs, and prints what it printed when it was last looked at."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_prints_what_it_should(name: str) -> None:
    """An example prints exactly what is kept beside this test."""
    done = subprocess.run(
        [sys.executable, "-W", "error", ROOT / "examples" / f"{name}.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    assert done.stdout == expected
