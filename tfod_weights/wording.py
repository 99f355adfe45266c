"""Numbers in sentences."""

from __future__ import annotations


def number_of(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Args:
        number: How many.
        one: The noun for one.
        many: For any other number; by default with an s.

    >>> number_of(1, "box", "boxes"), number_of(2400, "weight")
    ('1 box', '2,400 weights')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
