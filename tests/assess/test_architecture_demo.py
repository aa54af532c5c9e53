"""What the agencies of the demo plan say of their architecture: complete, marked as made up, and telling a story."""

from __future__ import annotations

from statistics import fmean

import pytest

from assess.demo_architecture import ALONE, EVIDENCE, PROFILES, SERVES
from assess.models import Aspect, Capability, CapabilityRating, TechnologyRating
from assess.pages_architecture import leaves_of
from assess.starter_capabilities import starter_capabilities
from ssoplanner.core.models import Agency
from ssoplanner.demo.state import AGENCIES
from ssoplanner.demo.systems import SYSTEMS
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.reading import shown_all
from tests.replaying import load_demo

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def test_every_agency_rates_everything_and_payroll_and_the_service_desk_are_behind(transactional_db: None) -> None:
    plan, _ = load_demo()
    build_plan(plan.pk)
    agencies = {str(agency.pk): agency.code for agency in Agency.objects.for_plan(plan)}
    found = {agencies[pk]: one.figures for pk, one in shown_all(plan.pk, "assess.architecture").items()}
    leaves = leaves_of(plan)
    assert all(figures and figures["rated"] == figures["expected"] == len(leaves) for figures in found.values())
    assert {code for code, figures in found.items() if figures and not figures["profile_gaps"]} == {"DOH", "DOT"}
    assert {code for code, figures in found.items() if figures and figures["profile_rated"] < 8} == {"SLA"}
    names = {leaf.row.pk: leaf.row.name for leaf in leaves}
    behind, others = [], []
    for figures in found.values():
        assert figures
        for pk, gap in zip(figures["capabilities"], figures["gap"], strict=True):
            (behind if names[pk] in ALONE else others).extend([] if gap is None else [gap])
    assert fmean(behind) > 1 > fmean(others)


def test_evidence_says_that_it_is_made_up_and_each_system_is_used_by_who_names_it(transactional_db: None) -> None:
    plan, _ = load_demo()
    rows = TechnologyRating.objects.for_plan(plan)
    assert all(row.evidence.startswith("Illustrative") for row in rows if row.level is not None)
    for rating in CapabilityRating.objects.for_plan(plan).filter(systems__isnull=False).prefetch_related("systems"):
        for system in rating.systems.all():
            assert system.agencies.filter(pk=rating.agency_id).exists(), rating
    assert Capability.objects.for_plan(plan).filter(ratings__systems__isnull=False).distinct().count() > 8


def test_its_tables_name_agencies_functions_and_capabilities_that_there_are() -> None:
    assert [one.agency for one in PROFILES] == [agency.code for agency in AGENCIES]
    assert EVIDENCE.keys() == set(Aspect.values)
    names = {one.name for one in starter_capabilities() if one.level == 3}
    assert names >= ALONE and all(set(served) <= names for served in SERVES.values())
    assert set(SERVES) == {system.function for system in SYSTEMS}
