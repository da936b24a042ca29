"""Files of one patient's record, JSON as `dumps` writes it: read, or written whole."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from carecontinuum.codec import loads
from carecontinuum.history import PatientRecord
from carecontinuum.library.errors import FileUnreadable
from carecontinuum.library.files import read_text
from carecontinuum.stores import StoreUnavailable

__all__ = ["read_record", "write_new"]

_MAX_BYTES = 512 * 1024 * 1024
"""The longest record that is read, half a gibibyte, as of a FHIR bundle."""
_SQLITE = b"SQLite format 3\0"
"""What every SQLite file begins with."""


def read_record(file: Path) -> PatientRecord:
    """Read a patient's record.

    Raises:
        FileUnreadable: It cannot be read, or is a store.
        CodecInvalid: It is no record.
    """
    if _is_sqlite(file):
        says = (
            "it is a store of many records; "
            "`carecontinuum store export STORE PATIENT_ID` gives one of them"
        )
        raise FileUnreadable(path=str(file), says=says)
    text = read_text(file, unreadable=FileUnreadable, most=_MAX_BYTES)
    return loads(PatientRecord, text.removeprefix("\N{BYTE ORDER MARK}"))


def _is_sqlite(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False


def write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet: all of it or none, for its owner alone to read.

    Raises:
        StoreUnavailable: It is there already, or cannot be written.
    """
    if file.exists():
        raise StoreUnavailable(says="the file for the record is there already; name a new one")
    try:
        _write_whole(file, content)
    except OSError as error:
        why = (error.strerror or "the disk refuses").lower()
    else:
        return
    raise StoreUnavailable(says=f"the file for the record cannot be written: {why}")


def _write_whole(file: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
            part.close()
            Path(part.name).replace(file)
        except BaseException:
            part.close()
            Path(part.name).unlink()
            raise
