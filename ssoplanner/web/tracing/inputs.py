"""What a calculation reads, as people know it: which registers, how many rows, who changed them last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Agency, AuditEvent, Plan, Versioned
from ssoplanner.phases import phase_modules
from ssoplanner.recompute.calculations import PER_AGENCY, PER_SERVICE, Audience, Calculation, Reads
from ssoplanner.web import formats

# Where the rows of a kind are kept (phases add theirs in `traces`), and by partition where the figures of one agency or
# service stand together.
REGISTERS = {
    "agency": "agencies",
    "benchmark": "benchmarks",
    "kpi": "kpis",
    "plan": "plan_settings",
    "provision": "agencies",
    "service": "services",
    "risk": "raid",
    "servicearea": "services",
    "stepprogress": "roadmap",
    "system": "systems",
}
GRIDS = {PER_AGENCY: ("agency_grid", "agency_id"), PER_SERVICE: ("service_grid", "service_id")}


@dataclass(frozen=True)
class InputLine:
    """A kind of row that the calculation reads. `who` is empty for those who may not know."""

    kind: str
    name: str
    fields: str
    count: str
    url: str
    changed: str = ""
    who: str = ""
    history_url: str = ""


def input_lines(member: Member, calculation: Calculation, partition: str) -> list[InputLine]:
    """A line for each kind of row, with a fixed number of queries for each."""
    rows = {model: _rows(member.plan, calculation, model, partition) for model in calculation.reads}
    newest = _newest(member.plan, rows)
    return [
        _line(member, calculation, partition, model, reads, rows[model].count(), newest.get(_kind(model)))
        for model, reads in calculation.reads.items()
    ]


def _rows(plan: Plan, calculation: Calculation, model: type[Versioned], partition: str) -> QuerySet[Any]:
    """The rows of this kind that the result stands on."""
    manager: Any = model._base_manager
    if model is Plan:
        return manager.filter(pk=plan.pk)
    rows, reads = manager.filter(plan=plan), calculation.reads[model]
    return rows.filter(**{reads.by: partition}) if partition and reads.by else rows


def _newest(plan: Plan, rows: Mapping[type[Versioned], QuerySet[Any]]) -> dict[str, AuditEvent]:
    """By kind of row, its latest change in the plan: of those very rows where they are a part of all."""
    of_plan = AuditEvent.objects.for_plan(plan).filter(model__in=[_kind(model) for model in rows])
    latest = dict(of_plan.order_by().values_list("model").annotate(Max("pk")))
    for model, some in rows.items():
        if _is_part(some):
            own = of_plan.filter(model=_kind(model), row_id__in=some.values("pk")).aggregate(last=Max("pk"))
            latest[_kind(model)] = own["last"] or latest.get(_kind(model))
    events = AuditEvent.objects.for_plan(plan).filter(pk__in=filter(None, latest.values())).select_related("user")
    return {event.model: event for event in events}


def _is_part(rows: QuerySet[Any]) -> bool:
    return len(rows.query.where.children) > 1


def _line(
    member: Member,
    calculation: Calculation,
    partition: str,
    model: type[Versioned],
    reads: Reads,
    count: int,
    event: AuditEvent | None,
) -> InputLine:
    plan, meta = member.plan, model._meta
    who = str(event.user) if event and event.user else "the system" if event else ""
    return InputLine(
        kind=_kind(model),
        name=str(meta.verbose_name if model is Plan else meta.verbose_name_plural),
        fields=_fields(model, reads.fields),
        count="" if model is Plan else formats.number(count, plan),
        url=_url(member, calculation, partition, model),
        changed=formats.moment(event.at, plan) if event else "",
        who=who if knows_who(member, calculation) else "",
        history_url=f"{_page(plan, 'history')}?kind={_kind(model)}" if member.sees_all else "",
    )


def knows_who(member: Member, calculation: Calculation) -> bool:
    """Who entered a figure is told to those who read the plan's history, and to leads of their own agencies."""
    return member.sees_all or calculation.audience is Audience.OWN_AGENCY


def _fields(model: type[Versioned], names: Iterable[str] | None) -> str:
    """The fields that count, in words; nothing where all do."""
    if names is None:
        return ""
    return ", ".join(sorted(str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in names))


def _url(member: Member, calculation: Calculation, partition: str, model: type[Versioned]) -> str:
    plan = member.plan
    if _kind(model) == "provision" and calculation.per in GRIDS:
        name, key = GRIDS[calculation.per]
        return reverse(name, kwargs={"slug": plan.slug, key: partition})
    if model is Agency and calculation.per is PER_AGENCY:
        return reverse("agency", kwargs={"slug": plan.slug, "agency_id": partition})
    name = registers().get(_kind(model), "")
    return _page(plan, name) if name and member.has(*policy()[name].read) else ""


@cache
def registers() -> Mapping[str, str]:
    """Kind of row -> the page on which such rows are kept, those of the phases too."""
    own = (getattr(module, "REGISTERS", {}) for module in phase_modules("traces"))
    return REGISTERS | {kind: page for pages in own for kind, page in pages.items()}


def _page(plan: Plan, name: str) -> str:
    return reverse(name, kwargs={"slug": plan.slug})


def _kind(model: type[Versioned]) -> str:
    return str(model._meta.model_name)


def last_given(plan: Plan, rows: Iterable[Versioned]) -> dict[int, str]:
    """Row -> who changed it last and when, in words; two queries. Rows of one kind; those that came in a batch have
    no event of their own, and say when."""
    some = list(rows)
    if not some:
        return {}
    events = AuditEvent.objects.for_plan(plan).filter(model=_kind(type(some[0])), row_id__in=[row.pk for row in some])
    latest = events.order_by().values("row_id").annotate(last=Max("pk")).values("last")
    by_row = {event.row_id: event for event in events.filter(pk__in=latest).select_related("user")}
    return {row.pk: _given(row, by_row.get(row.pk), plan) for row in some}


def _given(row: Versioned, event: AuditEvent | None, plan: Plan) -> str:
    if event is None:
        return f"came in on {formats.moment(row.changed_at, plan)}"
    return f"{event.user or 'the system'}, {formats.moment(event.at, plan)}"
