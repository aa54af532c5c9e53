"""The way of a file with agencies: upload, what its columns mean, preview of every row, result."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, Service
from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.web.views.rows import PlanRequest, plan_crumb, plan_url
from ssoplanner.workbook.agencies.applying import ChangedMeanwhile, apply_import
from ssoplanner.workbook.agencies.fates import Fate, Row
from ssoplanner.workbook.agencies.files import LeftOut, left_out_csv, template_csv
from ssoplanner.workbook.agencies.forms import ColumnsForm, UploadForm
from ssoplanner.workbook.agencies.preview import (
    LABELS,
    ColumnsUnclear,
    Preview,
    chosen_sheet,
    preview_of,
    problem_line,
    row_lines,
    totals,
)
from ssoplanner.workbook.agencies.upload import KEPT_DAYS, LIMITS, imports_of, receive
from ssoplanner.workbook.models import AgencyImport, ImportSheet

ROWS_A_PAGE = 50


def agency_import(request: PlanRequest, slug: str) -> HttpResponse:
    """Choose a file; it is read at once, and its columns are shown. Files that were begun with are listed."""
    member = request.member
    form = UploadForm(initial={"then": request.GET.get("then", "")})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        found = _receive(form, member)
        if found is not None:
            return redirect(_url(member, "agency_import_columns", found))
    context = {
        "form": form,
        "limits": LIMITS,
        "kept_days": KEPT_DAYS,
        "begun": [_begun(found, member) for found in imports_of(member).select_related("user")],
        "crumbs": _crumbs(member),
    }
    return render(request, "workbook/upload.html", context, status=422 if form.is_bound else 200)


def _receive(form: UploadForm, member: Member) -> AgencyImport | None:
    """What the file holds, kept; None means that the form now says what is wrong."""
    if not form.is_valid():
        return None
    file, then = form.cleaned_data["file"], _page_of_plan(form.cleaned_data["then"], member)
    try:
        return receive(member=member, file=file, name=file.name, then=then)
    except UploadRefused as refusal:
        form.add_error("file", str(refusal))
    return None


def _page_of_plan(address: str, member: Member) -> str:
    """The address if it is a page of the plan, else nothing: no link sends anybody elsewhere."""
    inside = reverse("plan", kwargs={"slug": member.plan.slug})
    return address if re.fullmatch(rf"{re.escape(inside)}[\w/-]{{0,100}}", address) else ""


def _upload_url(found: AgencyImport, member: Member) -> str:
    """Where another file is chosen; that one leads on to the same page."""
    url = plan_url(member, "agency_import")
    return f"{url}?{urlencode({'then': found.then})}" if found.then else url


def _begun(found: AgencyImport, member: Member) -> SimpleNamespace:
    state = "imported" if found.applied_at else "preview" if found.mapping else "columns"
    page = "agency_import_columns" if state == "columns" else "agency_import_preview"
    return SimpleNamespace(
        file_name=found.file_name,
        user=found.user,
        created_at=found.created_at,
        state={"imported": "Imported", "preview": "Ready to import", "columns": "Columns not chosen yet"}[state],
        tone={"imported": "complete", "preview": "on_track", "columns": "upcoming"}[state],
        url=_url(member, page, found),
        discard_url=_url(member, "agency_import_discard", found),
    )


def agency_import_template(request: PlanRequest, slug: str) -> HttpResponse:
    """An empty table to fill in."""
    return _csv(template_csv(_services(request.member)), f"{slug}-agencies.csv")


def agency_import_columns(request: PlanRequest, slug: str, import_id: int) -> HttpResponse:
    """Say what each column means, and how its figures are taken."""
    member, found = request.member, _import(request, import_id)
    if found.applied_at is not None:
        return redirect(_url(member, "agency_import_preview", found))
    sheet, services = chosen_sheet(found), list(_services(member))
    form = ColumnsForm(
        request.POST or None,
        plan=member.plan,
        sheet=sheet,
        services=services,
        has_agencies=Agency.objects.for_plan(member.plan).exists(),
        stored=found.mapping,
    )
    if request.method == "POST" and form.is_valid():
        found.mapping = form.mapping().to_json()
        found.save(update_fields=["mapping"])
        return redirect(_url(member, "agency_import_preview", found))
    context = {
        "form": form,
        "found": found,
        "sheet": sheet,
        "sheets": _other_sheets(found),
        "sheet_url": _url(member, "agency_import_sheet", found),
        "has_services": bool(services),
        "back_url": _upload_url(found, member),
        "crumbs": _crumbs(member, import_crumb=True),
    }
    return render(request, "workbook/columns.html", context, status=422 if form.is_bound else 200)


def _other_sheets(found: AgencyImport) -> list[ImportSheet]:
    """All sheets of a workbook that has several, without what stands in them."""
    sheets = list(found.sheets.defer("rows", "header"))
    return sheets if len(sheets) > 1 else []


def agency_import_sheet(request: PlanRequest, slug: str, import_id: int) -> HttpResponse:
    """Take another sheet of the workbook."""
    found = _import(request, import_id)
    position = re.fullmatch(r"\d{1,4}", request.POST.get("sheet", ""))
    usable = found.sheets.filter(problem="").values_list("position", flat=True)
    if found.applied_at is None and position and int(position[0]) in usable:
        found.sheet, found.mapping = int(position[0]), {}
        found.save(update_fields=["sheet", "mapping"])
    return redirect(_url(request.member, "agency_import_columns", found))


def agency_import_preview(request: PlanRequest, slug: str, import_id: int) -> HttpResponse:
    """What becomes of every row; once that is done, what became of them."""
    member, found = request.member, _import(request, import_id)
    try:
        if request.method == "POST":
            return _apply(request, found)
        return _result(request, found) if found.applied_at else _preview(request, preview_of(found, member.plan))
    except ColumnsUnclear:
        if found.mapping:
            messages.warning(request, "A service that was chosen is gone. Look at the columns again.")
        return redirect(_url(member, "agency_import_columns", found))


def _apply(request: PlanRequest, found: AgencyImport) -> HttpResponse:
    member = request.member
    try:
        done = apply_import(import_id=found.pk, member=member, seen=request.POST.get("seen", ""))
    except ChangedMeanwhile as changed:
        preview = changed.preview or preview_of(found, member.plan)
        return _preview(request, preview, changed)
    if not done:
        messages.info(request, "This file was imported before. Nothing was changed a second time.")
    return redirect(_url(member, "agency_import_preview", found))


def _preview(request: PlanRequest, preview: Preview, changed: ChangedMeanwhile | None = None) -> HttpResponse:
    member, kind = request.member, request.GET.get("kind", "")
    different = changed.rows if changed else []
    shown = different or [row for row in preview.rows if kind in ("", row.fate)]
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts = preview.counts
    context = {
        "found": preview.found,
        "mapping": preview.mapping,
        "has_figures": bool(preview.services),
        "changed": changed is not None,
        "different": len(different),
        "filters": _filters(preview, kind),
        "rows": row_lines(preview, page, member.plan),
        "page_obj": page,
        "totals": totals(preview, member.plan),
        "takes": counts[Fate.NEW] + counts[Fate.CHANGED],
        "left_out": counts[Fate.LEFT_OUT],
        "seen": preview.seen(),
        "columns_url": _url(member, "agency_import_columns", preview.found),
        "left_out_url": _url(member, "agency_import_left_out", preview.found),
        "crumbs": _crumbs(member, import_crumb=True),
    }
    return render(request, "workbook/preview.html", context, status=409 if changed else 200)


def _filters(preview: Preview, kind: str) -> list[SimpleNamespace]:
    counts: list[tuple[str, str, int]] = [("", "All rows", len(preview.rows))]
    counts += [(fate.value, LABELS[fate], preview.counts[fate]) for fate in Fate if preview.counts[fate]]
    return [
        SimpleNamespace(label=label, count=count, current=value == kind, url=f"?kind={value}" if value else "?")
        for value, label, count in counts
    ]


def _result(request: PlanRequest, found: AgencyImport) -> HttpResponse:
    member, sheet = request.member, chosen_sheet(found)
    left_out = _left_out_of(found)
    counts = {**dict.fromkeys((fate.value for fate in Fate), 0), **found.result["rows"]}
    page = Paginator(left_out, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "counts": counts,
        "also": [line for line in _also(found, counts) if line[1]],
        "rows": [_left_out_line(sheet, one) for one in page],
        "page_obj": page,
        "left_out_url": _url(member, "agency_import_left_out", found) if left_out else "",
        "agencies_url": reverse("agencies", kwargs={"slug": member.plan.slug}),
        "again_url": _upload_url(found, member),
        "then_label": "Go on setting up the plan" if found.then == plan_url(member, "set_up") else "Go on",
        "crumbs": _crumbs(member, import_crumb=True),
    }
    return render(request, "workbook/result.html", context)


def _also(found: AgencyImport, counts: dict[str, int]) -> list[tuple[str, int, str]]:
    """What else became of the file: (label, number, note)."""
    return [
        ("Agencies changed", counts[Fate.CHANGED], "themselves or their figures"),
        ("Figures of services added", found.result["provisions_added"], "one an agency and service"),
        ("Figures of services changed", found.result["provisions_changed"], ""),
        ("Rows with nothing new", counts[Fate.SAME], ""),
        ("Rows left out", counts[Fate.LEFT_OUT], ""),
    ]


def _left_out_of(found: AgencyImport) -> list[LeftOut]:
    """The rows that were left out when the import was done."""
    return cast(list[LeftOut], [tuple(one) for one in found.result["left_out"]])


def _left_out_line(sheet: ImportSheet, one: LeftOut) -> SimpleNamespace:
    number, problems = one
    cells = next(cells for at, cells in sheet.rows if at == number)
    return SimpleNamespace(
        number=number,
        cells=[cell for cell in cells if cell is not None][:2],
        problems=[SimpleNamespace(column=column, sentence=sentence) for column, sentence in problems],
    )


def agency_import_left_out(request: PlanRequest, slug: str, import_id: int) -> HttpResponse:
    """The rows that are or were left out, as a file to be mended and uploaded again."""
    member, found = request.member, _import(request, import_id)
    if found.applied_at is not None:
        left_out, sheet = _left_out_of(found), chosen_sheet(found)
    else:
        try:
            preview = preview_of(found, member.plan)
        except ColumnsUnclear:
            return redirect(_url(member, "agency_import_columns", found))
        left_out, sheet = [_problems_of(preview, row) for row in preview.rows if row.problems], preview.sheet
    return _csv(left_out_csv(sheet, left_out), f"{found.file_name.rpartition('.')[0]}-left-out.csv")


def _problems_of(preview: Preview, row: Row) -> LeftOut:
    lines = (problem_line(preview.sheet, problem) for problem in row.problems)
    return row.number, [(line.column, line.sentence) for line in lines]


def agency_import_discard(request: PlanRequest, slug: str, import_id: int) -> HttpResponse:
    """Forget a file; what was imported from it stays."""
    found = _import(request, import_id)
    found.delete()
    messages.success(request, f"{found.file_name} is discarded.")
    return redirect("agency_import", slug=slug)


def _import(request: PlanRequest, import_id: int) -> AgencyImport:
    found: AgencyImport = get_object_or_404(imports_of(request.member), pk=import_id)
    return found


def _services(member: Member) -> Any:
    return Service.objects.for_plan(member.plan).select_related("area")


def _csv(content: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": header or "attachment"}
    )


def _url(member: Member, name: str, found: AgencyImport) -> str:
    return reverse(name, kwargs={"slug": member.plan.slug, "import_id": found.pk})


def _crumbs(member: Member, *, import_crumb: bool = False) -> list[tuple[str, str]]:
    slug = {"slug": member.plan.slug}
    crumbs = plan_crumb(member.plan, ("Agencies", reverse("agencies", kwargs=slug)))
    return [*crumbs, ("Import", reverse("agency_import", kwargs=slug))] if import_crumb else crumbs
