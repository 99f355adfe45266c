"""A pipeline.config as TFOD would understand it, with the place of everything in the file."""

from __future__ import annotations

import os
from typing import Iterator, Optional

from tfod_weights.errors import ConfigError, SourcePlace
from tfod_weights.files import StrPath, read_text
from tfod_weights.label_map import MAX_CLASSES
from tfod_weights.pipeline.architectures import ARCHITECTURES, Architecture
from tfod_weights.pipeline.inputs import InputReader, read_input
from tfod_weights.schema import Schema, tfod_schema
from tfod_weights.textformat import Document, Field, MergedMessage, faults, parse


class PipelineConfig:
    """A parsed pipeline.config.

    Attributes:
        path: The name to show in messages.
        text: The text, unchanged.
        document: Its lossless tree.
        schema: TFOD's schema with the class-weight fields.
        root: The TrainEvalPipelineConfig that it means.
    """

    def __init__(self, text: str, path: str, schema: Optional[Schema] = None) -> None:
        """Parse, without yet asking what fields mean.

        Raises:
            TextFormatError: the text is not protobuf text format.
        """
        self.path = path
        self.text = text
        self.schema = schema or tfod_schema()
        self.document: Document = parse(text, path)
        self.root = MergedMessage.of_file(self.document, self.schema.pipeline)

    @classmethod
    def load(cls, path: StrPath) -> PipelineConfig:
        """Read and parse a file.

        Raises:
            ConfigError: the file cannot be read.
            TextFormatError: it is not protobuf text format.
        """
        return cls(read_text(path, ConfigError), os.fspath(path))

    def with_text(self, text: str) -> PipelineConfig:
        """The config with another text; this one if the text is the same."""
        return self if text == self.text else PipelineConfig(text, self.path, self.schema)

    def require_valid(self) -> None:
        """Raise for the first thing that TFOD's parser would reject.

        Raises:
            ConfigError: with the place of the fault.
        """
        found = faults(self.document, self.schema.pipeline)
        if found:
            raise ConfigError(
                found[0].problem,
                place=self.document.place(found[0].offset),
                help=f"`tfod-weights check {self.path}` lists every fault",
            )

    # -- the model ------------------------------------------------------------------------

    @property
    def architecture(self) -> Architecture:
        """The architecture that TFOD would build.

        Raises:
            ConfigError: there is none, or it is of a kind that has no classes to weigh.
        """
        model = self.root.message("model")
        name = model.which("model") if model else None
        if name in ARCHITECTURES:
            return ARCHITECTURES[name]
        if name is not None:
            problem = f"model.{name} is not an architecture whose losses can be weighted"
            raise self.error(problem, self.model_field(name))
        raise ConfigError(
            "the config names no model", place=self.document.place(0), help=self._no_model_help()
        )

    def model_field(self, name: str) -> Field:
        """The last live `ssd`, `faster_rcnn` or `center_net` field."""
        model = self.root.message("model")
        assert model is not None
        return model.occurrences(name)[-1]

    def _no_model_help(self) -> str:
        swallowing = (c for c in self.document.comments if "\r" in self.document.source(c)[:-1])
        comment = next(swallowing, None)
        if comment is None:
            return f"it needs model {{ ... }} with one of {', '.join(ARCHITECTURES)}"
        line = self.document.place(comment.start).line
        return (
            f"the comment on line {line} goes on to the next LF, as protobuf reads it; "
            "save the file with LF or CRLF line ends"
        )

    @property
    def model(self) -> MergedMessage:
        """The architecture's message: ssd, faster_rcnn or center_net."""
        name = self.architecture.name
        model = self.root.message("model")
        assert model is not None
        message = model.message(name)
        assert message is not None
        return message

    @property
    def num_classes(self) -> int:
        """The config's `num_classes`.

        Raises:
            ConfigError: it is missing, below 1, or so high that it is a mistake.
        """
        model, help = self.model, "it is the highest id of the label map"
        if not model.has("num_classes"):
            place = self.model_field(self.architecture.name)
            raise self.error(f"{self.architecture.name} has no num_classes", place, help)
        value = model.scalar("num_classes")
        assert isinstance(value, int)
        if not 1 <= value <= MAX_CLASSES:
            why = (
                "it must be at least 1" if value < 1 else f"more than {MAX_CLASSES:,} are a mistake"
            )
            field = model.occurrences("num_classes")[-1]
            raise self.error(f"num_classes is {value}; {why}", field, help)
        return value

    @property
    def num_steps(self) -> int:
        """train_config.num_steps; 0 where there is none: TFOD trains on and on."""
        train_config = self.root.message("train_config")
        value = train_config.scalar("num_steps") if train_config else 0
        assert isinstance(value, int)
        return value

    # -- inputs ---------------------------------------------------------------------------

    @property
    def max_number_of_boxes(self) -> int:
        """Boxes per image that training keeps: train_input_reader.max_number_of_boxes.

        The field of that name in train_config is deprecated; TFOD does not read it
        (object_detection/inputs.py, train_input).
        """
        reader = self.root.message("train_input_reader")
        value = reader.scalar("max_number_of_boxes") if reader else 100
        assert isinstance(value, int)
        return value

    @property
    def merge_multiple_label_boxes(self) -> bool:
        """Whether training merges the equal boxes of an image, train_config says."""
        train_config = self.root.message("train_config")
        return bool(train_config and train_config.scalar("merge_multiple_label_boxes"))

    @property
    def train_input(self) -> Optional[InputReader]:
        """The training input reader; None where the config has none."""
        reader = self.root.message("train_input_reader")
        return read_input(reader) if reader else None

    def require_train_input(self) -> InputReader:
        """The training input reader with at least one input path.

        Raises:
            ConfigError: the config has none.
        """
        reader = self.train_input
        if reader is None or not reader.input_path:
            what = "train_input_reader" if reader is None else "train_input_reader.input_path"
            raise ConfigError(
                f"the config has no {what}",
                place=SourcePlace(self.path),
                help="name the records with --records, or add train_input_reader { "
                'label_map_path: "…" tf_record_input_reader { input_path: "…" } }',
            )
        return reader

    @property
    def eval_inputs(self) -> list[InputReader]:
        """The evaluation input readers."""
        return [read_input(reader) for reader in self.root.messages("eval_input_reader")]

    @property
    def label_map_place(self) -> SourcePlace:
        """Where the training input names its label map, or the file."""
        return self._place_of(self.root.message("train_input_reader"), "label_map_path")

    @property
    def input_place(self) -> SourcePlace:
        """Where the training input names its records, or the file."""
        return self.input_place_of(self.root.message("train_input_reader"))

    def input_place_of(self, reader: Optional[MergedMessage]) -> SourcePlace:
        """Where an input reader names its records, or the file."""
        return self._place_of(
            reader.message("tf_record_input_reader") if reader else None, "input_path"
        )

    def _place_of(self, message: Optional[MergedMessage], name: str) -> SourcePlace:
        fields = message.occurrences(name) if message else []
        return self.document.place(fields[0].start) if fields else SourcePlace(self.path)

    # -- places ---------------------------------------------------------------------------

    def error(self, problem: str, field: Field, help: Optional[str] = None) -> ConfigError:
        """A ConfigError that points at a field."""
        return ConfigError(problem, place=self.document.place(field.start), help=help)

    def dead_fields(self) -> Iterator[Field]:
        """Fields that lose to a later member of their oneof, so that nothing reads them."""
        for message in self.root.walk():
            yield from message.dead
