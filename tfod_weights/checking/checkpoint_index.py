"""The keys in the `.index` file of a TensorFlow checkpoint, read without TensorFlow.

The file is an LevelDB table (https://github.com/google/leveldb/blob/main/doc/table_format.md),
which TensorFlow writes without compression (tensorflow/core/util/tensor_bundle). Its footer
points at the index block, whose entries point at the data blocks, whose keys are the tensors.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Iterator, Optional

from tfod_weights.counting.wire import WireError, read_varint

OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
"""The key that every checkpoint of TensorFlow 2 has, and none of TensorFlow 1."""

_FOOTER = 48
_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_TRAILER = 5  # type of compression, checksum
_UINT32 = struct.Struct("<I")
_LARGEST = 1 << 27  # bytes; that of a detector has less than 1 MB


def checkpoint_keys(prefix: str) -> Optional[frozenset[str]]:
    """The tensors of the checkpoint with that prefix.

    Returns:
        Their keys; None where the file is not what TensorFlow writes.
    """
    path = Path(f"{prefix}.index")
    try:
        if path.stat().st_size > _LARGEST:
            return None
        table = path.read_bytes()
        return frozenset(key.decode() for key in _table_keys(table) if key)
    except (OSError, ValueError, IndexError, struct.error):  # WireError is a ValueError
        return None


def _table_keys(table: bytes) -> Iterator[bytes]:
    footer = len(table) - _FOOTER
    if footer < 0 or not table.endswith(_MAGIC):
        raise WireError("no table")
    _, after_metaindex = _block_handle(table, footer)
    index, _ = _block_handle(table, after_metaindex)
    for _, value in _entries(table, *index):
        block, _ = _block_handle(value, 0)
        for key, _ in _entries(table, *block):
            yield key


def _block_handle(buffer: bytes, start: int) -> tuple[tuple[int, int], int]:
    """Offset and size of a block, and where its handle ends."""
    offset, at = read_varint(buffer, start, len(buffer))
    size, at = read_varint(buffer, at, len(buffer))
    return (offset, size), at


def _entries(table: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Key and value of every entry; a key repeats the start of the one before it."""
    block = table[offset : offset + size]
    if len(table) < offset + size + _TRAILER or table[offset + size] != 0:
        raise WireError("a block is cut off or compressed")
    restarts = _UINT32.unpack_from(block, size - _UINT32.size)[0]
    stop = size - _UINT32.size * (restarts + 1)
    key, at = b"", 0
    while at < stop:
        shared, at = read_varint(block, at, stop)
        added, at = read_varint(block, at, stop)
        length, at = read_varint(block, at, stop)
        if shared > len(key) or at + added + length > stop:
            raise WireError("an entry goes beyond its block")
        key = key[:shared] + block[at : at + added]
        yield key, block[at + added : at + added + length]
        at += added + length
