"""Cut the power of a SQLite store at random moments, in images of the disk: needs `strace`.

A writer appends events, its writes and syncs are traced, and images are made of what would be on
the disk had the power gone at some moment: all that was synced, and any part of what was not. In
each image every acknowledged event must be there and the chain must hold. The same with
`synchronous=NORMAL` must lose something, which shows that the images have teeth.
"""

import argparse
import ast
import os
import random  # noqa: TID251  seeded: the same images each time
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from carecontinuum.stores import SqliteStore, StreamKey

KEY = StreamKey("north", "p-1")
WRITER = """
import sys, os
from carecontinuum.stores import SqliteStore, StreamKey, migrations
from carecontinuum.testing.store_checks import invented_events

path, count, level = sys.argv[1], int(sys.argv[2]), sys.argv[3]
store, key = SqliteStore(path), StreamKey("north", "p-1")
store._open().execute(f"PRAGMA synchronous = {level}")
store._open().execute("PRAGMA wal_autocheckpoint = 20")
for number, event in enumerate(invented_events(count)):
    store.append(key, [event], expected_version=number)
    os.write(1, b"acknowledged\\n")
"""
UNLINK = re.compile(r'\d+\s+unlink\("([^"]*)"\)\s+= 0')
LINE = re.compile(r"\d+\s+(\w+)\((\d+)<([^>]*)>(?:, (.*))?\)\s+= (\d+)")
Step = tuple[str, str, int, bytes]
"""What was done, to which file, where and with which bytes."""


def traced(folder: Path, count: int, level: str) -> list[Step]:
    """Run a writer, and give what it did to the disk and what it acknowledged, in order."""
    log = folder / "trace"
    calls = "trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink"
    strace = ["strace", "-f", "-y", "-xx", "-s", "100000", "-e", calls, "-o", str(log)]
    writer = [sys.executable, "-c", WRITER, str(folder / "care.db"), str(count), level]
    subprocess.run([*strace, *writer], check=True, stdout=subprocess.DEVNULL)
    found: list[Step] = []
    for line in log.read_text("utf-8").splitlines():
        if gone := UNLINK.match(line):
            found.append(("unlink", Path(_text(gone[1])).name, 0, b""))
        elif match := LINE.match(line):
            name, descriptor, path, rest, _ = match.groups()
            path = _text(path)
            if name == "write" and descriptor == "1":
                found.append(("acknowledged", "", 0, b""))
            elif "care.db" in path and not path.endswith("-shm"):
                found.append(step(name, Path(path).name, rest or ""))
    return found


def _text(raw: str) -> str:
    """Read a text that strace wrote."""
    return str(ast.literal_eval(f"'{raw}'"))


def step(name: str, file: str, rest: str) -> Step:
    """Read one line of the trace."""
    if name in ("fsync", "fdatasync"):
        return "sync", file, 0, b""
    if name == "ftruncate":
        return "cut", file, int(rest), b""
    text, _, tail = rest.rpartition('"')
    raw = ast.literal_eval("b" + text + '"')
    return "write", file, int(tail.split(", ")[-1]), raw


def image(steps: list[Step], chance: random.Random) -> dict[str, bytearray]:
    """Give the files as they might be after some steps: what was synced, and some of the rest."""
    files: dict[str, bytearray] = defaultdict(bytearray)
    waiting: list[Step] = []
    for what, file, place, raw in steps:
        if what == "sync":
            for done in [item for item in waiting if item[1] == file]:
                apply(files, done)
            waiting = [item for item in waiting if item[1] != file]
        elif what == "unlink":
            files.pop(file, None)
            waiting = [item for item in waiting if item[1] != file]
        elif what != "acknowledged":
            waiting.append((what, file, place, raw))
    for item in waiting:
        if chance.getrandbits(1):
            apply(files, item)
    return files


def apply(files: dict[str, bytearray], step: Step) -> None:
    """Do a step to a file."""
    what, file, place, raw = step
    content = files[file]
    if what == "cut":
        del content[place:]
        return
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    content[place : place + len(raw)] = raw


def is_kept(files: dict[str, bytearray], acknowledged: int) -> bool:
    """Tell whether a store of these files has all that was acknowledged, and verifies."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        with SqliteStore(Path(folder) / "care.db") as store:
            faults = list(store.verify())
            return not faults and store.version(KEY) >= acknowledged


def lost(level: str, images: int, seed: int) -> int:
    """Give in how many images something that was acknowledged is lost."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    with tempfile.TemporaryDirectory() as folder:
        steps = traced(Path(folder), 60, level)
    begin = next(at for at, item in enumerate(steps) if item[0] == "acknowledged")
    found = 0
    for _ in range(images):
        cut = chance.randrange(begin + 1, len(steps) + 1)
        acknowledged = sum(item[0] == "acknowledged" for item in steps[:cut])
        found += not is_kept(image(steps[:cut], chance), acknowledged)
    return found


def main() -> None:
    """Make as many images as asked of each way to synchronise, and print what was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    full = lost("FULL", asked.images, asked.seed)
    normal = lost("NORMAL", asked.images, asked.seed)
    print(f"{asked.images} images each: lost with FULL {full}, with NORMAL {normal}")
    sys.exit(os.EX_OK if full == 0 < normal else 1)


if __name__ == "__main__":
    main()
