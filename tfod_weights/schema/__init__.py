"""TFOD's schema with the class-weight fields grafted on, without importing TFOD.

installed (the `_pb2` files of the TFOD on this machine) or table (shipped with the package)
→ graft → descriptor pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Mapping

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor
    from google.protobuf.message import Message

__all__ = ["Schema", "enum_value_name", "tfod_schema"]


@dataclass(frozen=True)
class Schema:
    """TFOD's config and label-map messages, class-weight fields included.

    Attributes:
        pipeline: Descriptor of TrainEvalPipelineConfig.
        label_map: Descriptor of StringIntLabelMap.
        grafted: TFOD message name -> the fields that tfod-weights added to it.
        is_installed: Whether it was read from an installed TFOD, not from the shipped table.
    """

    pipeline: Descriptor
    label_map: Descriptor
    grafted: Mapping[str, tuple[str, ...]]
    is_installed: bool

    def new_pipeline(self) -> Message:
        """An empty TrainEvalPipelineConfig."""
        from google.protobuf import message_factory

        return message_factory.GetMessageClass(self.pipeline)()

    def grafted_names(self) -> set[str]:
        """The names of all fields that are ours."""
        return {name for names in self.grafted.values() for name in names}

    def is_grafted(self, message_name: str, field_name: str) -> bool:
        """Whether a field is one of ours."""
        return field_name in self.grafted.get(message_name, ())


def enum_value_name(message: Message, name: str) -> str:
    """The name of the value that a message has in its enum field of that name."""
    enum = message.DESCRIPTOR.fields_by_name[name].enum_type
    assert enum is not None, f"{name} is no enum"
    return enum.values_by_number[getattr(message, name)].name


@cache
def tfod_schema() -> Schema:
    """The schema of the installed TFOD, else of the table that the package ships."""
    from google.protobuf import descriptor_pool

    from tfod_weights.schema.graft import graft
    from tfod_weights.schema.installed import installed_files
    from tfod_weights.schema.table import PACKAGE, merged_file, shipped_file

    installed = installed_files()
    file = merged_file(installed) if installed else shipped_file()
    grafted = graft([file])
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return Schema(
        pipeline=pool.FindMessageTypeByName(f"{PACKAGE}.TrainEvalPipelineConfig"),
        label_map=pool.FindMessageTypeByName(f"{PACKAGE}.StringIntLabelMap"),
        grafted=grafted,
        is_installed=bool(installed),
    )
