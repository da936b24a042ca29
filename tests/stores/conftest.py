"""A PostgreSQL for the tests of stores."""

from collections.abc import Iterator

import pytest

from databases import Server, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Give a running server; each process of the tests has its own."""
    with server() as found:
        yield found
