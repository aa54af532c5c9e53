"""The small question that pages ask: did the figures change?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.test import Client

from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.reading import STALE, shown
from ssoplanner.recompute.writer import update
from ssoplanner.web.live import GOOD_FOR, SALT, live
from tests.world import BACKEND, COMMAND, PlanRows, make_plan

STATE = ("assess.current_state", "")


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    rows = make_plan("here")
    build_plan(rows.plan.pk)
    return rows


pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def question(rows: PlanRows, *keys: tuple[str, str]) -> tuple[str, str]:
    """The address to ask at, and the stamp of what is shown."""
    asked = live(rows.plan, shown(rows.plan.pk, keys or [STATE]), "figures")
    return asked.url, asked.stamp


def ask(url: str, have: str) -> Any:
    return Client().get(f"{url}&have={have}")


def change_cost(rows: PlanRows, cost: int) -> None:
    rows.provision = update(
        rows.provision, actor=COMMAND, version=rows.provision.version, values={"annual_cost": Decimal(cost)}
    )


def test_nothing_new_costs_one_query_and_needs_no_session(rows: PlanRows, django_assert_num_queries: Any) -> None:
    url, stamp = question(rows)

    with django_assert_num_queries(1):
        answer = ask(url, stamp)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_it_costs_one_query_for_somebody_who_is_signed_in_too(
    rows: PlanRows, world_client: Client, django_assert_num_queries: Any
) -> None:
    url, stamp = question(rows)

    with django_assert_num_queries(1):
        answer = world_client.get(f"{url}&have={stamp}")

    assert answer.status_code == 204


@pytest.fixture
def world_client(rows: PlanRows) -> Client:
    client = Client()
    client.force_login(rows.people["board"], backend=BACKEND)
    return client


def test_a_save_and_then_the_new_result_are_both_news(rows: PlanRows) -> None:
    url, first = question(rows)
    change_cost(rows, 2_000)
    answer = ask(url, first)
    assert (answer.status_code, answer.content.decode()) == (200, first + STALE)
    _, waiting = question(rows)
    assert ask(url, waiting).status_code == 204

    build_plan(rows.plan.pk)

    answer = ask(url, waiting)
    _, last = question(rows)
    assert (answer.status_code, answer.content.decode()) == (200, last)
    assert ask(url, last).status_code == 204
    assert len({first, waiting, last}) == 3


def test_what_happens_to_other_figures_is_no_news(rows: PlanRows) -> None:
    url, stamp = question(rows, ("assess.agency_state", str(rows.other.pk)))

    change_cost(rows, 3_000)
    build_plan(rows.plan.pk)

    assert ask(url, stamp).status_code == 204


def test_the_question_holds_nothing_but_which_figures_are_meant(rows: PlanRows) -> None:
    url, _ = question(rows)

    token = parse_qs(urlsplit(url).query)["token"][0]

    assert signing.loads(token, salt=SALT) == [rows.plan.pk, [list(STATE)]]


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
def test_a_token_that_is_not_ours_is_gone(rows: PlanRows, token: str) -> None:
    answer = Client().get("/live/", {"token": token, "have": "x"})

    assert answer.status_code == 410
    assert "no-store" in answer["Cache-Control"]


def test_a_token_for_another_purpose_is_gone(rows: PlanRows) -> None:
    token = signing.dumps([rows.plan.pk, [list(STATE)]], salt="another")

    assert Client().get("/live/", {"token": token}).status_code == 410


def test_a_token_ends_after_a_day(rows: PlanRows, monkeypatch: pytest.MonkeyPatch) -> None:
    url, stamp = question(rows)
    later = signing.time.time() + GOOD_FOR + 1  # type: ignore[attr-defined]
    monkeypatch.setattr(signing.time, "time", lambda: later)  # type: ignore[attr-defined]

    assert ask(url, stamp).status_code == 410


def test_pages_of_the_plan_ask_about_what_they_show(rows: PlanRows, world_client: Client) -> None:
    page = world_client.get("/plans/here/").content.decode()
    _, stamp = question(rows)

    assert f'data-stamp="{stamp}"' in page
    assert 'data-current="true"' in page
