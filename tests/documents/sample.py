"""A document with one of everything."""

from __future__ import annotations

from ssoplanner.documents.content import (
    TONES,
    Calendar,
    CalendarRow,
    Cell,
    Document,
    Facts,
    Group,
    Line,
    Paragraph,
    Section,
    Table,
    cell,
)

HOSTILE = '<script src="http://example.com/x.js">&'


def calendar(rows: int = 5, **values: object) -> Calendar:
    lines = tuple(CalendarRow(f"Step {n}", f"words {n}", TONES[n % 5], (n % 3, 5), (2, 3)) for n in range(rows))
    return Calendar("The years", (("2026", 4), ("2027", 4)), (Group("First phase", lines),), **values)  # type: ignore[arg-type]


def sample(text: str = "Plain text", rows: int = 3) -> Document:
    table = Table(
        "What there is",
        ("Phase", "People"),
        tuple((Cell((Line(f"Row {n}", strong=True),)), cell(text, tone=TONES[n % 5])) for n in range(rows)),
        (40, 60),
    )
    first = Section("Overview", (Facts((("Complete", "4 of 23"),)), Paragraph(text), table))
    return Document(
        title="Roadmap",
        subtitle="Columbia Bay",
        made="Made on 29 November 2026",
        sections=(first, Section("Timeline", (calendar(today=3),), new_page=True)),
        notice="Made up.",
        landscape=True,
    )
