"""What can go wrong with a store: none of it says anything about a patient."""

from carecontinuum.errors import CareContinuumError, listed

__all__ = [
    "DatabaseUnsupported",
    "EngineShowsParameters",
    "NoSuchPatient",
    "NotAStore",
    "OutcomeUnknown",
    "StoreError",
    "StoreNewer",
    "StoreNotMigrated",
    "StoreUnavailable",
    "StreamChanged",
    "TransactionOvertaken",
]


class StoreError(CareContinuumError):
    """Base of what a store raises."""

    code = "CC510"


class StreamChanged(StoreError):
    """Somebody else wrote first: the stream is at another version than was expected."""

    code = "CC511"
    expected: int
    found: int

    def __init__(self, *, expected: int, found: int) -> None:
        """Give the version that was expected and the one that was found."""
        self.expected = expected
        self.found = found
        super().__init__(expected=expected, found=found)

    def message(self) -> str:
        """Give both versions and say what to do."""
        return (
            f"the stream is at version {self.found}, expected was {self.expected}; "
            "load it again and decide again"
        )


class StoreUnavailable(StoreError):
    """The store cannot be read or written now; nothing was written."""

    code = "CC512"
    says: str

    def __init__(self, *, says: str) -> None:
        """Say why, in the store's own words and never in the driver's."""
        self.says = says
        super().__init__(says=says)

    def message(self) -> str:
        """Say why, and what is possible now."""
        return f"{self.says}; nothing was written"


class StoreNewer(StoreError):
    """A store was written by a later version of the library."""

    code = "CC513"
    found: int
    known: int

    def __init__(self, *, found: int, known: int) -> None:
        """Give the format found and the latest that this version knows."""
        self.found = found
        self.known = known
        super().__init__(found=found, known=known)

    def message(self) -> str:
        """Give both formats."""
        return (
            f"the store has format {self.found}, this version of the library knows up to "
            f"{self.known}; use the version that wrote it, or a later one"
        )


class NotAStore(StoreError):
    """A file is no store of this library, or is damaged so that it cannot be opened."""

    code = "CC514"
    says: str

    def __init__(self, *, says: str) -> None:
        """Say what it is instead, or what is wrong with it."""
        self.says = says
        super().__init__(says=says)

    def message(self) -> str:
        """Say what it is instead, or what is wrong with it."""
        return f"{self.says}; restore a backup, or name another file"


class OutcomeUnknown(StoreUnavailable):
    """The connection, the disk or the file failed while events were kept: they are there or not."""

    code = "CC515"

    def message(self) -> str:
        """Say what is not known, and what is possible now."""
        return (
            f"{self.says}; the events may be there or not: append them again with the same ids, "
            "which is harmless"
        )


class TransactionOvertaken(StoreError):
    """An application's own transaction began before another wrote what it would have to follow."""

    code = "CC516"

    def message(self) -> str:
        """Say what happened and what to do."""
        return (
            "another transaction wrote to the stream after this one had begun; roll this one back, "
            "and begin again"
        )


class EngineShowsParameters(StoreError):
    """An application's engine would write what is stored into its logs and errors."""

    code = "CC517"

    def message(self) -> str:
        """Say what is needed."""
        return (
            "the engine shows what is stored in its logs or errors; make it with "
            "`hide_parameters=True`, and log nothing of `sqlalchemy` at the level `DEBUG`"
        )


class StoreNotMigrated(StoreError):
    """A database lacks the tables of this library, or has those of an earlier format."""

    code = "CC518"
    says: str

    def __init__(self, *, says: str) -> None:
        """Say what was found."""
        self.says = says
        super().__init__(says=says)

    def message(self) -> str:
        """Say what was found and what to do."""
        return f"{self.says}; run `carecontinuum store migrate`, or `SqlStore.migrate`"


class DatabaseUnsupported(StoreError):
    """A database, or a driver, that the store does not work with."""

    code = "CC519"
    found: str

    def __init__(self, *, found: str) -> None:
        """Give its name."""
        self.found = found
        super().__init__(found=found)

    def message(self) -> str:
        """Give its name and those that are possible."""
        return (
            f"`{self.found}`; needed is PostgreSQL 13 or later through psycopg 3, or SQLite in a "
            "file; `MemoryStore` keeps events only while it lives"
        )


class NoSuchPatient(StoreError):
    """A record was asked for of which the store has nothing."""

    code = "CC520"
    tenants: tuple[str, ...]

    def __init__(self, *, tenants: tuple[str, ...] = ()) -> None:
        """Give the tenants that have a patient of that id; empty stands for no tenant."""
        self.tenants = tenants
        super().__init__(tenants=tenants)

    def message(self) -> str:
        """Name the tenants that have one, or say where the patients are listed."""
        if not self.tenants:
            return "the store has no such patient; `carecontinuum store heads` lists those it has"
        named = listed(filter(None, self.tenants), empty="no tenant")
        return f"this tenant has no such patient; there is one of {named}: see `--tenant`"
