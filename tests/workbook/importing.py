"""Files with agencies, and their way through the pages as a browser sends them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ssoplanner.core.models import Agency, Plan, Provision, Service, ServiceArea
from ssoplanner.workbook.models import AgencyImport
from tests.web.browsing import Page
from tests.world import make

UPLOAD = "agency_import"
COLUMNS = "agency_import_columns"
PREVIEW = "agency_import_preview"
LEFT_OUT = "agency_import_left_out"


def table(*rows: Sequence[Any], delimiter: str = ",") -> bytes:
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def workbook(**sheets: list[list[Any]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return content.getvalue()


def page_url(name: str, plan: Plan, found: AgencyImport | None = None) -> str:
    kwargs: dict[str, Any] = {"slug": plan.slug}
    return reverse(name, kwargs=kwargs | ({"import_id": found.pk} if found else {}))


def upload(client: Client, plan: Plan, content: bytes, name: str = "agencies.csv", **more: Any) -> Any:
    return client.post(page_url(UPLOAD, plan), {"file": SimpleUploadedFile(name, content), **more})


def begin(client: Client, plan: Plan, content: bytes, name: str = "agencies.csv", **more: Any) -> AgencyImport:
    """The file, uploaded and read."""
    response = upload(client, plan, content, name, **more)
    assert response.status_code == 302, Page(response).text
    return AgencyImport.objects.get(plan=plan, pk=int(response["Location"].rstrip("/").rpartition("/")[2]))


def columns_page(client: Client, plan: Plan, found: AgencyImport) -> Page:
    return Page(client.get(page_url(COLUMNS, plan, found)))


def send_columns(client: Client, plan: Plan, found: AgencyImport, **typed: Any) -> Any:
    """The answer to the page of columns: as it was guessed, with some fields chosen anew; None leaves one out."""
    values = {**columns_page(client, plan, found).values, **typed}
    return client.post(page_url(COLUMNS, plan, found), {k: v for k, v in values.items() if v is not None})


def choose(client: Client, plan: Plan, found: AgencyImport, **typed: Any) -> Page:
    """The preview, after the columns were chosen."""
    response = send_columns(client, plan, found, **typed)
    assert response.status_code == 302, Page(response).text
    return Page(client.get(response["Location"]))


def previewed(client: Client, plan: Plan, content: bytes, name: str = "agencies.csv", **typed: Any) -> AgencyImport:
    """The file, uploaded, with its columns chosen."""
    found = begin(client, plan, content, name)
    choose(client, plan, found, **typed)
    return found


def send_preview(client: Client, plan: Plan, found: AgencyImport, seen: Page | None = None) -> Any:
    """The answer to the button of the preview that was `seen`, or is opened now."""
    url = page_url(PREVIEW, plan, found)
    return client.post(url, (seen or Page(client.get(url))).values)


def imported(client: Client, plan: Plan, content: bytes, name: str = "agencies.csv", **typed: Any) -> AgencyImport:
    """The file, all the way into the plan."""
    found = previewed(client, plan, content, name, **typed)
    response = send_preview(client, plan, found)
    assert response.status_code == 302, Page(response).text
    found.refresh_from_db()
    return found


def fate_of(page: Page, name: str) -> str:
    """The line of the preview about an agency: all that stands from its name to the next one's."""
    return page.text.partition(name)[2]


def services_of(plan: Plan, **areas: str) -> dict[str, Service]:
    """A service in an area of its own for each: code of the area -> name of the service."""
    made = {}
    for code, name in areas.items():
        area = make(ServiceArea, plan, code=code, name=f"{code} area")
        made[code] = make(Service, plan, area=area, code=f"{code}-S", name=name, volume_unit="case")
    return made


def agencies_of(plan: Plan) -> dict[str, Agency]:
    return {agency.code: agency for agency in Agency.objects.for_plan(plan)}


def provisions_of(plan: Plan, services: Iterable[Service] = ()) -> dict[tuple[str, str], Provision]:
    """By codes of agency and service."""
    found = Provision.objects.for_plan(plan).select_related("agency", "service")
    found = found.filter(service__in=services) if services else found
    return {(one.agency.code, one.service.code): one for one in found}
