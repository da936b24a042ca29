"""Processes made by `fork`, while a SQLite store is open: nothing acknowledged is lost."""

import contextlib
import os
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from carecontinuum.stores import EventStore, SqliteStore, StoreUnavailable, StreamKey, forks
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events
from databases import Server
from running import run_python

KEY = StreamKey("north", "p-1")

VERSIONS = """
import sys
from carecontinuum.stores import SqliteStore
from carecontinuum.stores.sql import SqlStore

where = sys.argv[1]
store = SqlStore(where) if "://" in where else SqliteStore(where)
assert list(store.verify()) == []
print(sum(head.version for head in store.heads()))
store.close()
"""
POOL = """
import multiprocessing, sys
from carecontinuum.stores import SqliteStore, StreamKey
from carecontinuum.testing.store_checks import invented_events

store = SqliteStore(sys.argv[1])

def work(name):
    key = StreamKey("north", name)
    return store.append(key, invented_events(2, patient_id=name), expected_version=0)

with multiprocessing.get_context("fork").Pool(2) as pool:
    kept = sum(pool.map(work, [f"p-{number}" for number in range(10)]))
    store.close()
    kept += sum(pool.map(work, [f"p-{number}" for number in range(10, 20)]))
print(kept)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store that is not there yet."""
    return tmp_path / "care.db"


def kept_in(where: Path | str) -> int:
    """Give how many events a process that knows nothing of the others sees."""
    found = run_python("-c", VERSIONS, str(where))
    assert found.returncode == 0, found.stderr
    return int(found.stdout)


def forked(work: Callable[[], object]) -> int:
    """Do work in a child that ends after it, and give its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of fork beside threads, from 3.12
        child = os.fork()
    if child:
        return child
    signal.alarm(30)
    try:
        work()
    except BaseException:  # noqa: BLE001  whatever it is, the parent is told
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """Wait for a child, and give what it ended with."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def open_files() -> list[str]:
    """Give the names of the files that this process has open, where the system tells."""
    found = []
    for link in Path("/proc/self/fd").glob("*"):
        with contextlib.suppress(OSError):  # the folder itself is closed by now
            found.append(str(link.readlink()))
    return found


def append(store: EventStore, count: int, begin: int, name: str = "p-1") -> int:
    """Append events that follow those before."""
    events = invented_events(count, begin=begin, patient_id=name)
    return store.append(StreamKey("north", name), events, expected_version=begin)


def outlived(store: EventStore, other: Callable[[], EventStore], close: Callable[[], None]) -> int:
    """Append in a child before and after the parent closes; give what the child acknowledged."""
    append(store, 1, 0)
    (told, tell), (asked, ask) = os.pipe(), os.pipe()

    def work() -> None:
        mine = other()
        append(mine, 1, 1)
        os.write(tell, b"x")
        os.read(asked, 1)
        os.write(tell, bytes([append(mine, 3, 2)]))
        os._exit(0)  # and closes nothing, as when it is killed

    child = forked(work)
    assert os.read(told, 1) == b"x"
    close()
    os.write(ask, b"x")
    acknowledged = os.read(told, 1)[0]
    assert ended(child) == 0
    for end in (told, tell, asked, ask):
        os.close(end)
    return acknowledged


def test_a_parent_that_closes_takes_nothing_from_its_child(path: Path) -> None:
    """What a child appends after its parent has closed the store is there for everybody."""
    store = SqliteStore(path)
    assert outlived(store, lambda: store, store.close) == 5
    assert kept_in(path) == 5
    assert store.version(KEY) == 5


def test_children_write_while_their_parent_closes(path: Path) -> None:
    """Three children write, each to its own patient, and the parent opens and closes meanwhile."""
    store = SqliteStore(path)
    append(store, 1, 0)

    def write(name: str) -> None:
        for number in range(20):
            append(store, 1, number, name)

    children = [forked(partial(write, f"c-{number}")) for number in range(3)]
    for _ in range(20):
        store.close()
        assert store.version(KEY) == 1
    store.close()
    assert [ended(child) for child in children] == [0, 0, 0]
    assert kept_in(path) == 61


def test_a_pool_of_processes_shares_a_store(path: Path) -> None:
    """A store of a module, used by forked workers and closed by their parent, loses nothing."""
    found = run_python("-c", POOL, path)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) == 40
    assert kept_in(path) == 40


def test_forks_beside_a_thread_that_writes(path: Path) -> None:
    """Children write at once, and so does a thread of the parent at the moment of the fork."""
    store, stop = SqliteStore(path), threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            written.append(append(store, 1, len(written)))
            time.sleep(0.005)  # so that the children have their turns

    thread = threading.Thread(target=write)
    thread.start()
    names = [f"c-{number}" for number in range(15)]
    found = [ended(forked(partial(append, store, 1, 0, name))) for name in names]
    stop.set()
    thread.join()
    assert found == [0] * len(names)
    assert kept_in(path) == len(written) + len(names)


def test_a_fork_waits_for_what_another_thread_asks_of_the_store(path: Path) -> None:
    """The file is closed at the fork, and no thread is in the midst of something."""
    store = SqliteStore(path)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        def work(_: object) -> None:
            held.set()
            done.wait(0.2)
            done.set()

        store._run(work)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = forked(lambda: append(store, 1, 0))
    assert done.is_set()
    thread.join()
    assert ended(child) == 0
    assert store.version(KEY) == 1


def test_a_store_made_while_another_thread_forks_waits(path: Path) -> None:
    """Between closing all files and the fork no other is opened."""
    thread = threading.Thread(target=SqliteStore, args=(path,))
    forks.close_all()
    thread.start()
    thread.join(0.2)
    assert not path.exists()
    forks.go_on()
    thread.join()
    assert path.exists()


def test_a_child_begins_with_locks_of_its_own(path: Path) -> None:
    """What its parent's threads wait for is nothing to a child."""
    disposed: list[bool] = []

    class Pool:
        """What has connections to a server."""

        def dispose(self, close: bool = True) -> None:
            """Note how it was left."""
            disposed.append(close)

    pool, store = Pool(), SqliteStore(path)
    forks.forget_in_child(pool)
    before = store._file.lock
    forks.close_all()
    assert disposed == []
    forks.begin()
    assert disposed == [False]
    assert store._file.lock is not before
    assert append(store, 1, 0) == 1


def test_a_fork_by_other_means_is_refused(path: Path) -> None:
    """Where C forks, and Python is not told, the connection of the parent is left alone."""
    store = SqliteStore(path)
    append(store, 1, 0)
    opened = store._open()
    store._file._process = -1
    with pytest.raises(StoreUnavailable, match="close it before the fork"):
        store.version(KEY)
    store.close()
    assert opened.execute("SELECT count(*) FROM events").fetchone() == (1,)
    store._file._process = os.getpid()
    assert store.version(KEY) == 1


def test_a_child_has_a_sql_store_of_its_own_on_a_file(path: Path) -> None:
    """What a child appends through its own engine outlives the parent's, if that is the store's."""
    url = f"sqlite:///{path}"
    store = SqlStore(url)
    store.migrate()
    assert outlived(store, lambda: SqlStore(url), store.close) == 5
    assert kept_in(url) == 5


def test_a_sql_store_on_a_file_goes_on_in_a_child(path: Path) -> None:
    """Its engine takes no connection through a fork, and a child may use it."""
    url = f"sqlite:///{path}"
    store = SqlStore(url)
    store.migrate()
    assert outlived(store, lambda: store, store.close) == 5
    assert kept_in(url) == 5


def test_a_sql_store_forks_beside_a_thread_that_writes(path: Path) -> None:
    """Threads of the parent are waited for, so that no connection is open at the fork."""
    store, stop = SqlStore(f"sqlite:///{path}"), threading.Event()
    store.migrate()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            written.append(append(store, 1, len(written)))
            time.sleep(0.005)  # so that the children have their turns

    thread = threading.Thread(target=write)
    thread.start()
    names = [f"c-{number}" for number in range(15)]
    found = [ended(forked(partial(append, store, 1, 0, name))) for name in names]
    stop.set()
    thread.join()
    assert found == [0] * len(names)
    assert kept_in(f"sqlite:///{path}") == len(written) + len(names)


def test_a_killed_child_leaves_what_it_acknowledged(path: Path) -> None:
    """A child that is killed while its parent has the store open loses nothing."""
    store = SqliteStore(path)
    append(store, 1, 0)
    told, tell = os.pipe()

    def work() -> None:
        append(store, 2, 1)
        os.write(tell, b"x")
        signal.pause()

    child = forked(work)
    assert store.version(KEY) >= 1
    os.read(told, 1)
    os.kill(child, signal.SIGKILL)
    assert ended(child) == -signal.SIGKILL
    store.close()
    assert kept_in(path) == 3
    os.close(told)
    os.close(tell)


@pytest.mark.parametrize("kind", ["file", "sql"])
def test_a_store_that_nobody_has_any_more_is_closed(kind: str, path: Path) -> None:
    """What was dropped without being closed goes through no fork, so that nothing is lost."""
    where = path if kind == "file" else f"sqlite:///{path}"

    def one() -> EventStore:
        store: EventStore = SqliteStore(path) if kind == "file" else SqlStore(str(where))
        if isinstance(store, SqlStore):
            store.migrate()
        return store

    def dropped() -> None:
        append(one(), 1, 0)

    def work() -> None:
        assert not [name for name in open_files() if str(path) in name]
        append(one(), 2, 1)

    dropped()
    assert ended(forked(work)) == 0
    assert kept_in(where) == 3


def test_a_file_whose_lock_another_holds_is_left_to_it(path: Path) -> None:
    """Who drops a store while others fork waits for nobody: the fork closes it."""
    store = SqliteStore(path)
    file = store._file
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with file.lock:
            held.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    del store
    forks._let_go(file)
    assert file._connection is not None
    done.set()
    holder.join()
    file.close()


def test_what_is_raised_during_a_fork_is_raised_when_all_is_closed() -> None:
    """A signal's handler may raise while a fork waits; what waits is done all the same."""
    tried: list[int] = []

    def interrupted() -> None:
        tried.append(1)
        if len(tried) < 3:
            raise KeyboardInterrupt

    assert [type(error) for error in forks._surely(interrupted)] == [KeyboardInterrupt] * 2
    assert len(tried) == 3

    class Stubborn(forks.Closable):
        """What cannot be closed at first."""

        gives_in = False

        def close(self) -> None:
            """Raise."""
            if not self.gives_in:
                raise ValueError

    stubborn = Stubborn()
    try:
        with pytest.raises(ValueError):  # noqa: PT011
            forks.close_all()
        assert stubborn in forks._held
    finally:
        stubborn.gives_in = True
        forks.go_on()


def test_a_child_has_connections_to_a_server_of_its_own(postgresql: Server) -> None:
    """Parent and children each read their own patients, and no answer of another."""
    with SqlStore(postgresql.database()) as store:
        store.migrate()
        for number in range(3):
            append(store, 3 + number, 0, name=f"p-{number}")

        def reads(number: int) -> None:
            key = StreamKey("north", f"p-{number}")
            for _ in range(40):
                assert [event.patient_id for event in store.load(key)] == [f"p-{number}"] * (
                    3 + number
                )

        children = [forked(partial(reads, number)) for number in range(2)]
        reads(2)
        assert [ended(child) for child in children] == [0, 0]
        assert append(store, 1, 5, name="p-2") == 6
