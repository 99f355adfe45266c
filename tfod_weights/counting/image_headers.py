"""Format and size of an image by its first bytes: JPEG, PNG, GIF, BMP and WebP.

Reads from a range of a buffer and touches only the bytes that it needs, so that of a mapped
file a page or two is read, however large the image is.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Optional

from tfod_weights.counting.wire import Buffer

JPEG, PNG, GIF, BMP, WEBP = "jpeg", "png", "gif", "bmp", "webp"

_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # SOF0 to SOF15
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RST0 to RST7, SOI
_END_OF_HEADERS = frozenset({0xD9, 0xDA})  # EOI, SOS


@dataclass(frozen=True)
class ImageHeader:
    """What an image says of itself.

    Attributes:
        format: jpeg, png, gif, bmp or webp.
        width, height: In pixels; None where the header is damaged or of a kind not read here.
    """

    format: str
    width: Optional[int] = None
    height: Optional[int] = None


def read_image_header(buffer: Buffer, start: int, stop: int) -> Optional[ImageHeader]:
    r"""The header of the image in a range of a buffer; None if it is of no known format.

    >>> read_image_header(b"GIF89a\x08\x00\x06\x00", 0, 10)
    ImageHeader(format='gif', width=8, height=6)
    """
    head = buffer[start : min(stop, start + 32)]
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(buffer, start + 2, stop)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _sized(PNG, ">II", head, 16)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _sized(GIF, "<HH", head, 6)
    if head.startswith(b"BM"):
        return _bmp(head)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return ImageHeader(WEBP)
    return None


def _sized(format: str, layout: str, head: bytes, at: int) -> ImageHeader:
    size = struct.Struct(layout)
    if len(head) < at + size.size:
        return ImageHeader(format)
    return ImageHeader(format, *size.unpack_from(head, at))


def _bmp(head: bytes) -> ImageHeader:
    """Of BITMAPINFOHEADER and its successors; a negative height means top-down rows."""
    header = _sized(BMP, "<ii", head, 18)
    if header.height is None:
        return header
    return ImageHeader(BMP, header.width, abs(header.height))


def _jpeg(buffer: Buffer, at: int, stop: int) -> ImageHeader:
    """Step from segment to segment up to the frame header, which has the size."""
    while at + 4 <= stop and buffer[at] == 0xFF:
        marker = buffer[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        elif marker in _END_OF_HEADERS:
            break
        elif marker in _FRAME_HEADERS and at + 9 <= stop:
            height, width = struct.unpack(">HH", buffer[at + 5 : at + 9])
            return ImageHeader(JPEG, width, height)
        else:
            at += 2 + int.from_bytes(buffer[at + 2 : at + 4], "big")
    return ImageHeader(JPEG)
