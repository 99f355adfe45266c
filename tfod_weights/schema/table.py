"""TFOD's messages and fields as a plain table, for machines where TFOD is not installed.

`tfod_schema.txt` lists them for TFOD 2.8.0.post1, one field a line:

    message Loss
      3 optional float classification_weight = 1.0
      1 optional LocalizationLoss localization_loss
    enum Loss.ExpectedLossWeights
      0 NONE

`python -m tfod_weights.schema.table` prints the table of the TFOD that is installed.
"""

from __future__ import annotations

import pkgutil
from typing import Iterable, Iterator, Union

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

PACKAGE = "object_detection.protos"
TABLE = "tfod_schema.txt"

_LABELS = {1: "optional", 2: "required", 3: "repeated"}
_TYPES = {
    value.number: value.name[len("TYPE_") :].lower()
    for value in FieldDescriptorProto.Type.DESCRIPTOR.values
    if value.name not in ("TYPE_GROUP", "TYPE_MESSAGE", "TYPE_ENUM")
}
_LABEL_NUMBERS = {name: number for number, name in _LABELS.items()}


def shipped_file() -> FileDescriptorProto:
    """All messages of the table that the package ships, as one file."""
    data = pkgutil.get_data(__package__, TABLE)
    assert data is not None
    return load(data.decode())


def merged_file(files: Iterable[FileDescriptorProto]) -> FileDescriptorProto:
    """All messages and enums of several files as one file without imports."""
    merged = FileDescriptorProto(name=f"{PACKAGE}.proto", package=PACKAGE, syntax="proto2")
    for file in files:
        merged.message_type.extend(file.message_type)
        merged.enum_type.extend(file.enum_type)
    return merged


# -- writing --------------------------------------------------------------------------------


def dump(file: FileDescriptorProto) -> str:
    """The table of a file; `load` is its inverse but for options that parsing ignores."""
    lines = [line for message in file.message_type for line in _message_lines(message, "")]
    lines += [line for enum in file.enum_type for line in _enum_lines(enum, "")]
    return "\n".join(lines) + "\n"


def _message_lines(message: DescriptorProto, scope: str) -> Iterator[str]:
    name = scope + message.name
    yield f"message {name}" + (" map" if message.options.map_entry else "")
    for reserved in message.extension_range:
        yield f"  extensions {reserved.start} {reserved.end}"
    for field in message.field:
        yield "  " + _field_line(field, message)
    for nested in message.nested_type:
        yield from _message_lines(nested, f"{name}.")
    for enum in message.enum_type:
        yield from _enum_lines(enum, f"{name}.")


def _field_line(field: FieldDescriptorProto, message: DescriptorProto) -> str:
    prefix = f".{PACKAGE}."
    type_name = field.type_name[len(prefix) :] if field.type_name else _TYPES[field.type]
    line = f"{field.number} {_LABELS[field.label]} {type_name} {field.name}"
    if field.HasField("oneof_index"):
        line += f" oneof {message.oneof_decl[field.oneof_index].name}"
    return line + (f" = {field.default_value}" if field.default_value else "")


def _enum_lines(enum: EnumDescriptorProto, scope: str) -> Iterator[str]:
    yield f"enum {scope}{enum.name}"
    yield from (f"  {value.number} {value.name}" for value in enum.value)


# -- reading --------------------------------------------------------------------------------


def load(table: str) -> FileDescriptorProto:
    """The file that a table describes."""
    file = merged_file([])
    parents: dict[str, Union[DescriptorProto, FileDescriptorProto]] = {"": file}
    enums: set[str] = set()
    current: Union[DescriptorProto, EnumDescriptorProto] = DescriptorProto()
    for line in table.splitlines():
        if line.startswith("  "):
            _load_member(line.strip(), current)
        elif line.startswith("message "):
            current = parents[line.split()[1]] = _new_message(line.split(), parents)
        elif line.startswith("enum "):
            current = _new_enum(line.split()[1], parents)
            enums.add(f".{PACKAGE}.{line.split()[1]}")
    _resolve_types(file.message_type, enums)
    return file


def _new_message(
    words: list[str], parents: dict[str, Union[DescriptorProto, FileDescriptorProto]]
) -> DescriptorProto:
    scope, _, name = words[1].rpartition(".")
    parent = parents[scope]
    siblings = parent.nested_type if isinstance(parent, DescriptorProto) else parent.message_type
    message = siblings.add(name=name)
    if words[2:] == ["map"]:
        message.options.map_entry = True
    return message


def _new_enum(
    full_name: str, parents: dict[str, Union[DescriptorProto, FileDescriptorProto]]
) -> EnumDescriptorProto:
    scope, _, name = full_name.rpartition(".")
    return parents[scope].enum_type.add(name=name)


def _load_member(line: str, owner: Union[DescriptorProto, EnumDescriptorProto]) -> None:
    words = line.split()
    if isinstance(owner, EnumDescriptorProto):
        owner.value.add(number=int(words[0]), name=words[1])
    elif words[0] == "extensions":
        owner.extension_range.add(start=int(words[1]), end=int(words[2]))
    else:
        _load_field(line, owner)


def _load_field(line: str, message: DescriptorProto) -> None:
    definition, _, default = line.partition(" = ")
    number, label, type_name, name, *oneof = definition.split()
    field = message.field.add(number=int(number), name=name, label=_LABEL_NUMBERS[label])
    if type_name in _TYPES.values():
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{type_name.upper()}")
    else:
        field.type_name = f".{PACKAGE}.{type_name}"
    if oneof:
        field.oneof_index = _oneof_index(message, oneof[-1])
    if default:
        field.default_value = default


def _oneof_index(message: DescriptorProto, name: str) -> int:
    names = [oneof.name for oneof in message.oneof_decl]
    if name not in names:
        message.oneof_decl.add(name=name)
        names.append(name)
    return names.index(name)


def _resolve_types(messages: Iterable[DescriptorProto], enums: set[str]) -> None:
    """Set the type of fields with a type name, now that all enums are known."""
    for message in messages:
        for field in message.field:
            if field.type_name:
                is_enum = field.type_name in enums
                field.type = (
                    FieldDescriptorProto.TYPE_ENUM if is_enum else FieldDescriptorProto.TYPE_MESSAGE
                )
        _resolve_types(message.nested_type, enums)


if __name__ == "__main__":
    from tfod_weights.schema.installed import installed_files

    print(dump(merged_file(installed_files())), end="")
