"""Fail if a module has grown past what one sitting can read."""

import sys
from pathlib import Path

LIMIT = 420

too_long = [
    f"{path}: {lines} lines (limit {LIMIT})"
    for path in sorted(Path("src").rglob("*.py"))
    if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMIT
]
if too_long:
    sys.exit("\n".join(too_long))
