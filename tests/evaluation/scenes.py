"""Small scenes with what is hard: equal scores, crowds, mistaken classes, a gap in the ids."""

from __future__ import annotations

import random

from tfod_weights.evaluation import DetectedImages, Detection, GroundtruthObject

NAMES = {1: "cell", 2: "clot", 4: "cyst"}


def scene(
    seed: int,
    images: int = 6,
    *,
    names: dict[int, str] = NAMES,
    quality: float = 0.8,
    crowds: bool = True,
) -> DetectedImages:
    """Boxes at random places, most of them seen, some as another class, and some of nothing.

    Args:
        seed: The same gives the same.
        images: How many.
        names: class_id -> name; the first classes have most objects.
        quality: From 0, seen anywhere, to 1, seen exactly.
        crowds: Whether some objects are crowds.
    """
    rng = random.Random(seed)
    class_ids = list(names)
    objects, detections = [], []
    for image_id in range(1, images + 1):
        for _ in range(rng.randint(0, 6)):
            class_id = class_ids[min(rng.randrange(len(class_ids)), rng.randrange(len(class_ids)))]
            x, y, width, height = (float(rng.randint(5, 60)) for _ in range(4))
            is_crowd = crowds and rng.random() < 0.1
            box = (x, y, width, height)
            objects.append(GroundtruthObject(image_id, class_id, box, width * height, is_crowd))
            for _ in range(rng.randint(0, 2)):
                shift = (1 - quality) * rng.uniform(-30, 30)
                seen = class_id if rng.random() < quality else rng.choice(class_ids)
                # Few different scores, so that some are equal.
                score = rng.randint(1, 20) / 20
                shifted = (x + shift, y + shift / 2, width, height)
                detections.append(Detection(image_id, seen, shifted, score))
        for _ in range(rng.randint(0, 2)):
            box = (rng.uniform(0, 60), rng.uniform(0, 60), 20.0, 20.0)
            detections.append(Detection(image_id, rng.choice(class_ids), box, rng.random()))
    return DetectedImages(names, list(range(1, images + 1)), objects, detections)
