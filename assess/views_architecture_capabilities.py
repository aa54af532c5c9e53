"""What an agency says of its capabilities: all of them as a grid, and one by itself with systems and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from assess.architecture_texts import IMPORTANCE_WORDS, OVERALL_WORDS
from assess.forms_architecture import LABELS, CapabilityRatingForm, LevelNumber, find_rating
from assess.models import Capability, CapabilityRating
from assess.pages_architecture import Leaf, leaves_of, unrated_after
from assess.pages_architecture_technology import agency_crumbs
from assess.views_architecture import find_agency
from ssoplanner.access.gate import Member, check_edits_agency, check_sees_agency, edits_agency
from ssoplanner.core.models import Agency
from ssoplanner.web.grid.cells import Cell
from ssoplanner.web.grid.tables import ROWS_A_PAGE, Column, Grid, Line
from ssoplanner.web.views.grids import grid_page
from ssoplanner.web.views.rows import PlanRequest, form_page, plan_url

Ratings = Mapping[int, CapabilityRating]


def capability_grid(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """One line a capability of the lowest level, in the order of the tree; whoever sees the agency may read it."""
    member = request.member
    agency = find_agency(member, agency_id)
    (check_sees_agency if request.method in {"GET", "HEAD"} else check_edits_agency)(member, agency)
    leaves = leaves_of(member.plan)
    page = Paginator(leaves, ROWS_A_PAGE).get_page(request.GET.get("page"))
    # Cells may come from a page on which the capability no longer stands, as the tree changed meanwhile.
    shown = list(page) if request.method in {"GET", "HEAD"} else leaves
    lines = _lines(member, agency, shown)
    find = {line.key: line for line in lines}.get
    grid = Grid(member, CapabilityRating, _columns(), lines, find, "Capability")
    return grid_page(
        request,
        grid,
        page,
        title=f"Capabilities of {agency}",
        intro=_intro() if leaves else "The plan has no capabilities to rate yet. The program office adds them.",
        crumbs=agency_crumbs(member, agency),
    )


def _intro() -> str:
    return (
        f"Levels run from 1 to 5: importance from {IMPORTANCE_WORDS[0].lower()} to {IMPORTANCE_WORDS[-1].lower()}, "
        f"maturity from {OVERALL_WORDS[0].lower()} to {OVERALL_WORDS[-1].lower()}. An empty cell is not known. "
        "The name of a capability leads to its systems and evidence."
    )


def _lines(member: Member, agency: Agency, leaves: Sequence[Leaf]) -> list[Line]:
    rows = CapabilityRating.objects.for_plan(member.plan).filter(agency=agency)
    rows = rows.filter(capability__in=[leaf.row.pk for leaf in leaves])
    ratings: Ratings = {row.capability_id: row for row in rows}
    may_edit = edits_agency(member, agency)
    return [
        Line(
            key=str(leaf.row.pk),
            head=leaf.row.name,
            note=leaf.row.code,
            url=plan_url(member, "capability_rate", agency_id=agency.pk, capability_id=leaf.row.pk) if may_edit else "",
            instance=ratings.get(leaf.row.pk),
            given={"agency": agency, "capability": leaf.row},
            editable=may_edit,
        )
        for leaf in leaves
    ]


def _columns() -> list[Column]:
    model: Any = CapabilityRating
    ownership = model._meta.get_field("ownership").formfield()
    levels = [Column(name, label, "", Cell(LevelNumber(label=label))) for name, label in LABELS.items()]
    return [Column("ownership", "Ownership", "", Cell(ownership)), *levels]


def capability_rate(request: PlanRequest, slug: str, agency_id: int, capability_id: int) -> HttpResponse:
    """One capability with all that is asked. Once it is saved for the first time the next unrated one follows."""
    member = request.member
    agency = find_agency(member, agency_id)
    check_edits_agency(member, agency)
    leaves = leaves_of(member.plan)
    leaf = next((one for one in leaves if one.row.pk == capability_id), None)
    grid_url = plan_url(member, "capability_grid", agency_id=agency.pk)
    if leaf is None:
        return _not_rated(request, capability_id, grid_url)
    row = find_rating(agency, leaf.row)
    follows = unrated_after(agency, leaves, leaf)
    rate = {"agency_id": agency.pk}
    return form_page(
        request,
        CapabilityRatingForm(request.POST or None, instance=row, member=member),
        done=plan_url(member, "capability_rate", **rate, capability_id=follows.row.pk) if follows else grid_url,
        cancel_url=grid_url,
        submit_label="Save, and go on to the next" if follows else "Save",
        title=leaf.row.name,
        intro=f"{leaf.row.description or leaf.branch} What {agency} says of it.".strip(),
        links=[("All capabilities", grid_url), *_register_link(member)],
        crumbs=agency_crumbs(member, agency),
    )


def _not_rated(request: PlanRequest, capability_id: int, grid_url: str) -> HttpResponse:
    """It was removed meanwhile, or has others below it now, which are rated in its place."""
    found = Capability.objects.for_plan(request.member.plan).filter(pk=capability_id).first()
    if found is None:
        raise Http404("This capability is no longer in the plan. Go back to the list to see what is.")
    messages.error(request, f"{found} has capabilities below it now. Rate those: nothing was saved.")
    return redirect(grid_url)


def _register_link(member: Member) -> list[tuple[str, str]]:
    return [("Add a system to the register", plan_url(member, "system_new"))]
