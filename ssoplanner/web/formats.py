"""Figures, money and dates as the plan writes them (its locale, currency and time zone)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from ssoplanner.core.models import Plan

NOT_GIVEN = "not given"
Number = int | float | Decimal


def money(value: Number | None, plan: Plan) -> str:
    """In the plan's currency; whole amounts without cents."""
    if value is None:
        return NOT_GIVEN
    whole = value == int(value)
    return format_currency(
        value, plan.currency, locale=plan.locale, decimal_quantization=not whole, format="¤#,##0" if whole else None
    )


def number(value: Number | None, plan: Plan) -> str:
    """Grouped, with the decimals that it has."""
    return NOT_GIVEN if value is None else format_decimal(value, locale=plan.locale, decimal_quantization=False)


def percent(value: Number | None, plan: Plan) -> str:
    """A share 0-1 as a percentage with at most one decimal."""
    return NOT_GIVEN if value is None else format_percent(value, locale=plan.locale, format="#,##0.# %")


def day(value: date | None, plan: Plan) -> str:
    return NOT_GIVEN if value is None else format_date(value, "medium", locale=plan.locale)


def moment(value: datetime | None, plan: Plan) -> str:
    """Date and time in the plan's zone."""
    if value is None:
        return NOT_GIVEN
    zone = ZoneInfo(plan.time_zone)
    return format_datetime(value.astimezone(zone), "d MMM y, HH:mm", tzinfo=zone, locale=plan.locale)
