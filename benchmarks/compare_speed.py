"""How long a comparison takes, on matches made up in the size of COCO's val2017.

python benchmarks/compare_speed.py --images 5000 --classes 80 --detections 100
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from tfod_weights import ClassMetrics, Evaluation, GroupMetrics, compare_evaluations
from tfod_weights.evaluation.result import ClassMatches

OBJECTS = 7.3  # per image, as in val2017
FOUND = 0.7


def made_class(
    class_id: int, images: int, objects: int, detections: int, seed: int
) -> ClassMatches:
    """Objects are the same for every seed, detections are not."""
    truth, model = np.random.default_rng(class_id), np.random.default_rng([class_id, seed])
    places = truth.integers(images, size=objects)
    right = places[model.random(objects) < FOUND][:detections]
    wrong = model.integers(images, size=detections - len(right))
    scores = np.concatenate([model.beta(3, 2, len(right)), model.beta(1, 4, len(wrong))])
    up_to = np.concatenate([model.integers(1, 11, len(right)), np.zeros(len(wrong), int)])
    order = np.argsort(-scores, kind="stable")
    numbers = np.bincount(places, minlength=images)
    return ClassMatches(
        images=tuple(np.concatenate([right, wrong])[order].tolist()),
        scores=tuple(scores[order].tolist()),
        matched=tuple(((1 << up_to[order]) - 1).tolist()),
        ignored=(0,) * detections,
        objects={int(place): int(numbers[place]) for place in numbers.nonzero()[0]},
    )


def made_evaluation(images: int, classes: int, detections: int, seed: int) -> Evaluation:
    """Metrics of classes that are as frequent as 1, 1/2, 1/3 and so on."""
    shares = 1 / np.arange(1, classes + 1)
    shares /= shares.sum()
    matches = {
        class_id: made_class(
            class_id,
            images,
            objects=int(images * OBJECTS * share) + 1,
            detections=int(images * detections * share),
            seed=seed,
        )
        for class_id, share in enumerate(shares, start=1)
    }
    rows = tuple(
        ClassMetrics(class_id, str(class_id), sum(one.objects.values()), len(one.objects))
        for class_id, one in matches.items()
    )
    groups = (GroupMetrics("all", tuple(matches)),)
    return Evaluation(images, 0.5, 0.5, rows, groups, {}, (), matches, {})


def main() -> None:
    """Print seconds and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--classes", type=int, default=80)
    parser.add_argument("--detections", type=int, default=100, help="per image")
    parser.add_argument("--resamples", type=int, default=1000)
    arguments = parser.parse_args()
    size = (arguments.images, arguments.classes, arguments.detections)
    runs = [made_evaluation(*size, seed=seed) for seed in range(2)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    compare_evaluations(*runs, resamples=arguments.resamples)
    seconds = time.perf_counter() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{seconds:.1f} s, {grown / 1024:.0f} MB above the metrics")


if __name__ == "__main__":
    main()
