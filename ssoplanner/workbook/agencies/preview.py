"""What an import would do now: every row's fate over what the plan holds, and all of it in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet

from ssoplanner.core.models import Agency, Plan, Provision, Service
from ssoplanner.web import formats
from ssoplanner.web.words import stored_names, value_text
from ssoplanner.workbook.agencies.cells import CannotRead, read_figure
from ssoplanner.workbook.agencies.fates import Fate, Known, Problem, Row, Source, Stored, Versions, fates
from ssoplanner.workbook.agencies.mapping import Column, Mapping, from_json
from ssoplanner.workbook.agencies.targets import AGENCY, COST, FIELDS, MODELS, PROVISION
from ssoplanner.workbook.models import AgencyImport, ImportSheet

DIGEST_CHARS = 8
MOST_SOURCE_CHARS = 200  # of Provision.source
LABELS = {
    Fate.NEW: "Will be added",
    Fate.CHANGED: "Will be changed",
    Fate.SAME: "Nothing new",
    Fate.LEFT_OUT: "Left out",
}
TONES = {Fate.NEW: "on_track", Fate.CHANGED: "complete", Fate.SAME: "neutral", Fate.LEFT_OUT: "critical"}
# Of a new row the code and the name stand beside its fate, and how costs are computed stands above all rows.
SHOWN_ELSEWHERE = {"code", "name", "source"}


class ColumnsUnclear(Exception):
    """The columns were not chosen yet, or a service that one of them is about is gone."""


# What the plan holds of that a preview depends on: services, and each agency and provision with its version.
Basis = tuple[frozenset[int], Versions, Versions]


@dataclass(frozen=True)
class Preview:
    """The rows of the chosen sheet with their fates. `services` are those that columns are about, by key."""

    found: AgencyImport
    sheet: ImportSheet
    mapping: Mapping
    services: dict[int, Service]
    rows: list[Row]
    basis: Basis

    @property
    def counts(self) -> Counter[Fate]:
        return Counter(row.fate for row in self.rows)

    def seen(self) -> str:
        """What a person sees who looks at this preview, as short as it can be told."""
        return "".join(row.digest() for row in self.rows)

    def changed_since(self, seen: str) -> list[Row]:
        """The rows that came out otherwise in the preview that was `seen`; all of them if it was none of this sheet."""
        if len(seen) != DIGEST_CHARS * len(self.rows):
            return self.rows
        before = (seen[at : at + DIGEST_CHARS] for at in range(0, len(seen), DIGEST_CHARS))
        return [row for row, digest in zip(self.rows, before, strict=True) if row.digest() != digest]

    def still_holds(self, found: AgencyImport) -> bool:
        """Whether the preview would be the same now: much quicker than making it anew. Three queries."""
        same = (found.sheet, found.mapping) == (self.found.sheet, self.found.mapping)
        return same and _basis(found.plan, self.mapping) == self.basis


def preview_of(found: AgencyImport, plan: Plan) -> Preview:
    """The preview over what is stored now: five queries. Raises `ColumnsUnclear`."""
    if not found.mapping:
        raise ColumnsUnclear
    sheet, mapping = chosen_sheet(found), from_json(found.mapping)
    services = Service.objects.for_plan(plan).filter(pk__in=mapping.services).in_bulk()
    if services.keys() != set(mapping.services):
        raise ColumnsUnclear
    known = _known(plan, mapping)
    rows = fates(sheet.rows, len(sheet.header), mapping, known, _source(found, mapping, plan))
    return Preview(found, sheet, mapping, services, rows, (frozenset(services), *known.versions))


def chosen_sheet(found: AgencyImport) -> ImportSheet:
    return ImportSheet.objects.get(agency_import=found, position=found.sheet)


def _provisions(plan: Plan, mapping: Mapping) -> QuerySet[Provision]:
    found = Provision.objects.for_plan(plan).filter(fiscal_year=mapping.fiscal_year, service__in=mapping.services)
    return found.order_by()


def _basis(plan: Plan, mapping: Mapping) -> Basis:
    services = Service.objects.for_plan(plan).filter(pk__in=mapping.services).order_by()
    return (
        frozenset(services.values_list("pk", flat=True)),
        frozenset(Agency.objects.for_plan(plan).order_by().values_list("pk", "version")),
        frozenset(_provisions(plan, mapping).values_list("pk", "version")),
    )


def _known(plan: Plan, mapping: Mapping) -> Known:
    agencies = list(_stored(Agency.objects.for_plan(plan), FIELDS[AGENCY]))
    by_code = {one.values["code"].casefold(): one for one in agencies} | {one.values["code"]: one for one in agencies}
    fields = (*FIELDS[PROVISION], "source", "agency_id", "service_id")
    found = _stored(_provisions(plan, mapping), fields)
    return Known(by_code, {(one.values.pop("agency_id"), one.values.pop("service_id")): one for one in found})


def _stored(rows: Any, fields: Sequence[str]) -> Iterable[Stored]:
    for pk, version, *values in rows.values_list("pk", "version", *fields):
        yield Stored(pk, version, dict(zip(fields, values, strict=True)))


def _source(found: AgencyImport, mapping: Mapping, plan: Plan) -> Source:
    """Where the figures come from, as long as it fits; the file's name gives way."""
    day = formats.day(plan.day_of(found.created_at), plan)
    texts = []
    for how in ("", f": FTE x average salary x {mapping.loading}"):
        room = MOST_SOURCE_CHARS - len(f"Imported from  on {day}{how}")
        name = found.file_name if len(found.file_name) <= room else f"{found.file_name[: room - 1]}…"
        texts.append(f"Imported from {name} on {day}{how}")
    return Source(*texts)


# --- In words -------------------------------------------------------------------------------------------------------


def row_lines(preview: Preview, rows: Iterable[Row], plan: Plan) -> list[SimpleNamespace]:
    """Rows of the preview as the page shows them."""
    return [
        SimpleNamespace(
            number=row.number,
            code=row.code,
            name=row.name or (row.known.values["name"] if row.known else ""),
            fate=row.fate.value,
            label=LABELS[row.fate],
            tone=TONES[row.fate],
            changes=list(_changes(preview, row, plan)),
            is_new=row.fate is Fate.NEW,
            problems=[problem_line(preview.sheet, problem) for problem in row.problems],
            unknown=", ".join(column_name(preview.sheet, index) for index in row.unknown),
            kept=row.known is not None and not preview.mapping.update,
        )
        for row in rows
    ]


def _changes(preview: Preview, row: Row, plan: Plan) -> Iterable[SimpleNamespace]:
    yield from _of(AGENCY, row.agency, "", plan)
    for service, diff in row.provisions.items():
        yield from _of(PROVISION, diff, f"{preview.services[service]}: ", plan)


def _of(what: str, diff: dict[str, tuple[Any, Any]], before: str, plan: Plan) -> Iterable[SimpleNamespace]:
    for name, values in diff.items():
        if name in SHOWN_ELSEWHERE and not values[0]:
            continue
        field: Any = MODELS[what]._meta.get_field(name)
        old, new = (value_text(field, value, plan, name_of=stored_names) for value in values)
        label = f"{before}{field.verbose_name}"
        yield SimpleNamespace(field=label[:1].upper() + label[1:], before=old, after=new)


def problem_line(sheet: ImportSheet, problem: Problem) -> SimpleNamespace:
    name = "" if problem.column is None else column_name(sheet, problem.column)
    return SimpleNamespace(column=name, sentence=problem.sentence)


def column_name(sheet: ImportSheet, index: int) -> str:
    """The header of a column, or its letter where it has none."""
    return sheet.header[index] or f"column {letters(index)}"


def letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    return (letters(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def column_label(column: Column, services: dict[int, Service]) -> str:
    """What a column means, in words."""
    return f"{services[column.service]}: {column.target.label}" if column.service else column.target.label


def totals(preview: Preview, plan: Plan) -> list[SimpleNamespace]:
    """For each column of figures that add up: the sum over the rows that are taken, to be held against the file."""
    taken = {row.number: row for row in preview.rows if row.fate is not Fate.LEFT_OUT}
    columns = [column for column in preview.mapping.columns if column.target.name in ADD_UP]
    lines = []
    for column in columns:
        figures = [
            figure
            for number, cells in preview.sheet.rows
            if number in taken and column.index not in taken[number].unknown
            for figure in [_figure(cells, column, preview.mapping)]
            if figure is not None
        ]
        lines.append(
            SimpleNamespace(
                column=column_name(preview.sheet, column.index),
                label=column_label(column, preview.services),
                total=formats.number(sum(figures, Decimal(0)), plan),
                rows=len(figures),
                unknown=len(taken) - len(figures),
            )
        )
    return [*lines, *_computed(preview, plan)]


def _computed(preview: Preview, plan: Plan) -> list[SimpleNamespace]:
    """The costs that are computed from people and salaries: no column of the file holds them."""
    if preview.mapping.loading is None:
        return []
    costs = [
        diff["annual_cost"][1]
        for row in preview.rows
        for service, diff in row.provisions.items()
        if "annual_cost" in diff and preview.mapping.find(COST, service) is None
    ]
    label = "Annual cost, where it is added or changed"
    total = formats.money(sum(costs, Decimal(0)), plan)
    return [SimpleNamespace(column="Computed", label=label, total=total, rows=len(costs), unknown="")]


ADD_UP = {
    "headcount",
    "end_users",
    "operating_budget",
    "fte",
    "annual_cost",
    "volume",
    "users_served",
    "sla_met",
    "sla_total",
}


def _figure(cells: Sequence[Any], column: Column, mapping: Mapping) -> Decimal | None:
    try:
        return read_figure(cells[column.index], mapping.numbers) if column.index < len(cells) else None
    except CannotRead:
        return None
