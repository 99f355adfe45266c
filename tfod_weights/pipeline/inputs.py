"""What the input readers of a config read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tfod_weights.pipeline.weights_fields import as_float32
from tfod_weights.sampling.class_sampling import ClassSampling
from tfod_weights.textformat import MergedMessage

CLASS_SAMPLING = "class_sampling"


@dataclass(frozen=True)
class InputReader:
    """What an input reader of the config reads; numbers as protobuf keeps them, in 32 bits.

    Attributes:
        label_map_path: As written; None where absent.
        input_path: The patterns, in order; TFOD reads each as one dataset.
        input_type: TF_EXAMPLE or TF_SEQUENCE_EXAMPLE.
        sample_weights: `sample_from_datasets_weights`.
        class_sampling: How images are drawn by their classes; None: each once in a pass.
        expand_labels_hierarchy: Whether an object is trained as its ancestors, too.
    """

    label_map_path: Optional[str]
    input_path: tuple[str, ...]
    input_type: str = "TF_EXAMPLE"
    sample_weights: tuple[float, ...] = ()
    class_sampling: Optional[ClassSampling] = None
    expand_labels_hierarchy: bool = False


def read_input(reader: MergedMessage) -> InputReader:
    """What an input reader of a config reads."""
    records = reader.message("tf_record_input_reader")
    label_map_path = reader.scalar("label_map_path") if reader.has("label_map_path") else None
    return InputReader(
        label_map_path=str(label_map_path) if label_map_path else None,
        input_path=tuple(str(p) for p in records.scalars("input_path")) if records else (),
        input_type=reader.enum_name("input_type"),
        sample_weights=tuple(
            as_float32(float(weight)) for weight in reader.scalars("sample_from_datasets_weights")
        ),
        class_sampling=read_sampling(reader),
        expand_labels_hierarchy=bool(reader.scalar("expand_labels_hierarchy")),
    )


def read_sampling(reader: MergedMessage) -> Optional[ClassSampling]:
    """The class sampling of an input reader; None where it has none."""
    block = reader.message(CLASS_SAMPLING)
    if block is None:
        return None
    threshold = "repeat_factor_threshold"

    def number(name: str) -> float:
        return as_float32(float(block.scalar(name)))

    return ClassSampling(
        class_weights=tuple(as_float32(float(w)) for w in block.scalars("class_weights")),
        aggregation=block.enum_name("aggregation"),
        background_weight=number("background_weight"),
        repeat_factor_threshold=number(threshold) if block.has(threshold) else None,
        sqrt=bool(block.scalar("sqrt")),
        seed=int(block.scalar("seed")),
    )
