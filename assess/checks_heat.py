"""What the X-ray finds in the heat map: what is still to be judged by people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assess.models import Criterion, Judgement, Measure
from assess.policy import JUDGES
from ssoplanner.core.models import AgencyStatus, Provision, Service
from ssoplanner.web.xray.rules import Finding, Link, Rule, Scope, Severity, Source


@dataclass(frozen=True)
class Judged:
    """A service, and the judged criteria by which nobody said anything of it."""

    service: Service
    missing: tuple[Criterion, ...]


def _judged(scope: Scope) -> Iterator[Judged]:
    """Of services that an agency provides; criteria that are switched off by a weight of zero do not count."""
    criteria = Criterion.objects.using(scope.db).filter(plan=scope.plan, measure=Measure.JUDGED, weight__gt=0)
    judged = list(criteria)
    said = set(Judgement.objects.using(scope.db).filter(plan=scope.plan).values_list("service_id", "criterion_id"))
    given = Provision.objects.using(scope.db).filter(plan=scope.plan, fiscal_year=scope.plan.base_year)
    provided = given.exclude(agency__status=AgencyStatus.LEFT).order_by().values("service")
    for service in Service.objects.using(scope.db).filter(plan=scope.plan, pk__in=provided) if judged else ():
        yield Judged(service, tuple(one for one in judged if (service.pk, one.pk) not in said))


def _finding(row: Judged, scope: Scope) -> Finding:
    text = f"{row.service}: {', '.join(one.name for one in row.missing)}"
    names = {"service_id": row.service.pk, "criterion_id": row.missing[0].pk}
    return Finding(text, (Link("judgement", names), Link("judgements")))


RULES = (
    Rule(
        key="assess.not_judged",
        title="Services that nobody judged yet",
        why="Their place on the heat map rests on figures alone, and no reason can be given to the board.",
        severity=Severity.SHOULD,
        about="assess",
        source=Source(_judged),
        is_wrong=lambda row, scope: bool(row.missing),
        finding=_finding,
        mends=JUDGES,
    ),
)
