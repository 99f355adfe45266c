"""Grafting: the fields of protos_ext/class_weights.proto onto TFOD's own messages.

The members of TFOD's loss oneofs differ between versions, so they are discovered from the
descriptor, never listed.
"""

from __future__ import annotations

import pkgutil
from typing import Iterable, Iterator

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

# graft message -> the TFOD oneof wrapper whose member messages get its fields
_ONTO_MEMBERS = {
    "ClassificationLossGraft": "ClassificationLoss",
    "LocalizationLossGraft": "LocalizationLoss",
}
# graft message -> the TFOD message that gets its fields
_ONTO_MESSAGE = {"FasterRcnnGraft": "FasterRcnn"}


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
        grafted[target] = tuple(field.name for field in grafts[name].field)
    for file in files:
        if any(message.name in grafted for message in file.message_type):
            _add_enums(extension, file, files)
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
        copy = target.field.add()
        copy.CopyFrom(field)
        if field.type == FieldDescriptorProto.TYPE_ENUM:
            name = field.type_name.rpartition(".")[2]
            copy.type_name = f".object_detection.protos.{name}"


def _add_enums(
    extension: FileDescriptorProto, file: FileDescriptorProto, files: list[FileDescriptorProto]
) -> None:
    """Declare the extension's enums once, in the file that holds the losses."""
    declared = {enum.name for other in files for enum in other.enum_type}
    holds_losses = any(message.name in _ONTO_MEMBERS.values() for message in file.message_type)
    if holds_losses:
        file.enum_type.extend(e for e in extension.enum_type if e.name not in declared)
