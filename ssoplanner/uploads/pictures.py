"""Pictures, looked at only as far as their size in pixels stands in them; none is decoded.

Source: PNG (ISO/IEC 15948), 11.2.2; JPEG (ITU-T T.81), B.1 and B.2.
"""

import struct

from ssoplanner.uploads.refusal import UploadRefused

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
SAVE_PICTURE = "Open it in a program for pictures, save it as a new PNG or JPEG and upload that one."
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers that begin a frame; these three do not
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def check_picture(content: bytes, kind: str) -> None:
    """Raises UploadRefused unless the size of the picture, "png" or "jpeg", can be read."""
    try:
        width, height = _png_size(content) if kind == "png" else _jpeg_size(content)
    except (struct.error, IndexError):
        width = height = 0
    if not width or not height:
        raise UploadRefused("The width and height of the picture cannot be read.", SAVE_PICTURE)


def _png_size(content: bytes) -> tuple[int, int]:
    length, kind, width, height = struct.unpack_from(">I4sII", content, len(PNG_START))
    return (width, height) if (length, kind) == (13, b"IHDR") else (0, 0)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker in _ALONE:  # fill bytes may stand before a marker
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        length = struct.unpack_from(">H", content, at + 2)[0]
        if marker in {0xD9, 0xDA} or length < 2:  # the end, or the data before any frame
            break
        at += 2 + length
    return 0, 0
