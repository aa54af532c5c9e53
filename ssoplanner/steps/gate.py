"""The gate at the end of a phase: what its scorecard is, what a decision there rests on, and which tollgates it holds.

A phase that has a gate declares it in a module `gate` as `GATE`, a `GateTool`: the calculation whose result is the
scorecard, the results that it stands on, and the texts. Everything else, from opening the vote to the memo, is shared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from ssoplanner.core.models import Plan
from ssoplanner.phases import phase_modules
from ssoplanner.recompute import clock
from ssoplanner.recompute.calculations import Key, Payload, calculations
from ssoplanner.recompute.compute import INCOMPLETE
from ssoplanner.recompute.reading import State, counters, state_of

OPTIONS = GO, GO_WITH_CONDITIONS, NO_GO = ("Go", "Go with conditions", "No-go")
PASSES = frozenset({GO, GO_WITH_CONDITIONS})


@dataclass(frozen=True)
class ScoreLine:
    """One criterion as people read it; `tone` is that of its mark, `page` the URL name of where it is worked on."""

    key: str
    title: str
    kind: str
    state: str
    label: str
    tone: str
    value: str
    threshold: str
    note: str
    page: str = ""


@dataclass(frozen=True)
class Scorecard:
    """`recommended` is one of the options, or empty where none can be given; `sentence` says it and why."""

    recommended: str
    headline: str
    sentence: str
    lines: tuple[ScoreLine, ...]

    @property
    def met(self) -> int:
        return self._count("met")

    @property
    def not_met(self) -> int:
        return self._count("not_met")

    @property
    def unknown(self) -> int:
        return self._count("unknown")

    def _count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)


@dataclass(frozen=True)
class GateTool:
    """`key` is the result that `scorecard` puts into words; `rests_on` are all results that a decision freezes.

    `more(member)` is what else of the phase the page shows, by `template`.
    """

    phase: str
    key: Key
    rests_on: tuple[Key, ...]
    scorecard: Callable[[Payload, Plan], Scorecard]
    more: Callable[[Any], dict[str, Any]] | None = None
    template: str = ""


@dataclass(frozen=True)
class Tollgate:
    """A transition of the federal playbook, with what of it a gate asks."""

    title: str
    criteria: tuple[str, ...]


SOURCE = "GSA, Modernization and Migration Management playbook"
# Of phase 1 those that `assess.gate` judges; the others are what their gates will ask, and nobody judges them yet.
TOLLGATES: dict[str, tuple[Tollgate, ...]] = {
    "assess": (
        Tollgate(
            "Readiness to selection",
            (
                "Mitigations for the major risks",
                "A first master schedule",
                "An approach to procurement",
                "The quality of the data assessed",
                "A program office defined",
            ),
        ),
    ),
    "design": (
        Tollgate("Readiness to selection", ("Governance defined", "Life-cycle cost estimated")),
        Tollgate(
            "Selection to engagement",
            ("Provider chosen", "Needs stated", "Staffing plan ready", "Cost estimate updated"),
        ),
        Tollgate("Engagement to migration", ("Service levels defined",)),
    ),
    "build": (
        Tollgate(
            "Engagement to migration",
            ("Differences to the standard analysed", "Governance integrated", "Criteria for go and no-go approved"),
        ),
    ),
    "scale": (
        Tollgate(
            "Migration to operations",
            (
                "Criteria of program management met",
                "Criteria of the organization met",
                "Criteria of technology met",
                "Criteria of business operations met",
            ),
        ),
    ),
}


@cache
def gate_tools() -> dict[str, GateTool]:
    """By the key of the phase, those that have one."""
    return {module.GATE.phase: module.GATE for module in phase_modules("gate")}


# --- The results a decision rests on --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A result as it stands: `state` of its counters, and what is stored, if anything is."""

    key: Key
    state: State
    payload: Any = None
    hash: str = ""
    as_of: date | None = None
    built_at: datetime | None = None

    @property
    def title(self) -> str:
        known = calculations().get(self.key[0])
        return known.title if known else self.key[0]

    @property
    def is_current(self) -> bool:
        return self.state is State.CURRENT and bool(self.hash)

    @property
    def is_incomplete(self) -> bool:
        return self.payload is not None and INCOMPLETE in self.payload

    def frozen(self) -> dict[str, Any]:
        return {
            "calculation": self.key[0],
            "partition": self.key[1],
            "title": self.title,
            "hash": self.hash,
            "payload": self.payload,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "built_at": self.built_at.isoformat() if self.built_at else "",
        }


def standings(plan: Plan, keys: Sequence[Key]) -> list[Standing]:
    """These results as stored now, in this order: one query."""
    rows = {(row.calculation, row.partition): row for row in counters(plan.pk, keys).select_related("result")}
    now, found = clock.now(), []
    for key in keys:
        row = rows.get(key)
        result = getattr(row, "result", None) if row else None
        state = state_of(row, now) if row else State.WAITING
        if result is None:
            found.append(Standing(key, state))
            continue
        payload = json.loads(result.payload)
        found.append(Standing(key, state, payload, result.payload_hash, result.as_of, result.built_at))
    return found
