"""What each agency, service or row adds to a figure: phases say so in their modules `traces`.

Such a module has PARTS, calculation key -> function(member, partition, figures, asked) that makes `Parts`, and FIGURES,
calculation key -> the figures that one may ask about one by one. It may have REGISTERS, kind of row -> the page on
which such rows are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.phases import phase_modules
from ssoplanner.web.listing import Listing


@dataclass(frozen=True)
class PartLine:
    """A row of the table: its name, where it leads, what it adds, and who gave it last."""

    name: str
    url: str
    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Parts:
    title: str
    sentence: str
    listing: Listing[Any]
    lines: Sequence[PartLine]


@dataclass(frozen=True)
class Figure:
    """One of the figures of a result: how it is worked out, in words and with its numbers."""

    key: str
    label: str
    value: str
    formula: str
    numerator: str
    denominator: str


MakeParts = Callable[[Member, str, Mapping[str, Any], QueryDict], Parts | None]
MakeFigures = Callable[[Mapping[str, Any], Plan], Sequence[Figure]]


def parts_of(key: str) -> MakeParts | None:
    """What makes the parts of a calculation's result, if its phase says."""
    return next((module.PARTS[key] for module in phase_modules("traces") if key in module.PARTS), None)


def figures_of(key: str) -> MakeFigures | None:
    return next((module.FIGURES[key] for module in phase_modules("traces") if key in module.FIGURES), None)
