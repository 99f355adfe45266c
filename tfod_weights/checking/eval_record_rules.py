"""Rules about the records of evaluation, which TFOD opens when there is a checkpoint.

Facts from object_detection/model_lib_v2.py (eager_eval_loop).
"""

from __future__ import annotations

from typing import Hashable, Iterator, Mapping, Optional, Sequence

from tfod_weights.checking.data_rules import Reading, unreadable
from tfod_weights.checking.file_rules import identity, input_files
from tfod_weights.checking.findings import Finding
from tfod_weights.checking.label_map_rules import load_label_map
from tfod_weights.checking.places import last_text
from tfod_weights.counting import ClassCounts
from tfod_weights.counting.meter import total_size
from tfod_weights.counting.shards import CountSettings, count_files
from tfod_weights.errors import RecordError, SourcePlace
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import MergedMessage
from tfod_weights.wording import number_of

EXAMPLES = "TF_EXAMPLE"
INPUT_TYPES = (EXAMPLES, "TF_SEQUENCE_EXAMPLE")


def eval_record_findings(
    config: PipelineConfig,
    trained: Optional[LabelMap],
    counts: Optional[ClassCounts],
    reading: Reading,
) -> Iterator[Finding]:
    """Evaluation records that cannot be read, or that are none.

    Args:
        config: The config.
        trained: The label map of training.
        counts: Of the training records: what is among them is not read again. None: nothing is.
        reading: How the records are read.
    """
    train = config.train_input
    known = {_key(file, train.input_type) for file in counts.files} if train and counts else set()
    for reader in config.root.messages("eval_input_reader"):
        files = {row.file: row.place for row in input_files(config, reader)}
        settings = _settings(config, reader, trained, reading)
        if not files or settings is None:
            continue
        new = [file for file in files if _key(file, settings.input_type) not in known]
        error = _damage(new, settings, reading)
        if error:
            yield _unreadable(error, files)
            continue
        known.update(_key(file, settings.input_type) for file in new)
        if total_size(list(files)) == 0:  # a record takes bytes
            what = number_of(len(files), "record file")
            problem = f"evaluation reads {what} without a single image: it stops"
            yield Finding("input-empty", problem, next(iter(files.values())), _EMPTY_HELP)


_EMPTY_HELP = "it has nothing to make metrics of; write the records anew"


def _key(file: str, input_type: str) -> Hashable:
    return identity(file), input_type


def _settings(
    config: PipelineConfig,
    reader: MergedMessage,
    trained: Optional[LabelMap],
    reading: Reading,
) -> Optional[CountSettings]:
    """How the records of a reader are counted; None where other rules say why they cannot be."""
    named = last_text(config, reader, "label_map_path")
    label_map = (load_label_map(*named)[0] if named else None) or trained
    input_type = reader.enum_name("input_type")
    if input_type not in INPUT_TYPES or (label_map is None and (named or input_type != EXAMPLES)):
        return None
    return CountSettings(input_type, label_map, None, reading.verify)


def _damage(
    files: Sequence[str], settings: CountSettings, reading: Reading
) -> Optional[RecordError]:
    """Why files cannot be read to their end."""
    try:
        for _ in count_files(files, settings, reading.jobs, reading.progress):
            pass
    except RecordError as error:
        return error
    return None


def _unreadable(error: RecordError, files: Mapping[str, SourcePlace]) -> Finding:
    file = error.place.path if error.place else ""
    return unreadable(error, files.get(file, next(iter(files.values()))), "evaluation reads ")
