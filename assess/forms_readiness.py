"""The forms of readiness: a campaign, and whom to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from assess.models import Campaign, Dimension, Questionnaire
from assess.readiness_sheets import agencies_of, ask, begin_campaign, change_campaign
from ssoplanner.core.models import Agency, AgencyStatus, User, Versioned
from ssoplanner.steps.comments import readers_of_comments
from ssoplanner.web.forms.fields import Amount
from ssoplanner.web.forms.rows import RowForm, Section

TARGET = "target_"


class Target(Amount):
    """A level aimed at: 1 to 5, with one decimal at most."""

    invalid = "Give a level from 1 to 5, such as 3.5."
    default_error_messages = {  # noqa: RUF012
        "min_value": "A level is at least 1. Give one from 1 to 5.",
        "max_value": "A level is at most 5. Give one from 1 to 5.",
    }


class CampaignForm(RowForm):
    layout = (
        Section("The campaign", "Agencies answer from the first day to the last.", ("title", "opens", "closes")),
        Section(
            "Levels aimed at",
            "From 1 to 5, for each dimension. The gap to them is what is worked on. Leave open what has no target.",
            tuple(f"{TARGET}{key}" for key in Dimension.values),
        ),
        Section("Who is asked", "Each lead of these agencies gets a questionnaire.", ("agencies",)),
    )

    class Meta(RowForm.Meta):
        model = Campaign
        fields = ("title", "opens", "closes", "agencies")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in Dimension.choices:
            field = Target(label=label, required=False, min_value=1, max_value=5, decimal_places=1, max_digits=2)
            field.write_as(self.as_shown.locale)
            field.unit = ""  # type: ignore[attr-defined]
            self.fields[f"{TARGET}{key}"] = field
            self.initial[f"{TARGET}{key}"] = self.instance.targets.get(key)
        if self.instance.pk is None:
            self.initial["agencies"] = list(self.fields["agencies"].queryset)  # type: ignore[attr-defined]

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        return Agency.objects.for_plan(self.plan).exclude(status=AgencyStatus.LEFT)

    def values(self) -> dict[str, Any]:
        """The four targets are one field of the row."""
        typed = super().values()
        targets = {key: typed.pop(f"{TARGET}{key}") for key in Dimension.values}
        known = {key: float(level) for key, level in targets.items() if level is not None}
        return {**typed, "targets": known}

    def _create(self, values: dict[str, Any]) -> Versioned:
        return begin_campaign(self.plan, actor=self.actor, values=values)

    def _update(self, values: dict[str, Any]) -> Versioned:
        version = self.cleaned_data.get("version") or self.instance.version
        return change_campaign(self.instance, actor=self.actor, version=version, values=values, seen=self._settled())


class AskForm(RowForm):
    """Whom to ask, for which agency, and about what."""

    layout = (
        Section("Whom to ask", "Somebody in the plan who knows the agency from within.", ("agency", "respondent")),
        Section("About what", "Leave all open to ask about all four.", ("dimensions",)),
    )
    dimensions = forms.MultipleChoiceField(
        choices=Dimension.choices, required=False, widget=forms.CheckboxSelectMultiple, label="Dimensions"
    )

    class Meta(RowForm.Meta):
        model = Questionnaire
        fields = ("agency", "respondent", "dimensions")

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        """The agencies that the campaign asks, a lead's own; people who work in the plan."""
        if name == "respondent":
            known = [person.pk for person in readers_of_comments(self.plan)]
            return User.objects.filter(pk__in=known).order_by("name", "email")
        agencies = agencies_of(self.instance.campaign)
        return agencies if self.member.runs_plan else agencies.filter(pk__in=self.member.agency_ids)

    def _create(self, values: dict[str, Any]) -> Versioned:
        return ask(self.instance.campaign, actor=self.actor, **values)


class ReopenForm(RowForm):
    """Why a questionnaire is opened again."""

    class Meta(RowForm.Meta):
        model = Questionnaire
        fields = ("reopened",)
