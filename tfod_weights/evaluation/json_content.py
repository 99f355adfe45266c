"""Values of JSON that anybody may have written, taken only as what they should be."""

from __future__ import annotations

import math
import reprlib
from typing import Any, Union

_MOST = 2**31 - 1  # an id of a label map is an int32
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


def shown(value: object) -> str:
    """A value as an error shows it, shortened.

    >>> print(shown(None), shown(True), shown("a"), shown([1, 2]), shown(10**99))
    null true 'a' [1, 2] 100000000000000000...0000000000000000000
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _SHOWN.repr(value)


def number(value: Any, what: str) -> float:
    """A finite number.

    Raises:
        ValueError: it is none; it calls the value `what`.
    """
    if is_number(value) and -math.inf < value < math.inf:
        try:
            return float(value)
        except OverflowError:  # an integer of hundreds of digits
            pass
    raise ValueError(f"{what} is {shown(value)}")


def whole(value: Any, what: str, most: int = _MOST) -> int:
    """A whole number from 0 to `most`, also if it is written as 1.0.

    Raises:
        ValueError: it is none; it calls the value `what`.
    """
    if is_number(value) and 0 <= value <= most and value == int(value):
        return int(value)
    raise ValueError(f"{what} is {shown(value)}")


def image_id(value: Any, what: str) -> Union[int, str]:
    """The id of an image: a text or a whole number.

    Raises:
        ValueError: it is none; it calls the value `what`.
    """
    if isinstance(value, str):
        return value
    if is_number(value) and value == value // 1 and abs(value) < math.inf:
        return int(value)
    raise ValueError(f"{what} is {shown(value)}")


def is_number(value: Any) -> bool:
    """Whether JSON says a number; Python takes true for one, too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
