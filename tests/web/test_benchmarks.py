"""The page of benchmarks: what the library says, one's own beside it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ssoplanner.core.models import AuditEvent, Benchmark
from ssoplanner.recompute.writer import delete
from ssoplanner.starter.benchmarks import LIBRARY, add_library
from ssoplanner.starter.choosing import choose_services
from tests.web.browsing import Page, save, sent
from tests.world import COMMAND, World, canary

pytestmark = pytest.mark.django_db
PAGE, NEW = "/plans/here/benchmarks/", "/plans/here/benchmarks/new/"
OWN = {
    "metric": "Hires per recruiter",
    "unit": "hires per FTE",
    "p25": "30",
    "p50": "42.5",
    "p75": "1,060",
    "population": "14 states",
    "year": "2025",
    "source": "Survey of state HR directors",
    "measure": "volume_per_fte",
    "subject": "IT-1",
}


@pytest.fixture
def office(world: World) -> Client:
    return world.client("office")


def benchmarks(world: World) -> list[Benchmark]:
    """Those that a test added: the world begins with one."""
    return list(Benchmark.objects.for_plan(world.here.plan).exclude(pk=world.here.benchmark.pk))


def test_every_member_reads_figures_population_year_and_source(world: World) -> None:
    add_library(world.here.plan, COMMAND)
    for actor in ("viewer", "lead", "board"):
        page = Page(world.client(actor).get(PAGE)).text
        assert "Invoices processed per accounts payable FTE and year" in page
        assert "P25 6,488 P75 20,964 invoices per FTE" in page
        assert "US federal agencies of 1,000 staff or more (n = 36) 2024 Computed from OPM" in page
        assert "Accounts payable , not in this plan" in page.replace("payable, not", "payable , not")
        assert "Add a benchmark" not in page and "Remove" not in page


def test_what_a_benchmark_is_about_is_named_as_the_plan_names_it(world: World, office: Client) -> None:
    add_library(world.here.plan, COMMAND)
    choose_services(world.here.plan, COMMAND, ["accounts-payable"])
    page = Page(office.get(PAGE)).text
    assert "FTE and year Accounts payable P25" in page
    assert f"Employees per IT FTE {canary('here-plan')} P25" in page


def test_one_of_ones_own_is_kept_as_it_was_typed(world: World, office: Client) -> None:
    save(office, NEW, **OWN)
    [kept] = benchmarks(world)
    assert (kept.p25, kept.p50, kept.p75, kept.figure) == (30, 42.5, 1060, None)
    assert (kept.year, kept.population, kept.library, kept.subject) == (2025, "14 states", "", "IT-1")
    page = Page(office.get(PAGE)).text
    assert "Hires per recruiter Service desk Your own P25 30 median 42.5 P75 1,060 hires per FTE 14 states 2025" in page
    event = AuditEvent.objects.for_plan(world.here.plan).filter(model="benchmark", row_id=kept.pk).get()
    assert event.user == world.here.people["office"]


WRONG: list[tuple[dict[str, str], str]] = [
    ({"source": ""}, "Give the source: a benchmark that nobody can look up is not taken."),
    ({"source": "  "}, "Give the source: a benchmark that nobody can look up is not taken."),
    ({"population": ""}, "Say whose figures these are: a benchmark without population is not taken."),
    ({"year": ""}, "Give the year of the figure: an undated benchmark is not taken."),
    ({"year": "1066"}, "greater than or equal to 1980"),
    ({"p25": "", "p50": "", "p75": ""}, "Give a figure or at least one quartile."),
    ({"p25": "50"}, "The median lies below the lower quartile."),
    ({"p25": "2000", "p50": ""}, "The upper quartile lies below the lower quartile."),
    ({"figure": "many"}, "Give a number, such as 1,200.50."),
    ({"subject": ""}, "Choose the service or area that this is about."),
    ({"subject": "IT"}, "The services of an area are counted in different units. Choose a service."),
    ({"subject": "FIN-1"}, "Select a valid choice."),
    ({"measure": "mood"}, "Select a valid choice."),
]


def test_what_cannot_be_checked_or_compared_is_refused(world: World, office: Client) -> None:
    for wrong, sentence in WRONG:
        page = sent(office, NEW, **{**OWN, **wrong})
        assert sentence in page.text, wrong
        assert "Hires per recruiter" in page.html
    assert benchmarks(world) == []


def test_an_area_is_compared_by_employees_and_anything_may_be_just_read(world: World, office: Client) -> None:
    save(office, NEW, **{**OWN, "measure": "employees_per_fte", "subject": "IT"})
    save(office, NEW, **{**OWN, "measure": "other", "subject": ""})
    assert {(row.measure, row.subject) for row in benchmarks(world)} == {("employees_per_fte", "IT"), ("other", "")}


def test_a_changed_benchmark_keeps_what_it_is_about_though_the_service_is_gone(world: World, office: Client) -> None:
    save(office, NEW, **{**OWN, "subject": "IT-2"})
    [kept] = benchmarks(world)
    delete(world.here.spare_service, actor=COMMAND, version=1)
    path = reverse("benchmark_edit", kwargs={"slug": "here", "benchmark_id": kept.pk})
    save(office, path, metric="Renamed")
    kept.refresh_from_db()
    assert (kept.metric, kept.subject, kept.version) == ("Renamed", "IT-2", 2)


# --- The library ----------------------------------------------------------------------------------------------------


def test_one_of_the_library_stands_as_its_source_has_it(world: World, office: Client) -> None:
    add_library(world.here.plan, COMMAND)
    held = benchmarks(world)[0]
    path = reverse("benchmark_edit", kwargs={"slug": "here", "benchmark_id": held.pk})
    for answer in (office.get(path, follow=True), office.post(path, {**OWN, "version": "0"}, follow=True)):
        assert "Remove it and add one of your own instead." in Page(answer).text
    held.refresh_from_db()
    assert held.version == 0
    assert path not in [where for _, where in Page(office.get(PAGE)).addresses]


def test_the_button_adds_what_is_missing_and_only_that(world: World, office: Client) -> None:
    assert f"Add {len(LIBRARY)} from the library" in Page(office.get(PAGE)).text
    first = press(office)
    removed = benchmarks(world)[3]
    answer: Any = office.post(reverse("benchmark_delete", kwargs={"slug": "here", "benchmark_id": removed.pk}))
    assert answer["Location"] == PAGE
    assert "Add 1 from the library" in Page(office.get(PAGE)).text
    again, nothing = press(office), press(office)
    assert (f"Added {len(LIBRARY)} benchmarks." in first, "Added 1 benchmark." in again) == (True, True)
    assert "The plan has the whole library already." in nothing
    assert len(benchmarks(world)) == len(LIBRARY)
    assert "from the library" not in Page(office.get(PAGE)).text


def press(office: Client) -> str:
    """What the office reads after it asked for the library."""
    return Page(office.post("/plans/here/benchmarks/library/", follow=True)).text
