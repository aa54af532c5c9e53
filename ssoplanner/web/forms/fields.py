"""Form fields that read and show figures as the plan writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, format_decimal, get_decimal_symbol, get_group_symbol, parse_decimal
from django import forms
from django.db import models
from django.utils.text import capfirst

from ssoplanner.core.fields import ShareField
from ssoplanner.core.models import Plan
from ssoplanner.core.places import LOCALES


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class HintedRadios(forms.RadioSelect):
    """Radio buttons, each with a line that says what choosing it means. `hints` has one for each value."""

    option_template_name = "django/forms/widgets/hinted_option.html"

    def __init__(self, *, hints: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = hints

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints[value]
        option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class LocaleNumber:
    """Reads "1,200.50" or "1.200,50" as the locale writes it, and shows figures grouped. Call `write_as` before use.

    Whatever it cannot read for certain it refuses, with an example of what would be right.
    """

    locale = "en_US"
    invalid = "Give a number, such as {example}."
    example = Decimal("1200.50")
    example_format = "#,##0.00"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.write_as(self.locale)

    def write_as(self, locale: str) -> None:
        """Read, show and explain figures in the format of `locale`."""
        self.locale = locale
        example = format_decimal(self.example, locale=locale, format=self.example_format)
        self.error_messages["invalid"] = self.invalid.format(example=example)  # type: ignore[attr-defined]

    def to_python(self, value: Any) -> Any:
        typed = value.strip() if isinstance(value, str) else value
        if typed and isinstance(typed, str):
            try:
                typed = str(read_figure(typed, self.locale))
            except NumberFormatError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None  # type: ignore[attr-defined]
        return super().to_python(typed)  # type: ignore[misc]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return format_decimal(value, locale=self.locale, decimal_quantization=False)
        return value


def format_as_shown(sent: Any, plan: Plan) -> str:
    """The format in which a page showed figures and now reads them: the one that it sent, else the plan's.

    The plan's may have become another one while the page was open, in which "1,200" means something else.
    """
    return sent if sent in LOCALES else plan.locale


def read_figure(typed: str, locale: str) -> Decimal:
    """The figure that `typed` means in `locale`. Raises NumberFormatError where it means none, or more than one."""
    group, decimal = get_group_symbol(locale), get_decimal_symbol(locale)
    text = re.sub("[\u200e\u200f\u061c]", "", typed).replace("−", "-")
    text = re.sub(r"[\s'’]", group, text)  # people type any kind of space
    if "." not in (group, decimal):
        # Number pads have a point, which here can only be the decimal one; before three digits it may be grouping.
        text = re.sub(r"\A(\D?\d+)\.(\d{1,2}|\d{4,})\Z", rf"\1{decimal}\2", text)
    found = re.fullmatch(rf"([+-]?)([\d{re.escape(group + decimal)}]{{1,60}})", text)
    if found is None:
        raise NumberFormatError(f"{typed!r} is no number")
    figure = parse_decimal(found[2], locale=locale, strict=True)
    return -figure if found[1] == "-" else figure


class WholeNumber(LocaleNumber, forms.IntegerField):
    invalid = "Give a whole number, such as {example}."
    example, example_format = Decimal(1200), "#,##0"
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "figure"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": self.widget, **kwargs})


class Amount(LocaleNumber, forms.DecimalField):
    default_error_messages = {  # noqa: RUF012
        "max_decimal_places": "Give at most %(max)s decimals.",
        "max_whole_digits": "That is too large. Give at most %(max)s digits before the decimal point.",
        "max_digits": "That is too large. Give at most %(max)s digits.",
    }
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "figure"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": self.widget, **kwargs})


class Percent(Amount):
    """Typed as a percentage, kept as a share 0-1 with four decimals. Accepts "75", "75 %" and "12.5"."""

    invalid = "Give a percentage from 0 to 100, such as 75 or {example}."
    example, example_format = Decimal("12.5"), "0.0"
    default_error_messages = {  # noqa: RUF012
        "max_value": "A share is at most 100 %%. Give a figure from 0 to 100.",
        "min_value": "A share is at least 0 %%. Give a figure from 0 to 100.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, max_digits=5, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(re.sub(r"(?<=\d)\s*%\s*\Z", "", value) if isinstance(value, str) else value)

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        return None if typed is None else typed / 100

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value * 100 if isinstance(value, Decimal) else value)


def form_field(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a model's field; figures get ours."""
    if isinstance(field, ShareField):
        said = {"label": capfirst(field.verbose_name), "help_text": field.help_text, "required": not field.blank}
        return Percent(**said, initial=field.get_default())
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
        kwargs["form_class"] = SeveralRows
    return field.formfield(**kwargs)


class SeveralRows(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Any number of rows. Django asks the database for whatever was sent; a key that it cannot hold is refused here."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not re.fullmatch(r"\d{1,18}", str(key)):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)


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
