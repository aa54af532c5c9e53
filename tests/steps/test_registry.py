"""How steps are declared: what waits for what has a beginning, and every criterion can be ticked by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.apps import apps

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
        assert case.source and 1990 < case.year < 2100


def test_a_step_is_found_by_its_key_alone() -> None:
    assert str(step("assess.heat_map")) == "1.2 Complete shared services heat map assessment"
    with pytest.raises(KeyError):
        step("1.2")
