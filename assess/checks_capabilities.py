"""What the X-ray finds in the architecture: what nobody rated, and what nobody concluded anything of yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from assess.models import Candidate, Capability, CapabilityRating, DuplicateFinding
from assess.policy import JUDGES
from ssoplanner.core.models import Agency, AgencyStatus, Role, System
from ssoplanner.recompute.reading import shown_all
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import Finding, Link, Rule, Scope, Severity, Source

CANDIDATES = "assess.candidates"
FIRST = 10  # of the ranking: those that a board will ask about
EVERYBODY = (Role.OFFICE, Role.LEAD)


@dataclass(frozen=True)
class Function:
    """A function with several systems in use, and whether people said what they are."""

    name: str
    systems: int
    judged: bool


def _leaves(scope: Scope) -> Any:
    rows = Capability.objects.using(scope.db).filter(plan=scope.plan)
    below = Capability.objects.using(scope.db).filter(plan=scope.plan, parent=OuterRef("pk"))
    rated = CapabilityRating.objects.using(scope.db).filter(plan=scope.plan, capability=OuterRef("pk"))
    return rows.filter(~Exists(below)).annotate(is_rated=Exists(rated))


def _functions(scope: Scope) -> Iterator[Function]:
    inside = Agency.objects.using(scope.db).filter(plan=scope.plan).exclude(status=AgencyStatus.LEFT)
    used = System.objects.using(scope.db).filter(plan=scope.plan, agencies__in=inside)
    found: dict[str, list[str]] = {}
    for _, function in used.values_list("pk", "function").distinct():
        found.setdefault(_plain(function), []).append(function)
    findings = DuplicateFinding.objects.using(scope.db).filter(plan=scope.plan)
    said = {_plain(function) for function in findings.values_list("function", flat=True)}
    for key, names in sorted(found.items()):
        if len(names) > 1:
            yield Function(min(names), len(names), key in said)


def _plain(function: str) -> str:
    return " ".join(function.split()).casefold()


def _first(scope: Scope) -> Any:
    """The capabilities that lead the ranking, in its order, with whether there is a verdict."""
    found = shown_all(scope.plan.pk, CANDIDATES, using=scope.db).get("")
    figures = found.figures if found else None
    keys = figures["ranking"]["capability"][:FIRST] if figures else []
    verdict = Candidate.objects.using(scope.db).filter(plan=scope.plan, capability=OuterRef("pk"))
    rows = Capability.objects.using(scope.db).filter(plan=scope.plan, pk__in=keys)
    return sorted(rows.annotate(has_verdict=Exists(verdict)), key=lambda row: keys.index(row.pk))


def _capability(row: Capability, scope: Scope) -> Finding:
    return Finding(f"{row} ({row.code})", (Link("capability", {"capability_id": row.pk}),))


def _function(row: Function, scope: Scope) -> Finding:
    count = formats.counted(row.systems, "system", "systems", scope.plan)
    return Finding(f"{row.name}: {count}", (Link("duplicates"),))


def _candidate(row: Capability, scope: Scope) -> Finding:
    return Finding(str(row), (Link("candidate_verdict", {"capability_id": row.pk}), Link("candidates")))


RULES = (
    Rule(
        key="assess.capability_not_rated",
        title="Capabilities that nobody rated",
        why="The map shows nothing for them; rate them, or take them out of the tree.",
        severity=Severity.LOOK,
        about="assess",
        source=Source(_leaves),
        is_wrong=lambda row, scope: not row.is_rated,
        finding=_capability,
        mends=EVERYBODY,
    ),
    Rule(
        key="assess.duplicates_not_judged",
        title="Functions with several systems that nobody judged",
        why="Whether they are duplicates decides what a shared platform replaces.",
        severity=Severity.SHOULD,
        about="assess",
        source=Source(_functions),
        is_wrong=lambda row, scope: not row.judged,
        finding=_function,
        mends=JUDGES,
    ),
    Rule(
        key="assess.candidate_no_verdict",
        title="Leading candidates for sharing without a verdict",
        why="The functional scope begins with those that are proposed.",
        severity=Severity.SHOULD,
        about="assess",
        source=Source(_first),
        is_wrong=lambda row, scope: not row.has_verdict,
        finding=_candidate,
        mends=JUDGES,
    ),
)
