"""Running Python in a process of its own, unmeasured."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run_python(
    *arguments: str | Path, python: Path | None = None, cwd: Path = ROOT
) -> "subprocess.CompletedProcess[str]":
    """Run Python and give what came of it; coverage does not reach into the process."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(
        [python or sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=env,
    )
