"""Python values as protobuf's text format writes them."""

from __future__ import annotations

from google.protobuf import text_encoding

from tfod_weights.errors import UsageError


def string_literal(text: str) -> str:
    r"""A text as a string of protobuf's text format, in quotes.

    >>> print(string_literal('C:\\data "new"/größe'))
    "C:\\data \"new\"/größe"

    Raises:
        UsageError: it is no text that UTF-8 can hold, such as an undecodable file name.
    """
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        problem = f"{text!r} is not UTF-8, which is all that a config can hold"
        raise UsageError(problem, help="rename the file or folder") from error
    return f'"{text_encoding.CEscape(content, as_utf8=True)}"'
