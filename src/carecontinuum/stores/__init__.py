"""Stores: where histories are kept, and the promises that every store makes."""

from carecontinuum.stores.chain import Fault, Head, StreamKey
from carecontinuum.stores.errors import (
    NoSuchPatient,
    NotAStore,
    OutcomeUnknown,
    StoreError,
    StoreNewer,
    StoreUnavailable,
    StreamChanged,
    TransactionOvertaken,
)
from carecontinuum.stores.memory import MemoryStore
from carecontinuum.stores.port import EventStore, FeedItem
from carecontinuum.stores.sqlite import SqliteStore

__all__ = [
    "EventStore",
    "Fault",
    "FeedItem",
    "Head",
    "MemoryStore",
    "NoSuchPatient",
    "NotAStore",
    "OutcomeUnknown",
    "SqliteStore",
    "StoreError",
    "StoreNewer",
    "StoreUnavailable",
    "StreamChanged",
    "StreamKey",
    "TransactionOvertaken",
]
