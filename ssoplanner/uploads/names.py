"""What the name of an uploaded file may be."""

import re

from ssoplanner.uploads.limits import MAX_NAME_CHARS
from ssoplanner.uploads.refusal import UploadRefused

# Control characters, separators of folders, and marks that turn the direction of writing, which can hide an ending.
_NEVER_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def check_name(name: str, endings: str) -> None:
    """Raises UploadRefused for a name that is empty, too long or holds what no name does; `endings` it should have."""
    if not name.strip():
        raise UploadRefused("The file has no name.", f"Give it a name that ends in {endings} and upload it again.")
    if len(name) > MAX_NAME_CHARS or _NEVER_IN_A_NAME.search(name):
        raise UploadRefused(
            "The name of the file is too long or holds characters that names do not have.",
            "Rename it with letters, digits and spaces and upload it again.",
        )


def ending_of(name: str) -> str:
    """What stands behind the last dot, in small letters."""
    return name.rpartition(".")[2].casefold() if "." in name else ""
