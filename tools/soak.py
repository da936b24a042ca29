"""Kill writers of a SQLite store at random moments, many times: `make soak`.

Two processes append to one patient's stream until both are killed. After each kill everything that
was acknowledged must be there, in whole batches and once, and the chain must hold.
"""

import argparse
import tempfile
import time
from pathlib import Path

from stores.test_crashes import run

EACH = 20
"""How many kills one store goes through: after each, all of it is read and checked."""


def main() -> None:
    """Run as many kills as asked, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begun = time.perf_counter()
    acknowledged = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(0, asked.kills, EACH):
            store = Path(folder) / f"care-{number}.db"
            kills = min(EACH, asked.kills - number)
            acknowledged += run(store, kills=kills, seed=asked.seed + number)
            print(f"{number + kills} kills", flush=True)
    took = time.perf_counter() - begun
    print(
        f"{asked.kills} kills of two writers in {took:.0f} s, seed {asked.seed}: "
        f"{acknowledged} events acknowledged, none lost, none torn"
    )


if __name__ == "__main__":
    main()
