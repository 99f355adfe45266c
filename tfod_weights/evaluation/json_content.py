"""JSON that anybody may have written: read, and its values taken only as what they should be."""

from __future__ import annotations

import math
import reprlib
from typing import Any, Union

from tfod_weights.errors import EvaluationError, SourcePlace
from tfod_weights.files import StrPath, read_text

_BOM = "\ufeff"
_MOST = 2**31 - 1  # an id of a label map is an int32
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


def read_content(path: StrPath) -> Any:
    """What a JSON file says, as JSON types; a UTF-8 BOM before it is left out.

    Raises:
        EvaluationError: the file cannot be read, or is not JSON; with line and column.
        TextFormatError: it is not UTF-8.
    """
    import json

    text = read_text(path, EvaluationError)
    try:
        return json.loads(text[len(_BOM) :] if text.startswith(_BOM) else text)
    except json.JSONDecodeError as reason:
        place = SourcePlace(str(path), reason.lineno, reason.colno)
        raise EvaluationError(f"not JSON: {reason.msg}", place=place) from None
    except (RecursionError, ValueError) as reason:
        deep = isinstance(reason, RecursionError)
        problem = "it is nested too deeply" if deep else "a number in it has too many digits"
        help = "make the file anew; no program that evaluates detections writes this"
        raise EvaluationError(problem, place=SourcePlace(str(path)), help=help) from None


def escaped(text: str) -> str:
    r"""JSON with an escape for what UTF-8 cannot hold: a half of a surrogate pair.

    Names in JSON files may have one, and so have names of files that are not UTF-8.

    >>> print(escaped('{"name": "\ud800é"}'))
    {"name": "\ud800é"}
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


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
