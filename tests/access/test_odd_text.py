"""What is no text, a NUL or half of a surrogate pair, is refused properly wherever it comes in; PostgreSQL holds none.

SQLite takes some of it, so that much of this can fail on PostgreSQL only.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from ssoplanner.access.policy import Audience, policy
from ssoplanner.core.models import AuditEvent, System
from ssoplanner.recompute.writer import bulk_load
from tests.access.urls import address, url_names
from tests.web.browsing import Page
from tests.world import BACKEND, COMMAND, World, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OPEN = [name for name in url_names() if name in policy() and policy()[name].audience is not Audience.NOBODY]
NUL, HALF = "a\x00", "a\ud83d"
GRIDS = {
    "agencies_grid": ("own", "name"),
    "systems_grid": ("system", "vendor"),
    "kpis_grid": ("kpi", "name"),
    "agency_grid": ("cell", "source"),
    "service_grid": ("cell", "source"),
}


def lenient(client: Client) -> Client:
    """A browser that is shown the page for a broken view, as people are."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("actor", ["office", "anonymous"])
def test_a_nul_in_any_parameter_of_any_page_is_a_request_not_understood(world: World, actor: str) -> None:
    client = lenient(world.client(actor))
    for name in OPEN:
        for query in ("kind=%00", "x%00=1", "page=1&page=2%00"):
            answer = client.get(f"{address(name, world.here)}?{query}")
            assert answer.status_code == 400, (name, query)
    assert "The request was not understood" in Page(answer).text


def test_half_a_pair_in_any_parameter_breaks_no_page(world: World) -> None:
    client = lenient(world.client("office"))
    for name in OPEN:
        known = "&".join(f"{key}=%ED%A0%BD" for key in ("kind", "page", "year", "status", "service", "then", "token"))
        assert client.get(f"{address(name, world.here)}?{known}").status_code < 500, name


def test_another_encoding_brings_nothing_in_either(world: World) -> None:
    client = lenient(world.client("office"))
    path = address("history", world.here) + "?kind=\\ud83d"
    assert client.get(path, CONTENT_TYPE="text/plain; charset=unicode_escape").status_code == 200
    invited = {"name": "N\\ud83d", "email": "n@example.gov", "role": "viewer"}
    form = "multipart/form-data; boundary=BoUnDaRyStRiNg; charset=unicode_escape"
    assert client.post(address("invite", world.here), invited, content_type=form).status_code < 500


@pytest.mark.parametrize("path", ["/accounts/oidc/a%00b/login/", "/invitations/a%00/", "/plans/a%00/", "/%00"])
def test_a_nul_in_a_path_is_a_request_not_understood(world: World, path: str) -> None:
    assert lenient(Client()).get(path).status_code == 400


def test_a_session_cookie_with_a_nul_is_a_request_not_understood(world: World) -> None:
    # Octal, which is how a cookie spells it and what Python reads.
    cookie = f'{settings.SESSION_COOKIE_NAME}="\\000abcdefghijklmnop"'
    assert lenient(Client()).get("/", HTTP_COOKIE=cookie).status_code == 400


def test_a_nul_in_every_field_of_a_form_breaks_no_page_and_is_not_stored(world: World) -> None:
    client = lenient(world.client("office"))
    raw = ("version", "standard", "area", "calculation", "seen", "sheet", "keep", "shown", "then", "login", "only")
    for name in OPEN:
        page = client.get(address(name, world.here))
        values = Page(page).values if page.status_code == 200 and "html" in page["Content-Type"] else {}
        posted = dict.fromkeys([*values, *raw], NUL)
        assert client.post(address(name, world.here), posted).status_code < 500, name
        client.force_login(world.here.people["office"], backend=BACKEND)  # one of the pages signs out
    assert not [event for event in AuditEvent.objects.for_plan(world.here.plan) if NUL in event.after.values()]


def test_a_form_says_it_at_the_field(world: World) -> None:
    path = address("system_edit", world.here)
    client = world.client("office")
    answer = client.post(path, {**Page(client.get(path)).values, "vendor": NUL})
    assert answer.status_code == 422
    assert "Vendor: Null characters are not allowed." in Page(answer).text


@pytest.mark.parametrize("odd", [NUL, HALF], ids=["nul", "half"])
@pytest.mark.parametrize("grid", GRIDS)
def test_a_cell_says_what_is_wrong_and_the_others_are_saved(world: World, grid: str, odd: str) -> None:
    row, column = GRIDS[grid]
    key = f"{world.here.own.pk}-{world.here.service.pk}" if row == "cell" else str(getattr(world.here, row).pk)
    answer = _sent(world, grid, [_cell(key, column, odd), _cell(key, "no such column", "1")])
    [wrong] = [error for error in answer["errors"] if error["name"] == column]
    assert "haracter" in wrong["sentence"], wrong
    assert answer["rows"][key]["version"] == 1


@pytest.mark.parametrize("odd", [NUL, HALF], ids=["nul", "half"])
@pytest.mark.parametrize("grid", GRIDS)
def test_an_odd_row_or_column_of_a_cell_is_refused(world: World, grid: str, odd: str) -> None:
    key = f"{world.here.own.pk}-{world.here.service.pk}"
    answer = _sent(world, grid, [_cell(odd, "name", "x"), _cell(key, odd, "x"), _cell(f"new{odd}", "name", odd)])
    assert len(answer["errors"]) > 1 and all(error["sentence"] for error in answer["errors"])


def _cell(row: str, name: str, text: str) -> dict[str, Any]:
    return {"row": row, "name": name, "text": text, "version": 1}


def _sent(world: World, grid: str, cells: list[dict[str, Any]]) -> Any:
    client, path = lenient(world.client("office")), address(grid, world.here)
    answer = client.post(path, json.dumps({"cells": cells}), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("odd", [NUL, HALF], ids=["nul", "half"])
def test_the_writer_refuses_it_whoever_calls(world: World, odd: str) -> None:
    here = world.here
    row = {"name": "S", "function": "f", "vendor": odd}
    with pytest.raises(ValidationError, match="cannot be stored"):
        make(System, here.plan, **row, agencies=[here.own])
    with pytest.raises(ValidationError, match="cannot be stored"):
        bulk_load(System, plan=here.plan, actor=COMMAND, rows=[row], label="systems")
