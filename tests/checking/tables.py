"""Writes the `.index` file of a checkpoint as TensorFlow writes it: a LevelDB table.

https://github.com/google/leveldb/blob/main/doc/table_format.md
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Sequence

from tests.counting.records import masked_crc, varint

Entries = Sequence[tuple[bytes, bytes]]


def write_index(path: str, keys: Sequence[str], keys_per_block: int = 100) -> None:
    """Write a table with these keys, and the empty key of the header."""
    entries = [(key.encode(), b"value") for key in ("", *sorted(keys))]
    blocks = [entries[i : i + keys_per_block] for i in range(0, len(entries), keys_per_block)]
    table = bytearray()
    index = [(block[-1][0], _append(table, block)) for block in blocks]
    handles = _append(table, []) + _append(table, index)
    Path(path).write_bytes(table + handles.ljust(40, b"\0") + MAGIC)


MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)


def _append(table: bytearray, entries: Entries) -> bytes:
    """Append a block without compression; the handle that points at it."""
    block = _block(entries)
    handle = varint(len(table)) + varint(len(block))
    table += block + b"\0" + masked_crc(block + b"\0")
    return handle


def _block(entries: Entries, restart_interval: int = 4) -> bytes:
    """Entries that share the start of their key with the one before, and the restart points."""
    block, restarts, before = bytearray(), [0], b""
    for number, (key, value) in enumerate(entries):
        if number and number % restart_interval == 0:
            restarts.append(len(block))
            before = b""
        shared = _common(before, key)
        block += varint(shared) + varint(len(key) - shared) + varint(len(value))
        block += key[shared:] + value
        before = key
    return bytes(block) + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def _common(a: bytes, b: bytes) -> int:
    size = min(len(a), len(b))
    return next((i for i in range(size) if a[i] != b[i]), size)
