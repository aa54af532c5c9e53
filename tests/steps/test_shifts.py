"""The twelve shifts, what may be said of them, and how a level moves."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ssoplanner.recompute.writer import Conflict
from ssoplanner.steps.models import ShiftStanding
from ssoplanner.steps.registry import Pillar
from ssoplanner.steps.shifts import FOCUS, LEVELS, SHIFTS, level_text
from ssoplanner.steps.standing import Move, begin, moves, save_standing, standing_of
from tests.world import COMMAND, World

KEY = "process.design"
FEB, JUNE = date(2026, 2, 2), date(2026, 6, 12)


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


def judge(world: World, level: int | None, since: date | None, evidence: str = "A list", **more: Any) -> ShiftStanding:
    version = standing_of(world.here.plan, KEY).version
    values = {"level": level, "since": since, "evidence": evidence, **more}
    return save_standing(world.here.plan, KEY, actor=COMMAND, version=version, values=values)


def refused(world: World, level: int | None, since: date | None, evidence: str = "A list") -> dict[str, list[str]]:
    before = standing_of(world.here.plan, KEY)
    with pytest.raises(ValidationError) as refusal:
        judge(world, level, since, evidence)
    after = standing_of(world.here.plan, KEY)
    assert (before.version, before.pk) == (after.version, after.pk)  # nothing was stored, not even a blank row
    return refusal.value.message_dict


# --- What the method says -------------------------------------------------------------------------------------------


def test_there_are_twelve_three_for_each_pillar_and_no_key_or_text_twice() -> None:
    assert Counter(shift.pillar for shift in SHIFTS) == dict.fromkeys(Pillar, 3)
    assert all(shift.key.startswith(f"{shift.pillar}.") for shift in SHIFTS)
    for texts in (
        [shift.key for shift in SHIFTS],
        [str(shift) for shift in SHIFTS],
        [shift.anchor for shift in SHIFTS],
    ):
        assert len(set(texts)) == 12
    assert FOCUS.keys() == set(Pillar)


def test_the_five_levels_are_numbered_and_each_says_what_it_means() -> None:
    assert [level.number for level in LEVELS] == [1, 2, 3, 4, 5]
    assert all(level.meaning.endswith(".") and level.name for level in LEVELS)
    assert level_text(3) == "3 of 5: half-way"


# --- What may be said -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "since", "evidence", "said"),
    [
        (2, None, "A list", {"since": ["Give the day since when this holds."]}),
        (2, FEB, "", {"evidence": ["Say what shows it: a level that nothing shows is an opinion."]}),
        (None, FEB, "", {"level": ["Choose where you stand since that day, or clear the day."]}),
        (2, date(2026, 6, 16), "A", {"since": ["This day is still to come. Give the day since when it holds."]}),
    ],
)
def test_a_level_comes_with_a_day_and_with_what_shows_it(
    world: World, level: int | None, since: date | None, evidence: str, said: dict[str, list[str]]
) -> None:
    assert refused(world, level, since, evidence) == said


@pytest.mark.django_db
def test_a_level_out_of_range_is_refused(world: World) -> None:
    for level in (0, 6):
        assert refused(world, level, FEB).keys() == {"level"}


@pytest.mark.django_db
@pytest.mark.both_databases
def test_words_alone_and_evidence_ahead_of_a_level_are_fine(world: World) -> None:
    row = judge(world, None, None, "Somebody collects it", before="Once")
    assert (row.level, row.before, row.declared.key) == (None, "Once", KEY)
    assert judge(world, 3, date(2026, 6, 15)).level == 3


@pytest.mark.django_db
@pytest.mark.parametrize("level", [1, 3])
def test_another_level_needs_another_day_and_evidence_of_its_own_up_or_down(world: World, level: int) -> None:
    judge(world, 2, FEB)
    same = {"evidence": ["This is what showed the former level. Say what shows the one that you chose."]}
    assert refused(world, level, JUNE) == same
    assert judge(world, level, JUNE, "Another list").level == level


@pytest.mark.django_db
def test_another_level_since_an_earlier_day_is_refused(world: World) -> None:
    judge(world, 2, JUNE)
    said = "Level 2 holds since 12 Jun 2026. Give a later day, or the same one if level 2 was wrong."
    assert refused(world, 3, FEB, "Another list") == {"since": [said]}


@pytest.mark.django_db
def test_corrections_ask_for_nothing(world: World) -> None:
    judge(world, 4, JUNE)
    assert judge(world, 2, JUNE).level == 2  # the level was wrong
    assert judge(world, 2, FEB).since == FEB  # the day was wrong
    assert judge(world, None, None, "").level is None  # it should not have been judged


@pytest.mark.django_db
@pytest.mark.both_databases
def test_two_who_judge_a_shift_for_the_first_time_meet_field_by_field(world: World) -> None:
    assert begin(world.here.plan, KEY, actor=COMMAND).version == 1
    assert begin(world.here.plan, KEY, actor=COMMAND).version == 1
    judge(world, 2, FEB)
    with pytest.raises(Conflict) as conflict:
        save_standing(world.here.plan, KEY, actor=COMMAND, version=0, values={"level": 3, "before": "Once"})
    assert [field.field for field in conflict.value.fields] == ["level"]
    assert standing_of(world.here.plan, KEY).before == ""


# --- How it moved ---------------------------------------------------------------------------------------------------


def said(*changes: tuple[int | None, str | None]) -> list[tuple[int, str]]:
    found = moves({"level": level, "since": since} for level, since in changes)
    return [(move.level, move.since.isoformat()) for move in found]


def test_moves_are_the_levels_in_the_order_of_their_days() -> None:
    assert said((1, "2026-02-02"), (2, "2026-06-12"), (1, "2026-09-01")) == [
        (1, "2026-02-02"),
        (2, "2026-06-12"),
        (1, "2026-09-01"),
    ]


def test_a_corrected_level_or_day_replaces_the_one_that_was_wrong() -> None:
    assert said((1, "2026-02-02"), (4, "2026-06-12"), (2, "2026-06-12")) == [(1, "2026-02-02"), (2, "2026-06-12")]
    assert said((1, "2026-02-02"), (2, "2026-06-12"), (2, "2026-05-01")) == [(1, "2026-02-02"), (2, "2026-05-01")]
    assert said((1, "2026-02-02"), (2, "2026-06-12"), (2, "2026-01-01")) == [(2, "2026-01-01")]
    assert said((2, "2026-02-02"), (2, "2026-03-02")) == [(2, "2026-03-02")]


def test_a_level_that_was_taken_back_goes_with_its_move() -> None:
    assert said((1, "2026-02-02"), (2, "2026-06-12"), (None, None)) == [(1, "2026-02-02")]
    assert said((None, None)) == []


def test_what_a_save_did_not_change_stands_as_before() -> None:
    changes: list[dict[str, Any]] = [
        {"shift": KEY},
        {"level": 1, "since": "2026-02-02", "evidence": "A"},
        {"evidence": "B"},
        {"level": 2, "since": "2026-06-12"},
    ]
    assert moves(changes) == [Move(1, FEB), Move(2, JUNE)]
