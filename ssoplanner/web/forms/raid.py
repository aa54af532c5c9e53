"""A risk of the log: what may happen, how likely and how bad it is, and what is done about it by whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models

from ssoplanner.core.models import User
from ssoplanner.steps.comments import readers_of_comments
from ssoplanner.steps.models import Risk, RiskResponse
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section
from ssoplanner.web.forms.tasks import step_choices
from ssoplanner.web.raid import PERCENT

IMPACTS = {
    1: "hardly noticed",
    2: "costs effort, no date moves",
    3: "a date or a budget of a step moves",
    4: "the gate of a phase moves",
    5: "the plan fails",
}


class RiskForm(RowForm):
    layout = (
        Section("The risk", "", ("title", "detail", "step")),
        Section("How large it is", "Exposure is probability times impact.", ("probability", "impact")),
        Section("What is done about it", "", ("status", "response", "owner", "due")),
    )
    step = forms.ChoiceField(label="Step that it concerns", required=False)
    probability = forms.TypedChoiceField(
        choices=[("", "Choose how likely it is"), *((str(key), f"{key}: {share} %") for key, share in PERCENT.items())],
        coerce=int,
        empty_value=None,
    )
    impact = forms.TypedChoiceField(
        choices=[("", "Choose how bad it would be"), *((str(key), f"{key}: {text}") for key, text in IMPACTS.items())],
        coerce=int,
        empty_value=None,
    )

    class Meta(RowForm.Meta):
        model = Risk
        fields = ("title", "detail", "step", "probability", "impact", "status", "response", "owner", "due")
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "response": HintedRadios(
                hints={
                    RiskResponse.AVOID: "Change the plan so that it cannot happen.",
                    RiskResponse.MITIGATE: "Make it less likely, or less bad.",
                    RiskResponse.ACCEPT: "Live with it, knowingly.",
                }
            )
        }
        help_texts: ClassVar[dict[str, str]] = {
            "title": "In one line, such as “The payroll contract ends before its successor is chosen”.",
            "detail": "What would bring it about, and what it would do.",
            "owner": "Whoever sees to it; it stands among their tasks.",
            "due": "The day by which the response has to work.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = step_choices()  # type: ignore[attr-defined]
        if self.instance.pk is None and not self.member.runs_plan:
            self.initial["owner"] = self.member.user.pk  # whoever is no office changes only what they own

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        """Who works in the plan, and who owns it now."""
        known = {person.pk for person in readers_of_comments(self.plan)} | {self.instance.owner_id}
        return User.objects.filter(pk__in=known - {None}).order_by("name", "email")
