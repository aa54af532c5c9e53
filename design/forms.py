"""What is said of a cost of the shared organization."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from design.models import CostKind, CostPool
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section

HINTS = {
    CostKind.ONE_TIME: "Paid once, such as a migration or a licence bought; charged over the years that it serves.",
    CostKind.FIXED: "The same each year, however much is used, such as a platform or the director’s office.",
    CostKind.STEP: "Grows in steps, such as a team leader for every 50,000 invoices.",
    CostKind.VARIABLE: "Grows with each unit, such as postage for every letter.",
}


class CostPoolForm(RowForm):
    layout = (
        Section("The cost", "What is paid for, and how it behaves when more is used.", ("name", "service", "kind")),
        Section(
            "How much",
            "In prices of the base year; inflation is added for each year after it.",
            ("amount", "step_volume", "scale_exponent", "inflation"),
        ),
        Section("When", "Fiscal years.", ("first_year", "last_year", "spread_years")),
        Section(
            "How it is charged",
            "Two plans come from the same costs: the full cost, and what federal awards may pay.",
            ("is_allowable", "unallowable_reason", "is_billed"),
        ),
        Section("Where the figure comes from", "", ("source",)),
    )
    units: ClassVar[dict[str, str]] = {"amount": "{currency}", "step_volume": "units"}
    kind = forms.ChoiceField(
        label="How it behaves",
        choices=CostKind.choices,
        widget=HintedRadios(hints={str(kind): hint for kind, hint in HINTS.items()}),
        error_messages={"required": "Choose how it behaves."},
    )

    # A year reads badly with a grouping comma.
    first_year = forms.IntegerField(label="First fiscal year", min_value=2000, max_value=2150)
    last_year = forms.IntegerField(
        label="Last fiscal year", min_value=2000, max_value=2150, required=False, help_text="Empty where it goes on."
    )

    class Meta(RowForm.Meta):
        model = CostPool
        fields = (
            "name",
            "service",
            "kind",
            "amount",
            "step_volume",
            "scale_exponent",
            "inflation",
            "first_year",
            "last_year",
            "spread_years",
            "is_allowable",
            "unallowable_reason",
            "is_billed",
            "source",
        )
        help_texts: ClassVar[dict[str, str]] = {
            "service": "None for what all services stand on, such as the platform.",
            "amount": "One-time: all of it. Fixed: a year. Step-fixed: each step. Variable: each unit of the service.",
            "step_volume": "Only for a step-fixed cost: the units of the service that one step is enough for.",
            "scale_exponent": "Only for a variable cost: 1 costs the same for every unit; 0.9 makes twice the volume "
            "cost 1.87 times as much.",
            "spread_years": "Only for a one-time cost: it is charged in equal parts over so many years.",
            "unallowable_reason": "With the rule if you can, such as “2 CFR 200.421, advertising”.",
            "is_billed": "Billed services have a price per unit. All others are allocated by a driver.",
            "source": "An offer, a contract, a budget line. A figure without a source is asked about first.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].empty_label = "All services"  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.initial.setdefault("first_year", self.plan.base_year + 1)
