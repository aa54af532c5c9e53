"""The three to five figures of a phase that matter to the board, from what the phase itself contributes.

A phase that has figures says so in a module `phase_figures`: `figures(member)` gives them, as far as the member may see
them, `XRAY` names what else the findings of the X-ray are about that concern its steps, and `LINKS` are the pages of
the phase that belong to no single step: (label, URL name).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType

from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.phases import Phase, phase_modules
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown
from ssoplanner.web.figure_state import StateLine


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """`part` of `whole` is drawn; None where there is nothing to draw."""

    label: str
    value: str
    note: str
    part: float | None
    whole: float
    url: str = ""

    @property
    def percent(self) -> str:
        """How long it is drawn, of 100; written as SVG does, whatever the plan's format."""
        return f"{100 * (self.part or 0) / self.whole:.1f}"


@dataclass(frozen=True)
class Panel:
    """A few bars with a sentence that says what they show; `heads` name label and value, `more` what is not drawn."""

    key: str
    title: str
    sentence: str
    heads: tuple[str, str]
    bars: tuple[Bar, ...]
    more: str
    url: str
    link: str


@dataclass(frozen=True)
class PhaseFigures:
    """`found` are the results that they come from; `withheld` says why there are none for this reader."""

    figures: tuple[Figure, ...] = ()
    state: StateLine | None = None
    found: Mapping[Key, Shown] = field(default_factory=dict)
    withheld: str = ""
    panels: tuple[Panel, ...] = ()


def figures_of(phase: Phase, member: Member) -> PhaseFigures | None:
    """What the phase contributes; None where it has no figures yet."""
    module = _module(phase)
    return module.figures(member) if module else None


def xray_subjects(phase: Phase) -> frozenset[str]:
    """What findings of the X-ray are about that concern the phase's steps: itself, and what its figures stand on."""
    module = _module(phase)
    return frozenset({phase.key, *(module.XRAY if module else ())})


def links_of(phase: Phase, member: Member) -> list[tuple[str, str]]:
    """(label, address) of those of the phase's own pages that the member may open."""
    module = _module(phase)
    return [
        (label, reverse(name, kwargs={"slug": member.plan.slug}))
        for label, name in (module.LINKS if module else ())
        if member.has(*policy()[name].read)
    ]


def _module(phase: Phase) -> ModuleType | None:
    return next((one for one in phase_modules("phase_figures") if one.__package__ == phase.key), None)
