"""When a capability counts as rated by an agency.

It is not performed, or its ownership, its importance and the maturity of at least one pillar are given.
"""

from __future__ import annotations

from collections.abc import Iterable

NOT_PERFORMED = "none"


def is_rated(ownership: str, importance: float | None, maturities: Iterable[float | None]) -> bool:
    """By what the agency said; an empty ownership is not known."""
    if ownership == NOT_PERFORMED:
        return True
    return bool(ownership) and importance is not None and any(level is not None for level in maturities)
