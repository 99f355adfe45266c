"""Class-balanced sampling for trainers that cannot run the runtime: new records, new config."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Sequence

from tfod_weights.count_config import config_label_map, labelled_reader
from tfod_weights.counting import Progress, expand_inputs, expand_patterns, literal_pattern
from tfod_weights.errors import UsageError
from tfod_weights.files import StrPath
from tfod_weights.folders import make_folder, require_possible_folder
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import InputReader, PipelineConfig
from tfod_weights.pipeline.rewritten import RewrittenConfig
from tfod_weights.pipeline.strip import without_sampling
from tfod_weights.sampling import ClassSampling, plan_copies, require_examples
from tfod_weights.sampling.resampling import Resampler, Shard, require_new
from tfod_weights.sampling.result import DrawnClasses, compare_drawn
from tfod_weights.textformat import Edit, Scalar, apply_edits
from tfod_weights.textformat.literals import string_literal
from tfod_weights.weigh_config import Recipe, new_sampling

_SHARD_NUMBER = re.compile(r"-\d{5}-of-\d{5}$")


@dataclass(frozen=True)
class ResampledInput:
    """The new record files of one `input_path`.

    Attributes:
        pattern: Matches them.
        shards: The files.
        resampler: What is in them.
    """

    pattern: str
    shards: tuple[Shard, ...]
    resampler: Resampler


@dataclass(frozen=True)
class ResampledConfig(RewrittenConfig):
    """A config that names resampled records. Nothing is written before `write_all`.

    Attributes:
        inputs: The new record files.
        drawn: The class distribution before and after.
    """

    inputs: tuple[ResampledInput, ...]
    drawn: DrawnClasses

    def require_new(self) -> None:
        """Refuse to write over files.

        Raises:
            TfodWeightsError: one of the files to write exists already.
        """
        require_new([self.path, *(shard.path for one in self.inputs for shard in one.shards)])

    def write_all(self, progress: Optional[Progress] = None) -> None:
        """Write the record files, each in one step, and after them the config.

        Args:
            progress: Called with (bytes done, bytes in all) for each input.

        Raises:
            TfodWeightsError: a file exists already, or cannot be written.
        """
        self.require_new()
        make_folder(Path(self.path).parent)
        for one in self.inputs:
            one.resampler.write(one.shards, progress)
        self.write()


def resample_config(
    path: StrPath,
    folder: StrPath,
    *,
    sampling: Optional[ClassSampling] = None,
    label_map: Optional[StrPath] = None,
    progress: Optional[Progress] = None,
    **scheme: Any,
) -> ResampledConfig:
    """Plan records that hold each image as often as class sampling expects it in a pass.

    Args:
        path: The config.
        folder: For the new records and the new config, which has the old one's name. It names
            the new records and has no `class_sampling`; all else stays, also what patching added.
        sampling: How to draw; without class weights or repeat factors of its own, its weights
            are computed from the records. None: as the config's own `class_sampling` says.
        label_map: Instead of the one that the config names.
        progress: Called with (bytes done, bytes in all) while records are read.
        **scheme: As for `class_weights`.

    Raises:
        TfodWeightsError: one of its kinds.
    """
    new_path = os.path.join(folder, Path(path).name)  # noqa: PTH118
    require_possible_folder(folder)
    require_new([new_path])
    config = PipelineConfig.load(path)
    config.require_valid()
    reader = config.require_train_input()
    require_examples(reader.input_type)
    labels = config_label_map(config, label_map)
    recipe = Recipe(config, labels, None, progress, scheme)
    chosen = _chosen(config, reader, sampling, recipe)
    counts = recipe.counts  # before the rest: its errors have places, and it shows its progress
    inputs = _resampled(config, reader, labels, chosen, os.fspath(folder))
    objects, expected = Counter[int](), Counter[int]()
    for one in inputs:
        objects.update(one.resampler.objects)
        expected.update(one.resampler.expected)
    images = sum(one.resampler.images for one in inputs)
    result = ResampledConfig(
        path=new_path,
        original=config.text,
        text=_renamed(config, dict(zip(_places(reader), (one.pattern for one in inputs)))),
        inputs=tuple(inputs),
        drawn=compare_drawn(counts, expected, objects, images),
    )
    result.require_new()
    return result


def _chosen(
    config: PipelineConfig,
    reader: InputReader,
    sampling: Optional[ClassSampling],
    recipe: Recipe,
) -> ClassSampling:
    if sampling is not None:
        chosen = new_sampling(sampling, recipe, None, "none").sampling
    elif reader.class_sampling is not None:
        chosen = reader.class_sampling
    else:
        problem = f"{config.path}: the config has no class_sampling"
        raise UsageError(problem, help="say how to draw: --sampling mean")
    for fault in chosen.faults(config.num_classes):
        raise UsageError(f"{config.path}: {fault.problem}", help=fault.help)
    return chosen


def _resampled(
    config: PipelineConfig,
    reader: InputReader,
    label_map: Optional[LabelMap],
    sampling: ClassSampling,
    folder: str,
) -> list[ResampledInput]:
    read = labelled_reader(config, label_map)
    used = expand_inputs(reader.input_path, reader.sample_weights or None)
    plan = plan_copies(sampling, (record.class_ids for record in read(used.all_files)))
    rng, inputs = random.Random(sampling.seed), []
    files_of_inputs = expand_patterns([reader.input_path[place] for place in _places(reader)])
    for files, prefix in zip(files_of_inputs, _prefixes(folder, files_of_inputs)):
        resampler = Resampler(plan.copies, rng)
        for file in files:
            resampler.add_file(file, read([file]))
        shards = tuple(resampler.shards(prefix))
        pattern = f"{literal_pattern(prefix)}-?????-of-{len(shards):05d}"
        inputs.append(ResampledInput(pattern, shards, resampler))
    return inputs


def _places(reader: InputReader) -> list[int]:
    """Which of the `input_path`s TFOD reads: all but those with a sample weight of 0."""
    weights = reader.sample_weights or [1.0] * len(reader.input_path)
    return [place for place, weight in enumerate(weights) if weight]


def _prefixes(folder: str, files_of_inputs: Sequence[Sequence[str]]) -> Iterator[str]:
    """Path and name, up to the shard number, of the new files of each input."""
    taken: set[str] = set()
    for files in files_of_inputs:
        name = _SHARD_NUMBER.sub("", Path(files[0]).name)
        free = (f"{name}-{n}" if n > 1 else name for n in count(1))
        name = next(one for one in free if one not in taken)
        taken.add(name)
        yield os.path.join(folder, name)  # noqa: PTH118


def _renamed(config: PipelineConfig, patterns: Mapping[int, str]) -> str:
    """The config's text without class sampling, some of its training `input_path`s replaced.

    Args:
        config: The config.
        patterns: Place of an `input_path` -> what it names instead.
    """
    config = without_sampling(config)
    reader = config.root.message("train_input_reader")
    records = reader.message("tf_record_input_reader") if reader else None
    fields = records.occurrences("input_path") if records else []
    nodes = [node for field in fields for node in field.values() if isinstance(node, Scalar)]
    edits = [
        Edit(nodes[place].start, nodes[place].end, string_literal(pattern))
        for place, pattern in patterns.items()
    ]
    return apply_edits(config.text, edits)
