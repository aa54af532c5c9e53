"""Figures of Assess as its pages write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from ssoplanner.core.models import Plan
from ssoplanner.web import formats

NO_VALUE = "–"


def money(value: float, plan: Plan) -> str:
    return formats.money(Decimal(round(value)) if value >= 100 else Decimal(str(round(value, 2))), plan)


def decimals(places: int) -> Callable[[float, Plan], str]:
    return lambda value, plan: formats.decimals(value, places, plan)


def percent(value: float, plan: Plan) -> str:
    return f"{formats.decimals(100 * value, 1, plan)} %"


def hours(value: float, plan: Plan) -> str:
    return f"{decimals(1)(value, plan)} h"


def fte(hundredths: int | None, plan: Plan) -> str:
    return NO_VALUE if hundredths is None else decimals(1)(hundredths / 100, plan)


def cents(cents: float | None, plan: Plan) -> str:
    return NO_VALUE if cents is None else money(cents / 100, plan)


def ratio(pair: Sequence[float]) -> float | None:
    top, bottom = pair
    return top / bottom if bottom else None


def share(pair: Sequence[float], plan: Plan) -> str:
    share = ratio(pair)
    return NO_VALUE if share is None else percent(share, plan)
