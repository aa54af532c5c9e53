"""Kinds of figures that the whole product treats alike: money and shares."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """An amount in the plan's currency with two decimals, not negative."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": 15, "decimal_places": 2}
        kwargs.setdefault("validators", [MinValueValidator(Decimal(0))])
        super().__init__(*args, **kwargs)


class ShareField(models.DecimalField):  # type: ignore[type-arg]
    """A share 0-1 with four decimals; people type and read it in per cent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": 5, "decimal_places": 4}
        kwargs.setdefault("validators", [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))])
        super().__init__(*args, **kwargs)
