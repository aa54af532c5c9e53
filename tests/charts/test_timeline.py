"""The geometry of a timeline: what is drawn stands where its days are, on the drawing and beside nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.charts.timeline import (
    AXIS,
    MOST_LABELS,
    NARROWEST,
    Bar,
    Group,
    Row,
    Span,
    Timeline,
    timeline,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
SPANS = st.tuples(DAYS, DAYS).map(lambda days: Span(min(days), max(days)))
ROWS = st.builds(Row, st.uuids().map(str), st.none() | SPANS, st.none() | SPANS)
GROUPS = st.lists(st.builds(Group, st.uuids().map(str), st.lists(ROWS, max_size=6).map(tuple)), max_size=5)
TODAY = date(2026, 11, 29)


def bars(drawn: Timeline) -> list[Bar]:
    return [bar for group in drawn.groups for row in group.rows for bar in (row.planned, row.actual) if bar]


def one(planned: Span | None, actual: Span | None = None, today: date = TODAY) -> Timeline:
    return timeline([Group("g", (Row("r", planned, actual),))], today)


@given(GROUPS, DAYS)
def test_everything_stands_on_the_drawing_and_can_be_seen(groups: list[Group], today: date) -> None:
    drawn = timeline(groups, today)
    assert 0 < drawn.today < 100
    for bar in bars(drawn):
        assert bar.x >= 0 and bar.end <= 100.001 and bar.width >= NARROWEST
        assert bar.y >= AXIS and bar.y + bar.height <= drawn.height
    for tick in (*drawn.years, *drawn.quarters):
        assert 0 <= tick.x < 100


@given(GROUPS, DAYS)
def test_groups_and_rows_keep_their_order_and_never_lie_over_each_other(groups: list[Group], today: date) -> None:
    drawn = timeline(groups, today)
    assert [(g.key, [row.key for row in g.rows]) for g in drawn.groups] == [
        (g.key, [row.key for row in g.rows]) for g in groups
    ]
    assert all(above.top + above.height == below.top for above, below in pairwise(drawn.groups))
    tops = [row.top for group in drawn.groups for row in group.rows]
    assert all(below - above >= 24 for above, below in pairwise(tops))
    for group in drawn.groups:
        assert all(group.top < row.top < row.middle < group.top + group.height for row in group.rows)


@given(SPANS, DAYS, DAYS)
def test_a_day_within_the_span_lies_within_its_bar_and_one_far_outside_does_not(
    span: Span, day: date, other: date
) -> None:
    # The day is drawn as today, and the axis is the same for both.
    drawn = one(span, Span(other, other), today=day)
    [row] = drawn.groups[0].rows
    assert row.planned is not None
    slack = NARROWEST + 0.001
    within = row.planned.x - slack <= drawn.today <= row.planned.end + slack
    if span.start <= day <= span.end:
        assert within
    elif min(abs((day - span.start).days), abs((day - span.end).days)) > 160:  # more than the slack in 21 years
        assert not within


@given(SPANS, SPANS)
def test_a_longer_span_has_no_shorter_bar(first: Span, second: Span) -> None:
    [row] = one(first, second).groups[0].rows
    assert row.planned is not None and row.actual is not None
    days = {bar: span.end - span.start for bar, span in ((row.planned, first), (row.actual, second))}
    if days[row.planned] > days[row.actual] + timedelta(1):
        assert row.planned.width >= row.actual.width - 0.001


@given(GROUPS, DAYS)
def test_ticks_go_forward_and_labels_are_few_enough_to_read(groups: list[Group], today: date) -> None:
    drawn = timeline(groups, today)
    for ticks in (drawn.years, drawn.quarters):
        assert all(left.x < right.x for left, right in pairwise(ticks))
    assert 1 <= len(drawn.years) <= MOST_LABELS
    assert drawn.years[0].x == 0


def test_the_actual_bar_lies_inside_the_planned_one_and_sticks_out_where_it_took_longer() -> None:
    planned, longer = Span(date(2026, 2, 2), date(2026, 5, 29)), Span(date(2026, 2, 9), date(2026, 6, 12))
    [row] = one(planned, longer).groups[0].rows
    assert row.planned is not None and row.actual is not None
    assert row.planned.y < row.actual.y and row.actual.y + row.actual.height < row.planned.y + row.planned.height
    assert row.planned.x < row.actual.x < row.planned.end < row.actual.end


def test_the_last_day_belongs_to_its_span() -> None:
    [whole] = bars(one(Span(date(2026, 1, 1), date(2026, 12, 31))))
    assert (whole.x, whole.width) == (0, 100)


def test_half_a_year_is_half_the_width_and_its_quarters_stand_where_they_begin() -> None:
    [row] = one(Span(date(2026, 1, 1), date(2026, 7, 2))).groups[0].rows
    assert row.planned is not None
    assert row.planned.x == 0 and row.planned.width == pytest.approx(50, abs=0.3)
    drawn = one(Span(date(2026, 1, 1), date(2027, 12, 31)))
    assert [tick.label for tick in drawn.years] == ["2026", "2027"]
    assert [tick.label for tick in drawn.quarters] == ["Q1", "Q2", "Q3", "Q4"] * 2
    assert drawn.quarters[4].x == drawn.years[1].x == pytest.approx(50)


def test_a_day_mistyped_by_centuries_is_drawn_all_the_same() -> None:
    for day in (date.min, date.max):
        drawn = one(Span(day, day))
        assert len(drawn.years) <= MOST_LABELS and drawn.quarters == ()
        [bar] = bars(drawn)
        assert bar.x >= 0 and bar.end <= 100.001


def test_without_any_day_the_year_of_today_is_drawn() -> None:
    drawn = one(None)
    assert [tick.label for tick in drawn.years] == ["2026"] and bars(drawn) == []
    assert drawn.today == pytest.approx(91, abs=0.5)


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts on 2026-02-01"):
        Span(date(2026, 2, 1), date(2026, 1, 31))
