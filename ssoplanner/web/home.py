"""What phases show on the home page of a plan: their modules `home` list functions that make a panel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ssoplanner.access.gate import Member
from ssoplanner.phases import phase_modules


@dataclass(frozen=True)
class Panel:
    """A part of the home page: its template, which finds `context` under the name `panel`."""

    template: str
    context: Mapping[str, Any]


def panels(member: Member) -> Iterator[Panel]:
    """The panels of all phases in order, for what the member may see."""
    for module in phase_modules("home"):
        for make in module.PANELS:
            yield make(member)
