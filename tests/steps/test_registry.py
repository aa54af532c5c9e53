"""How steps are declared: what waits for what has a beginning, and every criterion can be ticked by itself."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.apps import apps

from ssoplanner.core.models import Tier
from ssoplanner.steps import registry
from ssoplanner.steps.registry import Criterion, Step, WrongDeclaration, check_steps, step, steps

FIRST = Step("1.1", "assess.a", "A", (), "Purpose.", (Criterion("done", "It is done."),), ("the register",))
SECOND = replace(FIRST, code="1.2", key="assess.b", needs=("assess.a",))


def test_a_step_may_wait_for_earlier_ones() -> None:
    assert check_steps((FIRST, SECOND)) is None


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ((FIRST, FIRST), "There are two steps assess.a"),
        ((FIRST, replace(SECOND, needs=("assess.none",))), "assess.b waits for assess.none, which is no earlier step"),
        ((SECOND, FIRST), "assess.b waits for assess.a, which is no earlier step"),
        ((replace(FIRST, needs=("assess.a",)),), "assess.a waits for assess.a"),
        ((replace(FIRST, needs=("assess.b",)), SECOND), "assess.a waits for assess.b"),  # a circle
        ((replace(FIRST, done_when=FIRST.done_when * 2),), "two criteria with one key"),
    ],
)
def test_what_cannot_hold_is_refused_and_says_why(declared: tuple[Step, ...], said: str) -> None:
    with pytest.raises(WrongDeclaration, match=said):
        check_steps(declared)


def test_a_wrong_declaration_keeps_the_application_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    def gathered() -> None:
        check_steps((SECOND,))

    monkeypatch.setattr(registry, "steps", gathered)
    with pytest.raises(WrongDeclaration):
        apps.get_app_config("steps").ready()


def test_every_step_says_what_it_reads_and_when_it_is_done() -> None:
    for one in steps():
        sentences = [criterion.text for criterion in one.done_when]
        assert sentences and all(text[0].isupper() and text.endswith(".") for text in sentences), one
        assert one.inputs and all(not text.endswith(".") for text in one.inputs), one


def test_only_the_first_phase_begins_by_itself() -> None:
    assert {one.key for one in steps() if not one.needs} == {one.key for one in steps() if one.code.startswith("1.")}


def test_what_others_found_is_at_most_two_sentences_with_source_and_year() -> None:
    cases = [case for one in steps() for case in (one.good, one.wrong) if case is not None]
    assert len(cases) > 10
    for case in cases:
        assert 1 <= case.text.replace("GBP 1.4bn", "").count(". ") + 1 <= 2, case.text
        assert case.source and (1990 < case.year < 2100 if case.year else not re.search(r"\d", case.text)), case.text


def test_every_step_says_what_good_looks_like_and_what_went_wrong() -> None:
    assert [one.key for one in steps() if one.good is None or one.wrong is None] == []


def test_a_step_is_found_by_its_key_alone() -> None:
    assert str(step("assess.heat_map")) == "1.2 Complete shared services heat map assessment"
    with pytest.raises(KeyError):
        step("1.2")


def test_where_law_or_labour_differs_every_tier_has_its_own_text() -> None:
    different = [one for one in steps() if one.by_tier]

    assert len(different) >= 8
    for one in different:
        texts = {one.text_for(tier) for tier in Tier}
        assert len(texts) == len(Tier) and all(texts), one.key


def test_a_text_for_some_tiers_only_is_refused() -> None:
    half = replace(steps()[0], by_tier=((Tier.FEDERAL, "Only here."),))

    with pytest.raises(WrongDeclaration, match="some tiers only"):
        check_steps([half])


def test_every_step_has_a_short_title_of_its_own_for_the_roadmap() -> None:
    short = [one.short for one in steps()]
    assert len(set(short)) == len(short)
    assert all(4 <= len(text) <= 26 and text[0].isupper() and not text.endswith(".") for text in short)
