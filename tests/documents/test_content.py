"""What the columns of a calendar show."""

from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.documents.content import CalendarRow, Span, columns_of
from tests.documents.sample import calendar

SPANS = st.none() | st.tuples(st.integers(0, 11), st.integers(0, 11)).map(lambda pair: (min(pair), max(pair)))


def test_a_calendar_has_as_many_columns_as_its_ticks_span() -> None:
    assert calendar().columns == 8


@given(SPANS, SPANS)
def test_each_column_says_what_was_planned_and_what_happened(planned: Span | None, actual: Span | None) -> None:
    shown = columns_of(CalendarRow("", "", "late", planned, actual), 12)

    assert [column for column, what in enumerate(shown) if what in ("planned", "both")] == covered(planned)
    assert [column for column, what in enumerate(shown) if what in ("actual", "both")] == covered(actual)


def covered(span: Span | None) -> list[int]:
    return list(range(span[0], span[1] + 1)) if span else []
