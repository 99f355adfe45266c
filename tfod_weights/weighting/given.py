"""Class weights that the user gives, as a sequence or as a file by class name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Mapping, Optional, Union

from tfod_weights.errors import SourcePlace, UsageError, WeightsError
from tfod_weights.suggestions import closest
from tfod_weights.weighting.checks import positive_number, require_count, require_usable_size
from tfod_weights.weighting.weights import ClassWeight, ClassWeights

if TYPE_CHECKING:
    from tfod_weights.weighting.weights_file import Entry


def given_weights(
    values: Iterable[float],
    *,
    names: Optional[Mapping[int, str]] = None,
    num_classes: Optional[int] = None,
    source: Optional[str] = None,
) -> ClassWeights:
    """Weights as the user gives them, unscaled.

    Args:
        values: Unitless weights by class_index: the first belongs to class_id 1. ClassWeights
            are returned as they are.
        names: class_id (one-based) -> class name; an id without one is a gap.
        num_classes: How many there must be.
        source: Where they came from, for tables and errors.

    Raises:
        UsageError: `values` is no sequence of numbers.
        WeightsError: A weight is NaN, infinite, zero, negative or no number, or their number
            is not `num_classes`.

    >>> given_weights([1, 5], names={1: "RBC", 2: "WBC"}).rows[1]
    ClassWeight(class_id=2, name='WBC', objects=None, images=None, weight=5.0, is_gap=False)
    """
    if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__iter__"):
        raise UsageError(f"weights must be a sequence of numbers, not {values!r}")
    weights = [positive_number(v, f"weight of class_id {c}") for c, v in enumerate(values, 1)]
    size = _size(names, num_classes)
    if num_classes is None:
        size = max(size, len(weights))
    if not weights or len(weights) != size:
        raise WeightsError(
            f"there are {len(weights)} weights for num_classes {size}",
            help="give one weight per class_id from 1 to num_classes, and 1 for an unused id",
        )
    if isinstance(values, ClassWeights):
        return values
    return ClassWeights(_rows(dict(enumerate(weights, 1)), names, size), source=source)


def weights_from_file(
    path: Union[str, os.PathLike[str]],
    names: Mapping[int, str],
    num_classes: Optional[int] = None,
) -> ClassWeights:
    """Weights by class name from a JSON, CSV or `name: weight` file.

    The file is UTF-8 and holds one of
    - a JSON object `{"RBC": 1, "WBC": 5}`, or what `weights --format json` prints;
    - lines `RBC: 1` or `RBC,1`, with `#` comments and quotes around a name where needed;
    - a CSV table whose header has the columns `name` and `weight`.

    Args:
        path: The file.
        names: class_id (one-based) -> class name; an id without one is a gap and weighs 1.
        num_classes: How many weights there must be; default: the highest class_id.

    Raises:
        UsageError: There are no names.
        WeightsError: The file cannot be read, names an unknown class or one twice, misses
            one, or holds a weight that is no finite number above 0; with line and column.
    """
    from tfod_weights.weighting.weights_file import read_entries

    size = _size(names, num_classes)
    place = SourcePlace(os.fspath(path))
    ids = _ids_by_name({c: name for c, name in names.items() if 1 <= c <= size})
    if not ids:
        raise UsageError(
            "a weights file goes by class names, but there are none",
            help="name the label map, or pass the weights as a list",
        )
    found: dict[int, Entry] = {}
    for entry in read_entries(_read_text(place), place.path):
        class_id = _class_id(entry, ids)
        if class_id in found:
            raise WeightsError(
                f"a second weight for class {entry.name!r}",
                place=entry.name_place,
                help=f"the first is in line {found[class_id].name_place.line}",
            )
        found[class_id] = entry
    _require_all(ids, found, place)
    weights = {
        class_id: positive_number(e.weight, f"weight of {e.name!r}", place=e.weight_place)
        for class_id, e in found.items()
    }
    return ClassWeights(_rows(weights, names, size), source=place.path)


def _size(names: Optional[Mapping[int, str]], num_classes: Optional[int]) -> int:
    """num_classes, or else the highest class_id that has a name."""
    if num_classes is None:
        size = max(names or (), default=0)
        require_usable_size(size, "the highest class_id")
    else:
        size = require_count("num_classes", num_classes)
        require_usable_size(size, "num_classes")
    return size


def _rows(
    weights: Mapping[int, float], names: Optional[Mapping[int, str]], size: int
) -> tuple[ClassWeight, ...]:
    if names is None:
        return tuple(ClassWeight(c, str(c), weight=weights[c]) for c in range(1, size + 1))
    return tuple(
        ClassWeight(c, names[c], weight=weights[c])
        if c in names
        else ClassWeight(c, str(c), weight=weights.get(c, 1.0), is_gap=True)
        for c in range(1, size + 1)
    )


def _ids_by_name(names: Mapping[int, str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for class_id, name in sorted(names.items()):
        if ids.setdefault(name, class_id) != class_id:
            raise WeightsError(
                f"class_id {ids[name]} and class_id {class_id} are both named {name!r}",
                help="pass the weights as a list, in class_id order",
            )
    return ids


def _read_text(place: SourcePlace) -> str:
    try:
        return Path(place.path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise WeightsError(f"cannot be read: {error.strerror}", place=place) from None
    except UnicodeDecodeError as error:
        raise WeightsError(f"is not UTF-8 at byte {error.start}", place=place) from None


def _class_id(entry: Entry, ids: Mapping[str, int]) -> int:
    if entry.name in ids:
        return ids[entry.name]
    guess = closest(entry.name, tuple(ids))
    raise WeightsError(
        f"there is no class {entry.name!r}",
        place=entry.name_place,
        help=f"did you mean {guess!r}?" if guess else f"the classes are {', '.join(ids)}",
    )


def _require_all(ids: Mapping[str, int], found: Mapping[int, Entry], place: SourcePlace) -> None:
    missing = [repr(name) for name, class_id in ids.items() if class_id not in found]
    if missing:
        raise WeightsError(
            f"no weight for {', '.join(missing)}",
            place=place,
            help="name every class of the label map; weight 1 leaves a class as it is",
        )
