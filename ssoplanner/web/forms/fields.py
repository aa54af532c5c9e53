"""Form fields that read and show figures as the plan writes them."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from django import forms
from django.db import models
from django.utils.text import capfirst

from ssoplanner.core.fields import ShareField


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class LocaleNumber:
    """Reads "1,200.50" or "1.200,50" by `locale`, and shows figures grouped. Set `locale` before use."""

    locale = "en_US"

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            # What is no number reaches the field, whose own sentence says what would be right.
            with contextlib.suppress(NumberFormatError):
                value = str(parse_decimal(value.strip(), locale=self.locale, strict=True))
        return super().to_python(value)  # type: ignore[misc]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return format_decimal(value, locale=self.locale, decimal_quantization=False)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial, data)  # type: ignore[misc]


class WholeNumber(LocaleNumber, forms.IntegerField):
    default_error_messages = {"invalid": "Give a whole number, such as 1,200."}  # noqa: RUF012
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "figure"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": self.widget, **kwargs})


class Amount(LocaleNumber, forms.DecimalField):
    default_error_messages = {  # noqa: RUF012
        "invalid": "Give a number, such as 1,200.50.",
        "max_decimal_places": "Give at most %(max)s decimals.",
        "max_whole_digits": "That is too large. Give at most %(max)s digits before the decimal point.",
        "max_digits": "That is too large. Give at most %(max)s digits.",
    }
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "figure"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": self.widget, **kwargs})


class Percent(Amount):
    """Typed as a percentage, kept as a share 0-1 with four decimals. Accepts "75", "75 %" and "12.5"."""

    default_error_messages = {  # noqa: RUF012
        "invalid": "Give a percentage from 0 to 100, such as 75 or 12.5.",
        "max_value": "A share is at most 100 %. Give a figure from 0 to 100.",
        "min_value": "A share is at least 0 %. Give a figure from 0 to 100.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, max_digits=5, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().removesuffix("%") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        return None if typed is None else typed / 100

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value * 100 if isinstance(value, Decimal) else value)


def form_field(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a model's field; figures get ours."""
    if isinstance(field, ShareField):
        return Percent(label=capfirst(field.verbose_name), help_text=field.help_text, required=not field.blank)
    if not getattr(field, "choices", None):
        if isinstance(field, models.DecimalField):
            return field.formfield(form_class=Amount, **kwargs)
        if isinstance(field, models.IntegerField):
            return field.formfield(form_class=WholeNumber, **kwargs)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs["widget"] = DayInput()
    if isinstance(field, models.BooleanField) and field.null:
        kwargs["widget"] = forms.RadioSelect
        kwargs["form_class"] = YesNoUnknown
    if isinstance(field, models.ManyToManyField):
        kwargs["widget"] = forms.CheckboxSelectMultiple
    return field.formfield(**kwargs)


class YesNoUnknown(forms.TypedChoiceField):
    """Yes, no, or not known, which are three different things."""

    def __init__(self, **kwargs: Any) -> None:
        allowed = {name: kwargs[name] for name in ("label", "help_text", "widget") if name in kwargs}
        super().__init__(
            choices=[("True", "Yes"), ("False", "No"), ("", "Not known")],
            coerce=lambda value: value == "True",
            empty_value=None,
            required=False,
            **allowed,
        )

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else str(value)
