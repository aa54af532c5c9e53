"""The two forms of setting up a plan: the plan itself in a few answers, and agencies one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ssoplanner.core.models import Agency, Plan, Tier
from ssoplanner.core.places import countries, currencies
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create
from ssoplanner.web.forms.fields import WholeNumber
from ssoplanner.web.forms.plans import MONTHS

MOST_LINES = 500
LONGEST_CODE = 12
SMALL_WORDS = {"of", "the", "and", "for", "de", "des", "du", "la", "le", "und", "der", "die"}


class NewPlanForm(forms.Form):
    """What a plan needs to begin with; everything else has a default and stands in its settings."""

    name = forms.CharField(
        label="Name of the plan", max_length=120, help_text="Such as: State of Columbia Bay shared services."
    )
    problem = forms.CharField(
        label="The problem it answers",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Two sentences that the board reads first. You can write them later.",
    )
    tier = forms.ChoiceField(label="Jurisdiction tier", choices=Tier.choices, initial=Tier.STATE)
    country = forms.ChoiceField(label="Country", choices=countries, initial="US")
    currency = forms.ChoiceField(
        label="Currency",
        choices=currencies,
        initial="USD",
        help_text="It cannot be changed once amounts are in the plan.",
    )
    fiscal_year_start = forms.TypedChoiceField(
        label="First month of the fiscal year", choices=MONTHS, coerce=int, initial=7
    )
    base_year = forms.IntegerField(
        label="Base fiscal year",
        min_value=2000,
        max_value=2100,
        help_text="The year whose figures show how services are provided today.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_year"].initial = today.year


@dataclass(frozen=True)
class Line:
    """An agency as it was typed: line number, text, and the values that it gives."""

    number: int
    text: str
    values: dict[str, Any]


class AgencyLinesForm(forms.Form):
    """Agencies typed or pasted, one a line. Good lines are added; the others stay, each with a sentence."""

    lines = forms.CharField(
        label="Agencies, one a line",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Name alone, or code, name, headcount and end users with tabs, semicolons or commas between them, "
        "as pasted from a spreadsheet.",
        error_messages={"required": "Type or paste at least one agency."},
        strip=False,
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.left: list[tuple[Line, str]] = []

    def clean_lines(self) -> list[Line]:
        rows = [
            (number, text) for number, text in enumerate(self.cleaned_data["lines"].splitlines(), 1) if text.strip()
        ]
        if not rows:
            raise ValidationError("Type or paste at least one agency.")
        if len(rows) > MOST_LINES:
            raise ValidationError(
                f"These are {len(rows)} lines; at most {MOST_LINES} are read at once. For more, bring them from a file."
            )
        return [Line(number, text.strip(), values_of(text.strip())) for number, text in rows]

    def add(self, actor: Actor) -> list[Agency]:
        """Add what is right, in one transaction, and keep the other lines in the form with what is wrong."""
        added = []
        with saving():
            taken = set(Agency.objects.for_plan(self.plan).values_list("code", flat=True))
            names = {name.casefold() for name in Agency.objects.for_plan(self.plan).values_list("name", flat=True)}
            for line in self.cleaned_data["lines"]:
                try:
                    added.append(self._create(line, actor, taken, names))
                except ValidationError as error:
                    self.left.append((line, _sentence(error)))
        self._keep_left()
        return added

    def _create(self, line: Line, actor: Actor, taken: set[str], names: set[str]) -> Agency:
        values = {**line.values, "code": line.values["code"] or free_code(line.values["name"], taken)}
        for name in ("headcount", "end_users"):
            values[name] = self._number(values[name])
        if values["name"].casefold() in names:
            raise ValidationError("The plan has an agency of this name already.")
        made = create(Agency, plan=self.plan, actor=actor, values=values)
        taken.add(made.code)
        names.add(made.name.casefold())
        return made

    def _number(self, text: str) -> int | None:
        field = WholeNumber(required=False, min_value=0)
        field.write_as(self.plan.locale)
        return field.clean(text)

    def _keep_left(self) -> None:
        for line, sentence in self.left:
            self.add_error("lines", f"Line {line.number} was not added ({line.text[:60]}): {sentence}")
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("lines")] = "\n".join(line.text for line, _ in self.left)
        self.data = data


def values_of(text: str) -> dict[str, Any]:
    """The parts of a line: name alone, or code, name, headcount, end users."""
    sign = next((sign for sign in ("\t", ";", ",") if sign in text), "\t")
    parts = [part.strip().strip('"') for part in text.split(sign)]
    if len(parts) == 1:
        return {"code": "", "name": parts[0], "headcount": "", "end_users": ""}
    padded = (*parts, "", "", "")
    return {"code": padded[0], "name": padded[1], "headcount": padded[2], "end_users": padded[3]}


def free_code(name: str, taken: set[str]) -> str:
    """A code from the initials of the name, with a number where that is taken."""
    words = [word for word in re.findall(r"\w+", name) if word.lower() not in SMALL_WORDS]
    base = ("".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:4]).upper()[:8] or "A"
    return next(code for code in _numbered(base) if code not in taken)


def _numbered(base: str) -> Iterator[str]:
    yield base
    for number in range(2, 10**4):
        yield f"{base}{number}"


def _sentence(error: ValidationError) -> str:
    return " ".join(error.messages)
