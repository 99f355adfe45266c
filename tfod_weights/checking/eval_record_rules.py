"""Rules about the records of evaluation, which TFOD opens when there is a checkpoint.

Facts from object_detection/model_lib_v2.py (eager_eval_loop, prepare_eval_dict).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Hashable, Iterator, Optional, Sequence

from tfod_weights.checking.data_rules import Reading, box_findings, unreadable
from tfod_weights.checking.file_rules import identity, input_files
from tfod_weights.checking.findings import Finding
from tfod_weights.checking.label_map_rules import load_label_map
from tfod_weights.checking.places import last_text
from tfod_weights.counting import ClassCounts
from tfod_weights.counting.count import INPUT_TYPES
from tfod_weights.counting.meter import total_size
from tfod_weights.counting.shards import CountSettings, count_files
from tfod_weights.counting.summary import summarize
from tfod_weights.counting.tally import Tally
from tfod_weights.errors import RecordError, SourcePlace
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import MergedMessage
from tfod_weights.wording import number_of


def eval_record_findings(
    config: PipelineConfig,
    trained: Optional[LabelMap],
    counts: Optional[ClassCounts],
    reading: Reading,
) -> Iterator[Finding]:
    """Evaluation records that cannot be read, that are none, or whose boxes TFOD cannot take.

    What is said of the boxes of training is not said again.

    Args:
        config: The config.
        trained: The label map of training.
        counts: Of the training records: what is among them is not read again. None: nothing is.
        reading: How the records are read.
    """
    train = config.train_input
    said = {finding.id for finding in box_findings(counts, config.input_place)} if counts else ()
    known = {_key(file, train.input_type) for file in counts.files} if train and counts else set()
    for reader in config.root.messages("eval_input_reader"):
        files = {row.file: row.place for row in input_files(config, reader)}
        settings = _settings(config, reader, trained, reading)
        if not files or settings is None:
            continue
        place = next(iter(files.values()))
        new = [file for file in files if _key(file, settings.input_type) not in known]
        try:
            tally = _tally(new, settings, reading)
        except RecordError as error:
            file = error.place.path if error.place else ""
            yield unreadable(error, files.get(file, place), "evaluation reads ")
            continue
        known.update(_key(file, settings.input_type) for file in new)
        if total_size(list(files)) == 0:  # a record takes bytes
            what = number_of(len(files), "record file")
            problem = f"evaluation reads {what} without a single image: it stops"
            yield Finding("input-empty", problem, place, _EMPTY_HELP)
        for finding in _box_findings(config, tally, settings.label_map, place):
            if finding.id not in said:
                yield finding


# Where evaluation does another thing than training: a class outside 1..num_classes has an
# all-zero row, of which prepare_eval_dict takes the argmax.
_HELPS = {
    "label-out-of-range": "TFOD takes them for objects of class 1",
    "box-inverted": "evaluation stops at the first of them",
}
_EMPTY_HELP = "it has nothing to make metrics of; write the records anew"


def _box_findings(
    config: PipelineConfig, tally: Tally, label_map: Optional[LabelMap], place: SourcePlace
) -> Iterator[Finding]:
    if label_map and not label_map.items:  # said by label_map_findings
        return
    classes = config.num_classes
    counts = summarize([tally], [1], label_map=label_map, num_classes=classes, files=())
    for finding in box_findings(counts, place):
        help = _HELPS.get(finding.id, finding.help)
        yield replace(finding, problem=f"in evaluation, {finding.problem}", help=help)


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
    is_lacking = label_map is None and (named or input_type != "TF_EXAMPLE")
    if input_type not in INPUT_TYPES or is_lacking:
        return None
    return CountSettings(input_type, label_map, None, reading.verify)


def _tally(files: Sequence[str], settings: CountSettings, reading: Reading) -> Tally:
    """What the files hold.

    Raises:
        RecordError: as `count_files`.
    """
    total = Tally()
    for tally in count_files(files, settings, reading.jobs, reading.progress):
        total.add(tally)
    return total
