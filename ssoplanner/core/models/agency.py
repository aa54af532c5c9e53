"""Agencies: who takes part, how large they are, and what binds them."""

from django.db import models
from django.db.models import Q

from ssoplanner.core.fields import MoneyField
from ssoplanner.core.models.plan import Tier
from ssoplanner.core.models.rows import PlanRow


class AgencyStatus(models.TextChoices):
    CANDIDATE = "candidate", "Candidate"
    ENGAGED = "engaged", "Engaged"
    COMMITTED = "committed", "Committed"
    ONBOARDED = "onboarded", "Onboarded"
    LEFT = "left", "Left"


class Agency(PlanRow):
    """An agency of the plan. Headcount and end users are people; the budget is per year in the plan's currency."""

    code = models.CharField("code", max_length=12)
    name = models.CharField("name", max_length=160)
    tier = models.CharField("jurisdiction tier", max_length=10, choices=Tier.choices, default=Tier.STATE)
    status = models.CharField(
        "status in the program", max_length=10, choices=AgencyStatus.choices, default=AgencyStatus.CANDIDATE
    )
    headcount = models.PositiveIntegerField("headcount", null=True, blank=True)
    end_users = models.PositiveIntegerField("end users", null=True, blank=True)
    operating_budget = MoneyField("operating budget", null=True, blank=True)
    statutory_mandate = models.TextField("statutory mandate", blank=True, max_length=2000)
    collective_agreement = models.TextField("collective agreement", blank=True, max_length=2000)
    budget_cycle = models.TextField("budget cycle", blank=True, max_length=2000)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="agency_code_unique",
                violation_error_message="Another agency of this plan has this code. Choose a code of its own.",
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="agency_tier_known"),
            models.CheckConstraint(condition=Q(status__in=AgencyStatus.values), name="agency_status_known"),
            models.CheckConstraint(
                condition=Q(operating_budget__isnull=True) | Q(operating_budget__gte=0), name="agency_budget_positive"
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="agency_named"),
        )

    def __str__(self) -> str:
        return self.name
