"""BCCD, the blood cells: real photographs, one class with 85 % of the objects."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

from tfod_weights.demo.records import write_records

SHRINK = 2  # 640 × 480 becomes 320 × 240; the network sees 192 × 192


def write_bccd(source: Path, folder: Path) -> None:
    """Write train.record, val.record and label_map.pbtxt with images of half the size.

    Decoding the photographs anew in every step took a fifth of the time, for pixels that the
    network's resizer throws away. Boxes are shares of the image and stay.

    Args:
        source: Has train.record*, val.record* and label_map.pbtxt.
        folder: Made if need be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for split in ("train", "val"):
        write_records(folder / f"{split}.record", _shrunk(sorted(source.glob(f"{split}.record*"))))
    (folder / "label_map.pbtxt").write_bytes((source / "label_map.pbtxt").read_bytes())


def _shrunk(paths: list[Path]) -> Iterator[bytes]:
    import tensorflow as tf

    for record in tf.data.TFRecordDataset([str(path) for path in paths]):
        example = tf.train.Example.FromString(record.numpy())
        features = example.features.feature
        image = tf.io.decode_jpeg(features["image/encoded"].bytes_list.value[0], ratio=SHRINK)
        features["image/encoded"].bytes_list.value[:] = [
            tf.io.encode_jpeg(image, quality=95).numpy()
        ]
        for side, pixels in zip(("height", "width"), image.shape):
            features[f"image/{side}"].int64_list.value[:] = [pixels]
        yield example.SerializeToString(deterministic=True)
