"""Right programs pass the type checker, and each wrong line is caught by the rule it names."""

import re
from pathlib import Path

from running import run_python

HERE = Path(__file__).parent


def _mypy(target: Path) -> str:
    done = run_python("-m", "mypy", "--no-pretty", "--no-error-summary", target)
    assert done.stderr == ""
    return done.stdout


def test_right_programs_pass() -> None:
    """Programs as users write them are clean under mypy strict."""
    assert _mypy(HERE / "right") == ""


def test_wrong_lines_are_caught() -> None:
    """Each marked line is refused with the rule it names, and no other line is."""
    path = HERE / "wrong" / "programs.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = {
        (number, match[1])
        for number, line in enumerate(lines, start=1)
        if (match := re.search(r"# mypy: ([\w-]+)$", line))
    }
    told = re.findall(r":(\d+): error: .*\[([\w-]+)\]$", _mypy(path), re.MULTILINE)
    assert {(int(number), code) for number, code in told} == expected
