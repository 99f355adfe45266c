"""The last look before anything is written: the patched text, read by protobuf itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Optional, Sequence

from google.protobuf import text_format

from tfod_weights.errors import ConfigError, SourcePlace, TfodWeightsError
from tfod_weights.pipeline.changing_fields import AnyWeights, says_changes
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.sampling_block import NewSampling
from tfod_weights.pipeline.targets import LossTarget
from tfod_weights.pipeline.weights_fields import as_float32
from tfod_weights.sampling.class_sampling import ClassSampling, sampling_from_message
from tfod_weights.weighting import ClassWeights, WeightSchedule

if TYPE_CHECKING:
    from google.protobuf.message import Message


def verify(
    config: PipelineConfig,
    before: Message,
    patched_text: str,
    targets: Sequence[LossTarget],
    weights: Optional[AnyWeights],
    schedule: WeightSchedule,
    sampling: Optional[NewSampling] = None,
) -> None:
    """Check that a patched text says what the original says, and the weights.

    Args:
        config: The original.
        before: What protobuf should read there, but for the weights: the original, or the
            original with another loss and augmentation; it is changed.
        patched_text: Parsed here by protobuf's `text_format.Merge` with TFOD's schema and the
            grafted fields. The weights must be where TFOD's builder will look, and the two
            messages must be equal once they are taken out.
        targets: The losses that got weights.
        weights: The weights by class_index, or how those of each batch are computed; None
            without targets.
        schedule: When the weights begin.
        sampling: How the training images are to be drawn.

    Raises:
        TfodWeightsError: the patch is wrong; a bug in tfod-weights.
    """
    after = _merged(config, patched_text)
    values = weights.values if isinstance(weights, ClassWeights) else ()
    single = [as_float32(weight) for weight in values]
    for target in targets:
        assert weights is not None
        holder = _loss_holder(config, after, target)
        _require(list(getattr(holder, target.weights_field)) == single, config)
        _require(says_changes(holder, target.weights_field, weights, schedule), config)
    _require(sampling is None or _has_sampling(after, sampling.sampling), config)
    require_same(config, before, after)


def require_same(config: PipelineConfig, before: Message, after: Message) -> None:
    """Require that two messages differ at most in class weights; both are changed.

    Raises:
        TfodWeightsError: they differ in more; a bug in tfod-weights.
    """
    for message in (before, after):
        _clear_grafted(config, message)
        _clear_defaults(config, message)
    # as bytes: a nan in a message is not equal to itself
    texts = [one.SerializePartialToString(deterministic=True) for one in (before, after)]
    _require(texts[0] == texts[1], config)


def _require(holds: bool, config: PipelineConfig) -> None:
    if not holds:
        raise TfodWeightsError(
            "patching would change more than the weights; nothing was written",
            place=SourcePlace(config.path),
            help="this is a bug in tfod-weights: please report it with the file",
        )


def parsed(config: PipelineConfig) -> Message:
    """The config as protobuf reads it, extensions that the schema does not know left out.

    Raises:
        ConfigError: protobuf rejects it; with the first fault and a suggestion.
    """
    try:
        return _merged(config, config.text)
    except text_format.ParseError as error:
        config.require_valid()
        place = SourcePlace(config.path, error.GetLine(), error.GetColumn())
        raise ConfigError(f"protobuf rejects it: {error}", place=place) from error
    except RecursionError as error:
        raise ConfigError(
            "messages are nested too deeply for protobuf's parser", place=SourcePlace(config.path)
        ) from error


def _merged(config: PipelineConfig, text: str) -> Message:
    message = config.schema.new_pipeline()
    text_format.Merge(text, message, allow_unknown_extension=True)
    return message


def _has_sampling(message: Any, sampling: ClassSampling) -> bool:
    """Whether TFOD's input pipeline would draw the training images so."""
    threshold = sampling.repeat_factor_threshold
    expected = replace(
        sampling,
        class_weights=tuple(as_float32(weight) for weight in sampling.class_weights),
        background_weight=as_float32(sampling.background_weight),
        repeat_factor_threshold=None if threshold is None else as_float32(threshold),
    )
    return expected == sampling_from_message(message.train_input_reader.class_sampling)


def _model(config: PipelineConfig, message: Any) -> Any:
    return getattr(message.model, config.architecture.name)


def _loss_holder(config: PipelineConfig, message: Message, target: LossTarget) -> Any:
    """The message whose weights TFOD's builder would read for this loss."""
    location = config.architecture.losses[target.kind]
    holder = _model(config, message)
    for name in location.path:
        holder = getattr(holder, name)
    return getattr(holder, holder.WhichOneof(location.oneof)) if location.oneof else holder


def _clear_defaults(config: PipelineConfig, message: Message) -> None:
    """Clear loss blocks that say no more than TFOD assumes when they are absent.

    Patching may add such blocks, and patching again may remove them.
    """
    model = _model(config, message)
    for location in config.architecture.losses.values():
        if location.default_member and model.HasField(location.path[0]):
            wrapper = getattr(model, location.path[0])
            member = wrapper.WhichOneof(location.oneof)
            is_default = member in (None, location.default_member)
            if is_default and (member is None or not getattr(wrapper, member).ListFields()):
                model.ClearField(location.path[0])


def _clear_grafted(config: PipelineConfig, message: Message) -> None:
    pending = [message]
    while pending:
        one = pending.pop()
        for name in config.schema.grafted.get(one.DESCRIPTOR.name, ()):
            one.ClearField(name)
        for field, value in one.ListFields():
            if field.message_type is not None and not field.message_type.GetOptions().map_entry:
                pending.extend([value] if hasattr(value, "ListFields") else value)
