"""A PostgreSQL for the tests of stores, and an end to what they open."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from databases import Server, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Give a running server; each process of the tests has its own."""
    with server() as found:
        yield found


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close every connection that an engine has opened."""
    opened: list[Any] = []

    def keep(connection: Any, _: object) -> None:
        opened.append(connection)

    event.listen(Pool, "connect", keep)
    yield
    event.remove(Pool, "connect", keep)
    for connection in opened:
        connection.close()
