"""Numbers as tables show them."""

from __future__ import annotations

import math
from typing import Sequence


def count_text(number: float) -> str:
    """A count with thousands separators; one decimal where it is not whole.

    >>> count_text(2382), count_text(1190.25)
    ('2,382', '1,190.2')
    """
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def share_text(share: float) -> str:
    """A share of 1 in per cent, with one decimal.

    >>> share_text(0.849), share_text(0.00001), share_text(0)
    ('84.9%', '<0.1%', '0.0%')
    """
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def ratio_text(ratio: float) -> str:
    """How many times as large, with three digits.

    >>> ratio_text(11.397), ratio_text(2.0), ratio_text(12345.6)
    ('11.4', '2', '12,346')
    """
    return f"{ratio:,.0f}" if ratio >= 1000 else f"{ratio:.3g}"


def significant(number: float, digits: int = 4) -> str:
    """A number above 0 with `digits` significant digits, in plain notation where that is short.

    >>> significant(0.7378583), significant(11.397), significant(12345.6), significant(2e-9)
    ('0.7379', '11.40', '12346', '2.000e-09')
    """
    if not 1e-4 <= number < 1e6:
        return f"{number:.{digits - 1}e}"
    rounded = float(f"{number:.{digits - 1}e}")
    return f"{number:.{max(0, digits - 1 - math.floor(math.log10(rounded)))}f}"


def aligned(texts: Sequence[str]) -> list[str]:
    """Numbers padded on the right so that their decimal points stand in one column.

    >>> aligned(["0.7379", "11.40", "1", ""])
    ['0.7379', '11.40  ', '1     ', '']
    """
    tails = [len(text.partition(".")[2]) for text in texts]
    longest = max(tails, default=0)
    dots = [1 if "." not in text and longest else 0 for text in texts]
    return [
        text and text + " " * (longest - tail + dot) for text, tail, dot in zip(texts, tails, dots)
    ]
