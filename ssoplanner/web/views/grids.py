"""Registers as grids: the page, and the address that its cells are saved at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst

from ssoplanner.access.gate import Member, check_edits_agency, check_sees_agency, edits_agency, sees_agency
from ssoplanner.core.models import Agency, Kpi, PlanRow, Provision, Service, System
from ssoplanner.web.forms.fields import format_as_shown
from ssoplanner.web.forms.registers import UNIT_STAYS, AgencyForm, KpiForm, ProvisionForm, SystemForm
from ssoplanner.web.grid.rendering import body
from ssoplanner.web.grid.saving import MOST_CELLS, Typed, save_cells
from ssoplanner.web.grid.tables import ROWS_A_PAGE, Column, Grid, Line, columns_of
from ssoplanner.web.views.agencies import known_agencies
from ssoplanner.web.views.rows import PlanRequest, plan_crumb, plan_url
from ssoplanner.web.views.systems import edits_system, visible_systems

FIGURES = tuple(name for name in ProvisionForm.Meta.fields if name not in {"service", "fiscal_year"})
SHORT = {
    "fte": ("FTE", ""),
    "volume": ("Volume", "a year"),
    "users_served": ("Users served", ""),
    "sla_met": ("Targets met", ""),
    "sla_total": ("Targets in all", ""),
    "resolution_hours": ("To resolve", "hours"),
    "automated_share": ("Automated", "%"),
    "has_sop": ("Standard procedure", ""),
    "has_dashboard": ("Dashboard", ""),
    "source": ("Source", ""),
}
PARTNERS = {"sla_met": "sla_total", "sla_total": "sla_met"}
AGENCY_CELLS = ("code", "name", "tier", "status", "headcount", "end_users", "operating_budget")
KPI_CELLS = ("code", "name", "unit", "direction", "area", "owner", "baseline", "target", "target_date", "cadence")


class BadCells(Exception):
    """What was sent is not the JSON that the grid sends; `str()` says what is wrong."""


# --- The grids ------------------------------------------------------------------------------------------------------


def agency_grid(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """How one agency provides each service, one fiscal year at a time."""
    member = request.member
    agency = get_object_or_404(Agency.objects.for_plan(member.plan), pk=agency_id)
    (check_sees_agency if request.method in {"GET", "HEAD"} else check_edits_agency)(member, agency)
    services = Service.objects.for_plan(member.plan).select_related("area")
    year = _year(request)
    page, rows = _page(request, services), _provisions(member, year).filter(agency=agency)
    found = {row.service_id: row for row in rows.filter(service__in=list(page))}
    may_edit = edits_agency(member, agency)

    def line(service: Service) -> Line:
        given = {"agency": agency, "service": service, "fiscal_year": year}
        return _provision_line(found.get(service.pk), service.name, f"in {service.volume_unit}s", given, may_edit)

    grid = _provision_grid(member, agency, [line(service) for service in page], "Service")
    return grid_page(
        request,
        grid,
        page,
        title=f"Figures of {agency}",
        intro=f"One line a service, fiscal year {year}. An empty cell is unknown, which is not zero.",
        years=_years(request, year),
        crumbs=plan_crumb(
            member.plan,
            ("Agencies", plan_url(member, "agencies")),
            (agency.name, plan_url(member, "agency", agency_id=agency.pk)),
        ),
    )


def service_grid(request: PlanRequest, slug: str, service_id: int) -> HttpResponse:
    """How each agency provides one service, as far as the member may see."""
    member = request.member
    service = get_object_or_404(Service.objects.for_plan(member.plan).select_related("area"), pk=service_id)
    agencies = known_agencies(member) if member.sees_all else known_agencies(member).filter(pk__in=member.agency_ids)
    year = _year(request)
    page = _page(request, agencies)
    rows = _provisions(member, year).filter(service=service, agency__in=list(page))
    found = {row.agency_id: row for row in rows}

    def line(agency: Agency) -> Line:
        given = {"agency": agency, "service": service, "fiscal_year": year}
        return _provision_line(found.get(agency.pk), agency.name, agency.code, given, edits_agency(member, agency))

    grid = _provision_grid(member, Agency(plan=member.plan), [line(agency) for agency in page], "Agency")
    return grid_page(
        request,
        grid,
        page,
        title=f"{service}, by agency",
        intro=f"One line an agency, fiscal year {year}; counted in {service.volume_unit}s. An empty cell is unknown.",
        years=_years(request, year),
        crumbs=plan_crumb(member.plan, ("Services", plan_url(member, "services"))),
    )


def agencies_grid(request: PlanRequest, slug: str) -> HttpResponse:
    """The register of agencies: those whose facts the member sees; a lead changes their own."""
    member = request.member
    rows = known_agencies(member) if member.sees_all else known_agencies(member).filter(pk__in=member.agency_ids)
    form = AgencyForm(member=member)
    page = _page(request, rows)

    def line(agency: Agency) -> Line:
        url = plan_url(member, "agency", agency_id=agency.pk) if sees_agency(member, agency) else ""
        return _row_line(agency, agency.code, url, edits_agency(member, agency))

    grid = _register(member, rows, page, columns_of(form, AGENCY_CELLS), line)
    return grid_page(
        request,
        grid,
        page,
        title="Agencies as a grid",
        intro="Type or paste; a new agency needs its code and its name.",
        crumbs=plan_crumb(member.plan, ("Agencies", plan_url(member, "agencies"))),
    )


def systems_grid(request: PlanRequest, slug: str) -> HttpResponse:
    """The register of systems. Agencies and services are written by their codes."""
    member = request.member
    rows = visible_systems(member).prefetch_related("agencies", "services")
    page = _page(request, rows)

    def line(system: System) -> Line:
        may_edit = edits_system(member, system)
        return _row_line(
            system, "Open", plan_url(member, "system_edit", system_id=system.pk) if may_edit else "", may_edit
        )

    grid = _register(member, rows, page, columns_of(SystemForm(member=member), SystemForm.Meta.fields), line)
    return grid_page(
        request,
        grid,
        page,
        title="Systems as a grid",
        intro="Write agencies and services by their codes, with commas: DOH, DOT.",
        crumbs=plan_crumb(member.plan, ("Systems", plan_url(member, "systems"))),
    )


def kpis_grid(request: PlanRequest, slug: str) -> HttpResponse:
    """The KPIs with what makes each a promise: owner, baseline, target and date."""
    member = request.member
    rows = Kpi.objects.for_plan(member.plan)
    page = _page(request, rows)

    def line(kpi: Kpi) -> Line:
        url = plan_url(member, "kpi_edit", kpi_id=kpi.pk) if member.runs_plan else ""
        return _row_line(kpi, kpi.code, url, member.runs_plan, fixed={"unit": UNIT_STAYS} if kpi.metric else {})

    grid = _register(member, rows, page, columns_of(KpiForm(member=member), KPI_CELLS), line)
    return grid_page(
        request,
        grid,
        page,
        title="KPIs as a grid",
        intro="A KPI counts once it has an owner, a baseline and a target. "
        "A unit stays where the current value is computed in it.",
        crumbs=plan_crumb(member.plan, ("KPIs", plan_url(member, "kpis"))),
    )


# --- What they share ------------------------------------------------------------------------------------------------


def _provisions(member: Member, year: int) -> QuerySet[Provision]:
    return Provision.objects.for_plan(member.plan).filter(fiscal_year=year)


def _provision_line(row: Provision | None, head: str, note: str, given: dict[str, Any], may_edit: bool) -> Line:
    """The key names agency and service, so that it is the same before and after the first figure is given."""
    key = f"{given['agency'].pk}-{given['service'].pk}"
    return Line(key=key, head=head, note=note, instance=row, given=given, editable=may_edit)


def _provision_grid(member: Member, agency: Agency, lines: list[Line], head_label: str) -> Grid:
    columns = columns_of(ProvisionForm(member=member, agency=agency), FIGURES, partners=PARTNERS, short=SHORT)
    return Grid(member, Provision, columns, lines, {line.key: line for line in lines}.get, head_label)


def _register(
    member: Member, rows: QuerySet[Any], page: Iterable[Any], columns: list[Column], line: Callable[[Any], Line]
) -> Grid:
    """A grid over the rows of a register; the program office adds rows at its end.

    A row is found on whichever page it stands by now: a new name may have moved it.
    """
    model = rows.model

    def find(key: str) -> Line | None:
        if key.startswith("new"):
            return Line(key=key, head="") if member.runs_plan else None
        row = rows.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        return line(row) if row else None

    label = str(capfirst(model._meta.verbose_name))
    return Grid(member, model, columns, [line(row) for row in page], find, label, grows=member.runs_plan)


def _row_line(row: PlanRow, head: str, url: str, may_edit: bool, **more: Any) -> Line:
    return Line(key=str(row.pk), head=head, name=str(row), url=url, instance=row, editable=may_edit, **more)


def _page(request: PlanRequest, rows: QuerySet[Any]) -> Any:
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))


def _year(request: PlanRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else request.member.plan.base_year
    return year if 2000 <= year <= 2100 else request.member.plan.base_year


def _years(request: PlanRequest, chosen: int) -> list[dict[str, Any]]:
    base = request.member.plan.base_year
    years = sorted({base - 2, base - 1, base, base + 1, chosen})
    return [
        {"value": year, "label": f"FY {year}", "url": f"{request.path}?year={year}", "current": year == chosen}
        for year in years
        if 2000 <= year <= 2100
    ]


def grid_page(request: PlanRequest, grid: Grid, page: Any, **context: Any) -> HttpResponse:
    """The page of a grid, or for a POST what became of the cells."""
    if request.method == "POST":
        try:
            cells, figures_in = read_cells(request.body)
            grid.write_as(format_as_shown(figures_in, grid.member.plan))
            answer = save_cells(grid, cells)
        except BadCells as reason:
            return JsonResponse({"error": str(reason)}, status=400)
        return JsonResponse({"rows": answer.rows, "errors": answer.errors, "conflicts": answer.conflicts})
    can_edit = any(line.editable for line in grid.lines) or grid.grows
    context |= {"grid": grid, "body": body(grid), "page_obj": page, "can_edit": can_edit, "columns": _described(grid)}
    return render(request, "web/grid.html", context)


def _described(grid: Grid) -> list[dict[str, Any]]:
    """What the script needs to know of each column."""
    return [
        {
            "name": column.name,
            "label": column.label,
            "unit": column.unit,
            "kind": column.cell.kind,
            "choices": list(column.cell.labels.values()) if column.cell.kind == "choice" else [],
            "required": column.cell.field.required,
        }
        for column in grid.columns
    ]


def read_cells(sent: bytes) -> tuple[list[Typed], str]:
    """The cells of a request, and the format that it says their figures are in. Raises `BadCells`."""
    try:
        content = json.loads(sent)
        cells, figures_in = [_typed(one) for one in content["cells"]], str(content.get("figures_in", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadCells("The cells did not arrive as they were sent. Nothing is lost: try again.") from None
    if len(cells) > MOST_CELLS:
        raise BadCells(f"{len(cells)} cells are too many at once. Paste at most {MOST_CELLS}.")
    return cells, figures_in


def _typed(one: dict[str, Any]) -> Typed:
    seen = one.get("seen")
    return Typed(
        row=str(one["row"]),
        name=str(one["name"]),
        text=str(one["text"])[:5000],
        version=int(one["version"]),
        seen=None if seen is None else int(seen),
    )
