"""JSON files that anybody may have written."""

from __future__ import annotations

import json
from typing import Any

from tfod_weights.errors import SourcePlace, TfodWeightsError
from tfod_weights.files import StrPath, read_text

_BOM = "\ufeff"


def read_json(path: StrPath, error: type[TfodWeightsError] = TfodWeightsError) -> Any:
    """What a JSON file says, as JSON types; a UTF-8 BOM before it is left out.

    Raises:
        error: the file cannot be read, or is not JSON; with line and column.
        TextFormatError: it is not UTF-8.
    """
    text = read_text(path, error)
    try:
        return json.loads(text[text.startswith(_BOM) :])
    except json.JSONDecodeError as reason:
        place = SourcePlace(str(path), reason.lineno, reason.colno)
        raise error(f"not JSON: {reason.msg}", place=place) from None
    except (RecursionError, ValueError) as reason:
        deep = isinstance(reason, RecursionError)
        problem = "it is nested too deeply" if deep else "a number in it has too many digits"
        help = "make the file anew: what is to be in it needs neither"
        raise error(problem, place=SourcePlace(str(path)), help=help) from None
