"""Grafting: the fields of protos_ext/class_weights.proto onto TFOD's own messages.

The members of TFOD's loss oneofs differ between versions, so they are discovered from the
descriptor, never listed.
"""

from __future__ import annotations

import pkgutil
from typing import Iterable, Iterator

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

# graft message -> the TFOD oneof wrapper whose member messages get its fields
_ONTO_MEMBERS = {
    "ClassificationLossGraft": "ClassificationLoss",
    "LocalizationLossGraft": "LocalizationLoss",
}
# graft message -> the TFOD message that gets its fields
_ONTO_MESSAGE = {"FasterRcnnGraft": "FasterRcnn", "InputReaderGraft": "InputReader"}

_OURS, _TFODS = ".tfod_weights.protos.", ".object_detection.protos."


def extension_file() -> FileDescriptorProto:
    """The compiled descriptor of protos_ext/class_weights.proto."""
    data = pkgutil.get_data("tfod_weights.protos_ext", "class_weights.binpb")
    assert data is not None
    return FileDescriptorSet.FromString(data).file[0]


def graft(files: Iterable[FileDescriptorProto]) -> dict[str, tuple[str, ...]]:
    """Add the extension's fields to TFOD's messages, in place.

    Args:
        files: TFOD's files; those that matter are changed.

    Returns:
        Name of a TFOD message (without package) -> names of the fields it got.
    """
    files = list(files)
    messages = {message.name: message for file in files for message in file.message_type}
    extension = extension_file()
    grafts = {message.name: message for message in extension.message_type}
    grafted: dict[str, tuple[str, ...]] = {}
    for name, target in _targets(messages):
        _copy_fields(grafts[name], messages[target])
        _declare_types(extension, grafts[name], files, target)
        grafted[target] = tuple(field.name for field in grafts[name].field)
    return grafted


def _targets(messages: dict[str, DescriptorProto]) -> Iterator[tuple[str, str]]:
    for graft_name, wrapper in _ONTO_MEMBERS.items():
        for member in messages[wrapper].field if wrapper in messages else ():
            yield graft_name, member.type_name.rpartition(".")[2]
    for graft_name, target in _ONTO_MESSAGE.items():
        if target in messages:
            yield graft_name, target


def _copy_fields(source: DescriptorProto, target: DescriptorProto) -> None:
    used = {field.number for field in target.field}
    for field in source.field:
        assert field.number not in used, f"{target.name} already uses number {field.number}"
        target.field.add().CopyFrom(field)
    _move_types(target)


def _declare_types(
    extension: FileDescriptorProto,
    graft_message: DescriptorProto,
    files: list[FileDescriptorProto],
    target: str,
) -> None:
    """Declare the types of a graft's fields beside its target, unless they are declared."""
    names = {field.type_name.rpartition(".")[2] for field in graft_message.field}
    declared = {enum.name for file in files for enum in file.enum_type}
    declared |= {message.name for file in files for message in file.message_type}
    home = next(file for file in files if any(m.name == target for m in file.message_type))
    for enum in extension.enum_type:
        if enum.name in names - declared:
            home.enum_type.add().CopyFrom(enum)
    for message in extension.message_type:
        if message.name in names - declared:
            copy = home.message_type.add()
            copy.CopyFrom(message)
            _move_types(copy)


def _move_types(message: DescriptorProto) -> None:
    """Let the fields of a message name our types by TFOD's package."""
    for field in message.field:
        if field.type_name.startswith(_OURS):
            field.type_name = _TFODS + field.type_name[len(_OURS) :]
