"""What single cells mean, and what is said about those that mean nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from ssoplanner.core.models import Agency, Provision
from ssoplanner.workbook.agencies.cells import CannotRead, Numbers, Suppressed, read_figure, reader
from ssoplanner.workbook.agencies.guesses import guess_numbers

POINT, COMMA = Numbers.POINT, Numbers.COMMA


def field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def said(model: type[models.Model], name: str, cell: Any, numbers: Numbers = POINT, column: Any = ()) -> str:
    """The sentence about a cell that cannot be read."""
    with pytest.raises(CannotRead) as refusal:
        reader(field(model, name), numbers, column)(cell)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("cell", "numbers", "figure"),
    [
        ("1234", POINT, "1234"),
        ("1,234.5", POINT, "1234.5"),
        ("1.234,5", COMMA, "1234.5"),
        ("1 234,5", COMMA, "1234.5"),
        ("1\u202f234,5", COMMA, "1234.5"),
        ("1'234.5", POINT, "1234.5"),
        ("1’234.50", POINT, "1234.50"),
        ("1.5", POINT, "1.5"),
        ("1.234", COMMA, "1234"),
        ("1,234", POINT, "1234"),
        ("$1,234.50", POINT, "1234.50"),
        ("1.234,50 €", COMMA, "1234.50"),
        ("USD 1,200", POINT, "1200"),
        ("1,200 USD", POINT, "1200"),
        ("−5", POINT, "-5"),
        (12.0, COMMA, "12"),
        (0.1, POINT, "0.1"),
        (7, POINT, "7"),
    ],
)
def test_figures_are_read_as_the_file_writes_them(cell: Any, numbers: Numbers, figure: str) -> None:
    assert read_figure(cell, numbers) == Decimal(figure)


@pytest.mark.parametrize("cell", [None, "", "-", "–", "n/a", "N/A", " not known ", "?"])
def test_what_people_write_for_nothing_is_unknown(cell: Any) -> None:
    assert read_figure(cell, POINT) is None


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("twelve", POINT),
        ("12 people", POINT),
        ("1.234,5", POINT),
        ("1,234.5", COMMA),
        ("12,5", POINT),
        ("12.5", COMMA),
        ("1,23,456", POINT),
        ("12345,678", POINT),
        ("1e5", POINT),
        ("0x10", POINT),
        ("٣", POINT),
        ("²", POINT),
        ("5%", POINT),
        ("(5)", POINT),
        ("1" * 50, POINT),
        (True, POINT),
        ("2026-01-31", POINT),
    ],
)
def test_whatever_is_not_surely_a_number_is_refused(cell: Any, numbers: Numbers) -> None:
    with pytest.raises(CannotRead, match="is no number"):
        read_figure(cell, numbers)


@pytest.mark.parametrize("cell", ["inf", "Infinity", "-inf", "NaN", "*", "(D)"])
def test_signs_of_a_hidden_figure_are_told_apart_from_nonsense(cell: str) -> None:
    with pytest.raises(Suppressed, match="Leave the cell empty where the figure is unknown"):
        read_figure(cell, POINT)


def test_figures_are_rounded_half_up_to_what_the_plan_keeps() -> None:
    read = reader(field(Provision, "fte"), POINT)

    assert [read(cell) for cell in ("1.005", "2.344999", 1 / 3)] == [Decimal("1.01"), Decimal("2.34"), Decimal("0.33")]


def test_figures_that_do_not_fit_are_refused_with_the_reason() -> None:
    assert said(Agency, "headcount", "-3") == "“-3” is below zero."
    assert said(Agency, "headcount", "12.5") == "“12.5” is no whole number."
    assert said(Agency, "headcount", "3000000000") == "“3000000000” is too large: at most 2,147,483,647."
    assert said(Agency, "operating_budget", "-0.01") == "“-0.01” is below zero."
    assert said(Provision, "fte", "100000000") == (
        "“100000000” is too large: at most 8 digits before the decimal point."
    )
    assert reader(field(Provision, "fte"), POINT)("99999999.99") == Decimal("99999999.99")
    assert "too large" in said(Provision, "fte", "99999999.995")
    assert "too large" in said(Provision, "fte", "9" * 40)
    assert said(Provision, "annual_cost", "9" * 14).endswith(
        "is too large: at most 13 digits before the decimal point."
    )
    assert said(Provision, "fte", "#DIV/0!") == "The formula of this cell failed: #DIV/0!."


def test_texts_that_do_not_fit_are_refused_with_the_reason() -> None:
    long = "A" * 161
    assert said(Agency, "name", long) == f"“{'A' * 39}…” has 161 characters; at most 160 fit."
    assert said(Agency, "code", "DEPARTMENT-OF-HEALTH").endswith("has 20 characters; at most 12 fit.")
    assert said(Agency, "name", "#REF!") == "The formula of this cell failed: #REF!."
    assert "letters that were lost" in said(Agency, "name", "Minist\ufffdre")
    assert said(Agency, "tier", "galactic").startswith("“galactic” is not one of: Federal, State or provincial,")
    assert said(Provision, "has_sop", "maybe") == "“maybe” is neither yes nor no."


def test_texts_are_taken_as_they_are_meant() -> None:
    assert reader(field(Agency, "name"), POINT)("  Health ") == "Health"
    assert reader(field(Agency, "code"), POINT)(101.0) == "101"
    assert reader(field(Agency, "name"), POINT)("'=cmd") == "=cmd"
    assert reader(field(Agency, "name"), POINT)("'Round the Clock' service") == "'Round the Clock' service"
    assert [reader(field(Agency, "tier"), POINT)(cell) for cell in ("FEDERAL", "State or provincial", "state", "")] == [
        "federal",
        "state",
        "state",
        None,
    ]
    assert [reader(field(Provision, "has_sop"), POINT)(cell) for cell in ("Yes", "no", 1.0, False, "x", "")] == [
        True,
        False,
        True,
        False,
        True,
        None,
    ]


def test_shares_are_per_cent_unless_the_whole_column_is_fractions() -> None:
    share = field(Provision, "automated_share")
    percent, fractions = ["75", "0.5", "75 %"], [0.75, "1", "75 %"]

    assert [reader(share, POINT, percent)(cell) for cell in percent] == [
        Decimal("0.75"),
        Decimal("0.005"),
        Decimal("0.75"),
    ]
    assert [reader(share, POINT, fractions)(cell) for cell in fractions] == [Decimal("0.75"), 1, Decimal("0.75")]
    assert said(Provision, "automated_share", "120", column=["120"]) == "“120” is above 100 %."
    assert said(Provision, "automated_share", "101 %", column=["0.5"]) == "“101 %” is above 100 %."
    assert said(Provision, "automated_share", "-1 %", column=["-1 %"]) == "“-1 %” is below zero."


@pytest.mark.parametrize(
    ("cells", "locale", "numbers"),
    [
        (["1,234.50", "7"], "de_DE", POINT),
        (["1.234,50", "7"], "en_US", COMMA),
        (["12,5"], "en_US", COMMA),
        (["12.5"], "de_DE", POINT),
        (["1,234,567"], "de_DE", POINT),
        (["1.234", "2.345"], "de_DE", COMMA),
        (["1.234", "2.345"], "en_US", POINT),
        (["A, B.C", None, 5.5], "fr_FR", COMMA),
    ],
)
def test_the_format_of_figures_is_guessed_from_those_that_tell(cells: list[Any], locale: str, numbers: Numbers) -> None:
    assert guess_numbers([[cell] for cell in cells], locale) is numbers
