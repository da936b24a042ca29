"""Kill writers of a SQLite store at random moments, many times: `make soak`.

Two processes append to one patient's stream until both are killed. After each kill everything that
was acknowledged must be there, in whole batches and once, and the chain must hold.
"""

import argparse
import tempfile
import time
from pathlib import Path

from stores.test_crashes import run


def main() -> None:
    """Run as many kills as asked, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        acknowledged = run(Path(folder) / "care.db", kills=asked.kills, seed=asked.seed)
        took = time.perf_counter() - begun
    print(
        f"{asked.kills} kills of two writers in {took:.0f} s, seed {asked.seed}: "
        f"{acknowledged} events acknowledged, none lost, none torn"
    )


if __name__ == "__main__":
    main()
