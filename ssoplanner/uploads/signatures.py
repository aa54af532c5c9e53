"""The first bytes by which containers are known, and what an old container holds."""

from typing import Literal

ZIP_START = b"PK\x03\x04"
COMPOUND_FILE_START = bytes.fromhex("D0CF11E0A1B11AE1")  # the container of old Office files and of encrypted new ones


def compound_kind(content: bytes) -> Literal["encrypted", "workbook", "other"]:
    """What a compound file is, by the names of its streams."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return "encrypted"
    return "workbook" if holds("Workbook") or holds("Book") else "other"
