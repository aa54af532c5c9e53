"""Figures, money and dates as the plan writes them (its locale, currency and time zone)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

from ssoplanner.core.models import Plan

NOT_GIVEN = "not given"
Number = int | float | Decimal


def money(value: Number | None, plan: Plan) -> str:
    """In the plan's currency; whole amounts without cents."""
    if value is None:
        return NOT_GIVEN
    if value != int(value):
        return format_currency(value, plan.currency, locale=plan.locale)
    # The locale's own pattern without its decimals: the sign stands before the amount or after it.
    pattern = re.sub(r"[.]0+", "", Locale.parse(plan.locale).currency_formats["standard"].pattern)
    return format_currency(value, plan.currency, pattern, locale=plan.locale, currency_digits=False)


def number(value: Number | None, plan: Plan) -> str:
    """Grouped, with the decimals that it has."""
    return NOT_GIVEN if value is None else format_decimal(value, locale=plan.locale, decimal_quantization=False)


def counted(count: int, one: str, many: str, plan: Plan) -> str:
    """So many of something: 1 agency, 1,200 agencies."""
    return f"{number(count, plan)} {one if count == 1 else many}"


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


def file_size(count: int, plan: Plan) -> str:
    """As 340 KB or 1.2 MB."""
    if count < 1024:
        return counted(count, "byte", "bytes", plan)
    if count < 1024**2:
        return f"{number(round(count / 1024), plan)} KB"
    return f"{decimals(count / 1024**2, 1, plan)} MB"


def decimals(value: float | Decimal, places: int, plan: Plan) -> str:
    """Grouped, with exactly so many decimals, so that figures in a column stand one below the other."""
    return format_decimal(value, format="#,##0." + "0" * places, locale=plan.locale)


def money_short(value: Decimal, plan: Plan) -> str:
    """As $56.3M, for a headline that stands beside the exact amount."""
    return format_compact_currency(value, plan.currency, locale=plan.locale, fraction_digits=1)
