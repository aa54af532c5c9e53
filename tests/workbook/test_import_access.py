"""An import is seen by its person and by the program office; what it links to is of the plan."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.access.test_canary import digest
from tests.web.browsing import Page
from tests.workbook.importing import UPLOAD, page_url, send_columns
from tests.world import World, begin_import, canary

pytestmark = pytest.mark.django_db
READ = ("agency_import_columns", "agency_import_preview", "agency_import_left_out")
WRITE = ("agency_import_columns", "agency_import_preview", "agency_import_sheet", "agency_import_discard")


def test_an_analyst_sees_their_own_imports_and_no_other(world: World) -> None:
    here, client = world.here, world.client("analyst")
    mine = begin_import(here, "mine-to-see", "analyst")
    theirs = here.agency_import
    assert theirs is not None

    listed = Page(client.get(page_url(UPLOAD, here.plan)))

    columns, discard = (page_url(name, here.plan, mine) for name in ("agency_import_preview", "agency_import_discard"))
    assert [where for _, where in listed.addresses if re.search(r"/import/\d", where)] == [columns, discard]
    for name in READ:
        assert client.get(page_url(name, here.plan, mine)).status_code == 200
        assert client.get(page_url(name, here.plan, theirs)).status_code == 404
    before = digest()
    for name in WRITE:
        assert client.post(page_url(name, here.plan, theirs)).status_code == 404
    assert digest() == before


def test_the_program_office_sees_every_import_of_its_plan_only(world: World) -> None:
    here, there, client = world.here, world.there, world.client("office")
    analysts, foreign = begin_import(here, "Analyst's agency", "analyst"), there.agency_import
    assert foreign is not None

    listed = Page(client.get(page_url(UPLOAD, here.plan)))

    assert "analyst of here" in listed.text and "of there" not in listed.text
    assert "Analyst's agency" in Page(client.get(page_url("agency_import_preview", here.plan, analysts))).text
    before = digest()
    for name in READ:
        assert client.get(page_url(name, here.plan, foreign)).status_code == 404
    for name in WRITE:
        assert client.post(page_url(name, here.plan, foreign)).status_code == 404
    assert client.post(page_url("agency_import_discard", there.plan, foreign)).status_code == 404
    assert digest() == before


def test_a_service_of_another_plan_is_refused_and_not_named(world: World) -> None:
    here, client = world.here, world.client("office")
    found = here.agency_import
    assert found is not None
    before = found.mapping

    answer = send_columns(client, here.plan, found, service_2=str(world.there.service.pk))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"service_2"}
    assert canary("there-plan") not in answer.content.decode()
    found.refresh_from_db()
    assert found.mapping == before


def test_a_mapping_that_names_another_plans_service_opens_no_preview(world: World) -> None:
    """However it got there: nothing of the other plan is read or written."""
    here, client = world.here, world.client("office")
    found = here.agency_import
    assert found is not None
    found.mapping["columns"][2][2] = world.there.service.pk
    found.save()

    for answer in (
        client.get(page_url("agency_import_preview", here.plan, found)),
        client.post(page_url("agency_import_preview", here.plan, found), {"seen": ""}),
        client.get(page_url("agency_import_left_out", here.plan, found)),
    ):
        assert (answer.status_code, answer["Location"]) == (302, page_url("agency_import_columns", here.plan, found))


def test_leads_board_and_viewers_neither_see_nor_send_files(world: World) -> None:
    found = world.here.agency_import
    for actor in ("lead", "other_lead", "board", "viewer"):
        client: Client = world.client(actor)
        for name in (UPLOAD, *READ):
            path = page_url(name, world.here.plan, None if name == UPLOAD else found)
            assert client.get(path).status_code == 403
            assert client.post(path).status_code == 403
