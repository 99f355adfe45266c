"""The descriptors of the TFOD that is installed, read from its files without importing it.

Every generation of protoc writes the serialized FileDescriptorProto into the `_pb2.py` file
as one bytes literal: as `serialized_pb=_b('...')` (protobuf < 3.12), `serialized_pb=b'...'`
(< 3.20) or `AddSerializedFile(b'...')` (since). So the file's text is enough.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from typing import Iterator, Optional

from google.protobuf import descriptor_pb2

_LITERAL = rb"b?(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
_SERIALIZED = re.compile(
    rb"(?:serialized_pb\s*=|AddSerializedFile\()\s*(_b\()?((?:\s*" + _LITERAL + rb")+)"
)


def installed_files() -> list[descriptor_pb2.FileDescriptorProto]:
    """The FileDescriptorProtos of object_detection/protos; empty where there is no TFOD."""
    folder = protos_folder()
    if folder is None:
        return []
    files = (file_descriptor(path.read_bytes()) for path in sorted(folder.glob("*_pb2.py")))
    return [file for file in files if file is not None]


def protos_folder() -> Optional[Path]:
    """The folder object_detection/protos of the installed TFOD, if it holds `_pb2` files."""
    for parent in _object_detection_folders():
        folder = Path(parent) / "protos"
        if (folder / "pipeline_pb2.py").is_file():
            return folder
    return None


def _object_detection_folders() -> Iterator[str]:
    spec = importlib.util.find_spec("object_detection")
    yield from (spec.submodule_search_locations or ()) if spec else ()


def file_descriptor(source: bytes) -> Optional[descriptor_pb2.FileDescriptorProto]:
    """The FileDescriptorProto in the source of a `_pb2.py` file; None if there is none."""
    match = _SERIALIZED.search(source)
    if match is None:
        return None
    value = ast.literal_eval(f"({match.group(2).decode('latin-1')})")
    serialized = value.encode("latin-1") if isinstance(value, str) else value
    return descriptor_pb2.FileDescriptorProto.FromString(serialized)
