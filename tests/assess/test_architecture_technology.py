"""Rating technology: saved one by one or all at once, a level only with what shows it, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from assess.architecture_texts import ASPECTS, MATURITY_WORDS, OVERALL_WORDS
from assess.forms_architecture import MOST_EVIDENCE, NUMBERS
from assess.models import Aspect, TechnologyRating
from assess.models.architecture import MATURITIES
from ssoplanner.core.models import AuditEvent
from ssoplanner.recompute.writer import update
from tests.recompute.figures import counts, moved
from tests.web.browsing import Page
from tests.world import COMMAND, World, canary

pytestmark = pytest.mark.django_db


def page(world: World, aspect: str = "", **keys: Any) -> str:
    at = {"slug": "here", "agency_id": world.here.own.pk, **keys}
    return (
        reverse("technology_save", kwargs={**at, "aspect": aspect})
        if aspect
        else reverse("architecture_technology", kwargs=at)
    )


def fields(aspect: str, **typed: Any) -> dict[str, Any]:
    return {f"q{NUMBERS[aspect]}-{name}": value for name, value in typed.items()}


def ratings(world: World) -> dict[str, TechnologyRating]:
    rows = TechnologyRating.objects.for_plan(world.here.plan).filter(agency=world.here.own)
    return {row.aspect: row for row in rows}


def test_every_aspect_and_every_scale_has_five_levels_in_words_of_its_own() -> None:
    assert [text.key for text in ASPECTS] == list(Aspect.values)
    every = [words for text in ASPECTS for words in text.levels]
    assert len(every) == len(set(every)) == 5 * len(ASPECTS)
    assert set(MATURITY_WORDS) == set(MATURITIES)
    assert {len(words) for words in (*MATURITY_WORDS.values(), OVERALL_WORDS)} == {5}


def test_the_page_describes_each_level_and_shows_what_was_rated(world: World) -> None:
    shown = Page(world.client("lead").get(page(world)))
    assert "1 of 8 rated" in shown.text and "Next open aspect: Hosting" in shown.text
    assert all(words in shown.text for text in ASPECTS for words in (text.asks, *text.levels))
    assert shown.values["q1-choice"] == ["2"] and shown.values["q1-evidence"] == [canary("here-own")]
    assert "q2-choice" not in shown.values


def test_one_aspect_is_saved_by_itself(world: World) -> None:
    typed = fields("hosting", choice="4", evidence="Restored on May 3", version="1")
    answer = world.client("lead").post(page(world, "hosting"), typed)
    assert "Saved." in Page(answer).text and "2 of 8 rated" in Page(answer).text
    row = ratings(world)["hosting"]
    assert (row.level, row.evidence) == (4, "Restored on May 3")


def test_a_level_waits_for_what_shows_it_and_is_not_stored_without(world: World) -> None:
    answer = world.client("lead").post(page(world, "hosting"), fields("hosting", choice="4", evidence=" "))
    assert "Not saved yet: say what shows it" in Page(answer).text and "1 of 8 rated" in Page(answer).text
    assert "hosting" not in ratings(world)
    taken = world.client("lead").post(page(world, "networks"), fields("networks", choice="2", version="1"))
    assert "Not saved yet" in Page(taken).text and ratings(world)["networks"].evidence == canary("here-own")


def test_not_knowing_needs_no_evidence_and_what_shows_it_may_come_first(world: World) -> None:
    client = world.client("lead")
    client.post(page(world, "hosting"), fields("hosting", choice="unknown"))
    client.post(page(world, "identity"), fields("identity", evidence="The audit of 2025"))
    rows = ratings(world)
    assert rows["hosting"].level is None
    assert (rows["identity"].level, rows["identity"].evidence) == (None, "The audit of 2025")
    assert "1 of 8 rated" in Page(client.get(page(world))).text


@pytest.mark.parametrize("choice", ["0", "6", "-1", "3.5", "level", "²", "9" * 40])
def test_a_level_that_there_is_not_is_refused_in_a_sentence(world: World, choice: str) -> None:
    typed = fields("hosting", choice=choice, evidence="Something")
    answer = world.client("lead").post(page(world, "hosting"), typed)
    assert "There is no such level. Choose one from 1 to 5" in Page(answer).text
    assert "hosting" not in ratings(world)


def test_too_long_a_text_is_refused_with_its_length(world: World) -> None:
    typed = fields("hosting", choice="3", evidence="x" * (MOST_EVIDENCE + 1))
    answer = world.client("lead").post(page(world, "hosting"), typed)
    assert f"has {MOST_EVIDENCE + 1} characters. Say it in at most {MOST_EVIDENCE}" in Page(answer).text
    assert "hosting" not in ratings(world)


def test_looking_without_changing_anything_writes_nothing(world: World) -> None:
    client, before = world.client("lead"), AuditEvent.objects.for_plan(world.here.plan).count()
    assert client.post(page(world), Page(client.get(page(world))).values).status_code == 302
    client.post(page(world, "hosting"), fields("hosting", evidence=" "))
    assert AuditEvent.objects.for_plan(world.here.plan).count() == before


def test_without_a_script_one_button_saves_all_that_is_right_and_keeps_the_rest(world: World) -> None:
    client = world.client("lead")
    typed = fields("hosting", choice="5", evidence="The contract") | fields("identity", choice="3")
    answer = client.post(page(world), Page(client.get(page(world))).values | typed)
    assert answer.status_code == 422
    shown = Page(answer)
    assert "Identity and zero trust: Not saved yet: say what shows it" in shown.text
    assert shown.values[f"q{NUMBERS['identity']}-choice"] == ["3"]
    assert ratings(world)["hosting"].level == 5 and "identity" not in ratings(world)
    again = client.post(page(world), shown.values | fields("identity", choice="3", evidence="The audit"))
    assert again.status_code == 302 and ratings(world)["identity"].level == 3


def test_two_windows_meet_in_one_aspect_and_the_person_chooses(world: World) -> None:
    client = world.client("lead")
    client.post(page(world, "networks"), fields("networks", choice="4", evidence="A", version="1"))
    answer = client.post(page(world, "networks"), fields("networks", choice="1", evidence="B", version="1"))
    text = Page(answer).text
    assert "saved “Level 4; A”" in text and "Yours is “Level 1; B”" in text and "Keep mine" in text
    assert ratings(world)["networks"].level == 4
    kept = fields("networks", choice="1", evidence="B", version="1", keep=str(ratings(world)["networks"].version))
    assert client.post(page(world), kept).status_code == 302
    assert (ratings(world)["networks"].level, ratings(world)["networks"].evidence) == (1, "B")


def test_two_who_rate_an_aspect_first_meet_too(world: World) -> None:
    client = world.client("lead")
    client.post(page(world, "hosting"), fields("hosting", choice="4", evidence="A", version="1"))
    answer = client.post(page(world, "hosting"), fields("hosting", choice="2", evidence="A", version="1"))
    assert "Choose which one stands" in Page(answer).text and ratings(world)["hosting"].level == 4


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("other_lead", "The figures of Agency own here are for its own lead"),
        ("board", "This page is for the program office or agency lead"),
        ("analyst", "This page is for the program office or agency lead"),
        ("viewer", "This page is for the program office or agency lead"),
    ],
)
def test_others_rate_nothing_of_an_agency(world: World, actor: str, said: str) -> None:
    before = ratings(world)["networks"].version
    for path in (page(world), page(world, "networks")):
        answer = world.client(actor).post(path, fields("networks", choice="5", evidence="Mine", version="1"))
        assert answer.status_code == 403 and said.casefold() in Page(answer).text.casefold(), path
    assert ratings(world)["networks"].version == before


def test_the_office_rates_for_any_agency_and_an_unknown_aspect_is_not_found(world: World) -> None:
    other = world.here.other.pk
    typed = fields("hosting", choice="3", evidence="The office saw it", version="1")
    assert "Saved." in Page(world.client("office").post(page(world, "hosting", agency_id=other), typed)).text
    assert world.client("lead").post(page(world, "weather"), {}).status_code == 404


def test_a_level_counts_up_the_agency_and_what_shows_it_counts_up_nothing(world: World) -> None:
    row, before = ratings(world)["networks"], counts(world.here.plan)
    row = update(row, actor=COMMAND, version=row.version, values={"evidence": "Another"})
    assert not moved(before, counts(world.here.plan))
    update(row, actor=COMMAND, version=row.version, values={"level": 5})
    touched = set(moved(before, counts(world.here.plan)))
    assert ("assess.architecture", str(world.here.own.pk)) in touched
    assert ("assess.architecture", str(world.here.other.pk)) not in touched
    assert ("assess.technology_map", "") in touched
