"""Text that is none: a NUL character, and half of a surrogate pair. PostgreSQL can neither store it nor look for it."""

from __future__ import annotations

import re

NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def is_text(value: str) -> bool:
    """Whether a database can hold it."""
    return NO_TEXT.search(value) is None
