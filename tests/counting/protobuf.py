"""tf.train.Example and SequenceExample for Python protobuf, without TensorFlow.

tensorflow/core/example/example.proto and feature.proto.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FIELD = descriptor_pb2.FieldDescriptorProto
_LISTS = {
    "BytesList": _FIELD.TYPE_BYTES,
    "FloatList": _FIELD.TYPE_FLOAT,
    "Int64List": _FIELD.TYPE_INT64,
}
_KINDS = {"bytes_list": "BytesList", "float_list": "FloatList", "int64_list": "Int64List"}


def _schema() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", package="t", syntax="proto3")
    for name, kind in _LISTS.items():
        value = file.message_type.add(name=name).field.add(
            name="value", number=1, type=kind, label=3
        )
        if kind != _FIELD.TYPE_BYTES:
            value.options.packed = True
    feature = file.message_type.add(name="Feature")
    feature.oneof_decl.add(name="kind")
    for number, (name, kind) in enumerate(_KINDS.items(), 1):
        _submessage(feature, name, number, kind, oneof_index=0)
    _map(file, "Features", "feature", "Feature")
    _submessage(file.message_type.add(name="FeatureList"), "feature", 1, "Feature", label=3)
    _map(file, "FeatureLists", "feature_list", "FeatureList")
    _submessage(file.message_type.add(name="Example"), "features", 1, "Features")
    sequence = file.message_type.add(name="SequenceExample")
    _submessage(sequence, "context", 1, "Features")
    _submessage(sequence, "feature_lists", 2, "FeatureLists")
    stranger = file.message_type.add(name="Stranger")
    stranger.field.add(name="far", number=536_870_911, type=_FIELD.TYPE_BYTES, label=1)
    return file


def _submessage(message: Any, name: str, number: int, kind: str, **options: Any) -> None:
    options.setdefault("label", 1)
    message.field.add(
        name=name, number=number, type=_FIELD.TYPE_MESSAGE, type_name=f".t.{kind}", **options
    )


def _map(file: descriptor_pb2.FileDescriptorProto, name: str, field: str, value: str) -> None:
    message = file.message_type.add(name=name)
    entry = "".join(part.title() for part in field.split("_")) + "Entry"
    pair = message.nested_type.add(name=entry)
    pair.options.map_entry = True
    pair.field.add(name="key", number=1, type=_FIELD.TYPE_STRING, label=1)
    _submessage(pair, "value", 2, value)
    _submessage(message, field, 1, f"{name}.{entry}", label=3)


_POOL = descriptor_pool.DescriptorPool()
_POOL.Add(_schema())


def _message(name: str) -> Any:
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"t.{name}"))


Example = _message("Example")
SequenceExample = _message("SequenceExample")
Stranger = _message("Stranger")  # all but one number are unknown to it


def values(feature: Any) -> list[Any]:
    """The values of a Feature of any kind."""
    kind = feature.WhichOneof("kind")
    return list(getattr(feature, kind).value) if kind else []
