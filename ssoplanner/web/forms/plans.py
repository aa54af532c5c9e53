"""The plan's settings, in the form that the program office fills in."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.apps import apps

from ssoplanner.core.fields import MoneyField
from ssoplanner.core.models import Kpi, Plan, PlanRow, Versioned
from ssoplanner.core.places import countries, currencies, locales, time_zones
from ssoplanner.recompute.saving import saving
from ssoplanner.starter.kpis import empty_starter_goals_in_money, has_own_money
from ssoplanner.web.forms.rows import RowForm, Section

MONTHS = [(number, month_name[number]) for number in range(1, 13)]


class PlanForm(RowForm):
    layout = (
        Section("What the plan is for", "The board reads this first.", ("name", "problem", "goals")),
        Section(
            "Where it applies",
            "Decides holidays, formats and the wording of steps.",
            ("tier", "country", "subdivision", "time_zone", "locale", "currency"),
        ),
        Section(
            "Years and money",
            "The discount rate stands with its date and source, or is left out.",
            (
                "fiscal_year_start",
                "base_year",
                "horizon",
                "discount_rate",
                "discount_rate_date",
                "discount_rate_source",
            ),
        ),
        Section("How the board decides", "Shares of the members who may vote.", ("quorum", "majority")),
        Section(
            "What the first gate asks for",
            "These can change until the board opens its vote.",
            (
                "scale_points",
                "readiness_threshold",
                "alignment_threshold",
                "completeness_threshold",
                "quick_wins_threshold",
                "capability_gaps_threshold",
            ),
        ),
        Section("Who sees whom", "", ("leads_see_agencies",)),
    )
    units: ClassVar[dict[str, str]] = {
        "horizon": "years",
        "scale_points": "points",
        "readiness_threshold": "points",
        "quick_wins_threshold": "services",
        "capability_gaps_threshold": "gaps",
    }
    country = forms.ChoiceField(choices=countries)
    currency = forms.ChoiceField(choices=currencies)
    locale = forms.ChoiceField(label="Number and date format", choices=locales)
    time_zone = forms.ChoiceField(choices=time_zones)
    fiscal_year_start = forms.TypedChoiceField(
        label="First month of the fiscal year",
        coerce=int,
        choices=MONTHS,
    )
    # A year reads badly with a grouping comma.
    base_year = forms.IntegerField(
        label="Base fiscal year", help_text="The year that savings are compared with.", min_value=2000, max_value=2100
    )

    emptied: Sequence[Kpi] = ()

    class Meta(RowForm.Meta):
        model = Plan
        fields = (
            "name",
            "problem",
            "goals",
            "tier",
            "country",
            "subdivision",
            "time_zone",
            "locale",
            "currency",
            "fiscal_year_start",
            "base_year",
            "horizon",
            "discount_rate",
            "discount_rate_date",
            "discount_rate_source",
            "quorum",
            "majority",
            "scale_points",
            "readiness_threshold",
            "alignment_threshold",
            "completeness_threshold",
            "quick_wins_threshold",
            "capability_gaps_threshold",
            "leads_see_agencies",
        )

    def clean_currency(self) -> str:
        """Amounts are not converted, so the currency is fixed once there is money in the plan."""
        currency: str = self.cleaned_data["currency"]
        if currency != self.instance.currency and has_money(self.instance):
            raise forms.ValidationError(
                f"The plan holds amounts in {self.instance.currency}, and they are not converted. "
                "Keep the currency, or remove the amounts first."
            )
        return currency

    def _update(self, values: dict[str, Any]) -> Versioned:
        """With another currency, goals in money that nobody set are emptied: `emptied` are their KPIs."""
        with saving():
            before = Plan.objects.get(pk=self.instance.pk).currency
            plan = super()._update(values)
            if self.cleaned_data["currency"] != before:
                self.emptied = empty_starter_goals_in_money(plan, self.actor)  # type: ignore[arg-type]
        return plan


def has_money(plan: Plan) -> bool:
    """Whether any amount was entered, in whichever kind of row."""
    entered = (
        model._base_manager.filter(plan=plan, **{f"{field.name}__isnull": False}).exists()
        for model in apps.get_models()
        if issubclass(model, PlanRow)
        for field in model._meta.concrete_fields
        if isinstance(field, MoneyField)
    )
    return any(entered) or has_own_money(plan)
