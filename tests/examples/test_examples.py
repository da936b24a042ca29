"""Every example runs, and prints what it printed when it was last looked at."""

from pathlib import Path

import pytest

from running import ROOT, run_python

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_prints_what_it_should(name: str) -> None:
    """An example prints exactly what is kept beside this test."""
    done = run_python("-W", "error", ROOT / "examples" / f"{name}.py")
    assert done.returncode == 0, done.stderr
    expected = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    assert done.stdout == expected
