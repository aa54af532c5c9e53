"""The forms of the shared registers: agencies, services, systems, provisions and KPIs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import Agency, Kpi, Provision, Service, ServiceArea, System, User
from ssoplanner.web.forms.rows import RowForm, Section
from ssoplanner.web.kpi_figures import is_money

KPI_FIGURES = ("baseline", "target", "band_low", "band_high", "amber", "red")


class AgencyForm(RowForm):
    layout = (
        Section("Who they are", "", ("code", "name", "tier", "status")),
        Section(
            "How large they are",
            "An empty field is unknown, which is not zero.",
            ("headcount", "end_users", "operating_budget"),
        ),
        Section(
            "What binds them",
            "Constraints are checked against dates when the agency joins a wave.",
            ("statutory_mandate", "collective_agreement", "budget_cycle"),
        ),
    )
    units: ClassVar[dict[str, str]] = {
        "headcount": "people employed",
        "end_users": "people who use IT services",
        "operating_budget": "{currency} a year",
    }

    class Meta(RowForm.Meta):
        model = Agency
        fields = (
            "code",
            "name",
            "tier",
            "status",
            "headcount",
            "end_users",
            "operating_budget",
            "statutory_mandate",
            "collective_agreement",
            "budget_cycle",
        )
        help_texts: ClassVar[dict[str, str]] = {
            "code": "A short code that people know, such as DOH.",
            "statutory_mandate": "A law that says the agency must do this work itself, with its citation.",
            "collective_agreement": "An agreement with staff that bears on moving work, and until when it runs.",
            "budget_cycle": "When money for a year is fixed, such as: request in March, enacted in June.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.member.runs_plan:
            # The place in the program is the office's to say; a lead keeps their own agency's facts.
            for name in ("code", "status"):
                del self.fields[name]


class ServiceAreaForm(RowForm):
    layout = (Section("Service area", "", ("code", "name")),)

    class Meta(RowForm.Meta):
        model = ServiceArea
        fields = ("code", "name")
        help_texts: ClassVar[dict[str, str]] = {"code": "Areas are listed by code, such as IT or HR."}


class ServiceForm(RowForm):
    layout = (Section("Service", "", ("area", "code", "name", "volume_unit", "description")),)

    class Meta(RowForm.Meta):
        model = Service
        fields = ("area", "code", "name", "volume_unit", "description")
        help_texts: ClassVar[dict[str, str]] = {
            "volume_unit": "What is counted, in the singular: ticket, payslip, invoice, hire.",
        }


class SystemForm(RowForm):
    layout = (
        Section("The system", "", ("name", "vendor", "function")),
        Section("Size and cost", "For all agencies that use it.", ("users", "annual_cost")),
        Section("How long it lasts", "", ("contract_end", "end_of_support")),
        Section("Who uses it", "Choose at least one agency.", ("agencies", "services")),
    )
    units: ClassVar[dict[str, str]] = {"users": "people", "annual_cost": "{currency} a year"}

    class Meta(RowForm.Meta):
        model = System
        fields = (
            "name",
            "vendor",
            "function",
            "users",
            "annual_cost",
            "contract_end",
            "end_of_support",
            "agencies",
            "services",
        )

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        rows = super().choices_for(name, field)
        if name == "agencies" and not self.member.runs_plan:
            rows = rows.filter(pk__in=self.member.agency_ids)
        return rows


class ProvisionForm(RowForm):
    layout = (
        Section("Which service, which year", "", ("service", "fiscal_year")),
        Section(
            "Cost and people",
            "An empty field is unknown, which is not zero.",
            ("annual_cost", "fte", "volume", "users_served"),
        ),
        Section(
            "How well it runs",
            "Service targets: how many were promised, and how many were kept.",
            ("sla_met", "sla_total", "resolution_hours", "automated_share", "has_sop", "has_dashboard"),
        ),
        Section("Where this comes from", "So that the figure can be traced.", ("source",)),
    )
    units: ClassVar[dict[str, str]] = {
        "annual_cost": "{currency} a year",
        "fte": "full-time equivalents",
        "users_served": "people",
        "sla_met": "targets",
        "sla_total": "targets",
        "resolution_hours": "hours on average",
    }
    # A year reads badly with a grouping comma.
    fiscal_year = forms.IntegerField(label="Fiscal year", min_value=2000, max_value=2100)

    class Meta(RowForm.Meta):
        model = Provision
        fields = (
            "service",
            "fiscal_year",
            "annual_cost",
            "fte",
            "volume",
            "users_served",
            "sla_met",
            "sla_total",
            "resolution_hours",
            "automated_share",
            "has_sop",
            "has_dashboard",
            "source",
        )
        help_texts: ClassVar[dict[str, str]] = {
            "source": "Such as: general ledger, payroll run of June, estimate by the service desk.",
        }

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        if self.instance.pk is not None:
            # Another service or year is another row.
            del self.fields["service"], self.fields["fiscal_year"]

    def unit(self, name: str) -> str:
        if name == "volume":
            service = self.instance.service if self.instance.service_id else None
            return f"{service.volume_unit}s a year" if service else "units a year"
        return super().unit(name)

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values if self.instance.pk else {**values, "agency": self.agency}


UNIT_STAYS = "It stays, because the current value is computed in it."


class KpiForm(RowForm):
    layout = (
        Section("What is measured", "", ("code", "name", "unit", "direction", "area")),
        Section("Pillars it belongs to", "", ("in_people", "in_process", "in_technology", "in_governance")),
        Section(
            "Who answers for it",
            "A measure without an owner goes stale.",
            ("owner", "source", "method", "cadence"),
        ),
        Section(
            "From where to where",
            "In the unit above.",
            ("baseline", "target", "target_date"),
        ),
        Section(
            "What is good and what is not",
            "For a band, its lowest and highest good value stand instead of a target.",
            ("band_low", "band_high", "amber", "red"),
        ),
    )

    class Meta(RowForm.Meta):
        model = Kpi
        fields = (
            "code",
            "name",
            "unit",
            "direction",
            "area",
            "in_people",
            "in_process",
            "in_technology",
            "in_governance",
            "owner",
            "source",
            "method",
            "cadence",
            "baseline",
            "target",
            "target_date",
            "band_low",
            "band_high",
            "amber",
            "red",
        )
        help_texts: ClassVar[dict[str, str]] = {
            "method": "How the figure is computed, so that two people get the same one.",
            "amber": "The value from which it is a warning.",
            "red": "The value from which it is a breach.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.metric:
            self.fields["unit"].disabled = True
            self.fields["unit"].help_text = UNIT_STAYS

    def unit(self, name: str) -> str:
        if name in KPI_FIGURES:
            return self.plan.currency if is_money(self.instance) else self.instance.unit
        return super().unit(name)

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        if name == "owner":
            # Who left the plan stays the owner until somebody chooses another.
            may_own = Q(memberships__plan=self.plan) | Q(pk=self.instance.owner_id)
            return User.objects.filter(may_own).distinct().order_by("name")
        return super().choices_for(name, field)
