"""Saving a form that nobody touched changes nothing: no figure, no version, no audit row, whatever the row holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssoplanner.access.policy import policy
from ssoplanner.core.models import AuditEvent
from ssoplanner.core.places import LOCALES
from ssoplanner.recompute.writer import update
from tests.access.test_canary import digest
from tests.access.urls import address
from tests.web.browsing import now, save
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db

EDITED = [name for name, rule in policy().items() if rule.write and name.endswith(("_edit", "_settings"))]


def decimals(whole: int, places: int, least: int | None = 0) -> st.SearchStrategy[Any]:
    bound = 10**whole - 1
    return st.none() | st.decimals(min_value=-bound if least is None else least, max_value=bound, places=places)


COUNTS = st.none() | st.integers(min_value=0, max_value=2**31 - 1)
SHARES = st.none() | st.decimals(min_value=0, max_value=1, places=4)
DAYS = st.none() | st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
ANSWERS = st.sampled_from([True, False, None])
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)
LINES = st.lists(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=20), max_size=4)
TEXTS = LINES.map(lambda lines: "\n".join(lines).strip())


ROWS = st.fixed_dictionaries(
    {
        "plan": st.fixed_dictionaries(
            {"locale": st.sampled_from(LOCALES), "problem": TEXTS, "subdivision": st.just("X"), "quorum": SHARES}
        ).filter(lambda values: values["quorum"] is not None),
        "own": st.fixed_dictionaries(
            {"headcount": COUNTS, "operating_budget": decimals(13, 2), "statutory_mandate": TEXTS}
        ),
        "provision": st.fixed_dictionaries(
            {
                "annual_cost": decimals(13, 2),
                "fte": decimals(8, 2),
                "volume": st.none() | st.integers(min_value=0, max_value=2**63 - 1),
                "automated_share": SHARES,
                "has_sop": ANSWERS,
                "has_dashboard": ANSWERS,
                "source": WORDS,
            }
        ),
        "kpi": st.fixed_dictionaries(
            {
                "direction": st.just("lower"),
                "baseline": decimals(14, 4, least=None),
                "target": decimals(14, 4, least=None),
                "target_date": DAYS,
                "in_people": st.booleans(),
                "method": TEXTS,
            }
        ),
    }
)


@given(rows=ROWS)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_row_holds_an_untouched_form_gives_it_back(world: World, rows: dict[str, dict[str, Any]]) -> None:
    here, office = world.here, world.client("office")
    pages = {"plan": "plan_settings", "own": "agency_edit", "provision": "provision_edit", "kpi": "kpi_edit"}
    for name, values in rows.items():
        update(getattr(here, name), actor=COMMAND, version=now(getattr(here, name)).version, values=values)
    before = state(world, pages)
    for name in pages.values():
        save(office, address(name, here))
    assert state(world, pages) == before


def state(world: World, names: Iterable[str]) -> list[Any]:
    """The audit's length and every field of the named rows."""
    rows = [now(getattr(world.here, name)) for name in names]
    fields = [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]
    return [AuditEvent.objects.for_plan(world.here.plan).count(), *fields]


def full_rows(world: World) -> Iterator[tuple[Any, dict[str, Any]]]:
    """What each row of the world still lacks, so that every field of every form holds something."""
    here, day = world.here, date(2026, 7, 1)
    rate = {"discount_rate": "0.035", "discount_rate_date": day, "discount_rate_source": "Treasury"}
    yield here.plan, {"goals": "One.\n\nTwo.", "subdivision": "CB", "leads_see_agencies": False, **rate}
    yield here.own, {"end_users": 5, "statutory_mandate": "a\nb", "collective_agreement": "c", "tier": "federal"}
    yield here.service, {"description": "Tickets.\n\n  All."}
    yield here.system, {"vendor": "v", "users": 1200, "annual_cost": "1200.50", "services": [here.service]}
    yield here.system, {"contract_end": day, "end_of_support": day}
    yield here.provision, {"volume": 1200, "users_served": 7, "resolution_hours": "2.5", "has_sop": False}
    yield here.kpi, {"owner": here.people["board"], "baseline": "-1200.5", "target": "0.0001", "target_date": day}
    yield here.kpi, {"direction": "band", "band_low": 1, "band_high": 2, "amber": 3, "red": 4, "in_people": True}
    yield here.memberships["lead"], {"agencies": [here.own, here.other]}


def test_every_edit_page_gives_back_what_it_shows(world: World) -> None:
    for row, values in full_rows(world):
        update(row, actor=COMMAND, version=now(row).version, values=values)
    office, lead = world.client("office"), world.client("lead")
    before = digest()
    for name in EDITED:
        save(office, address(name, world.here))
        assert digest() == before, name
    for name in ("agency_edit", "provision_edit"):
        save(lead, address(name, world.here))
        assert digest() == before, name
    assert len(EDITED) > 7
