"""The plan: the tenant that everything else belongs to, and its settings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ssoplanner.core.fields import ShareField
from ssoplanner.core.models.rows import Versioned
from ssoplanner.core.places import check_country, check_currency, check_locale, check_time_zone


class Tier(models.TextChoices):
    FEDERAL = "federal", "Federal"
    STATE = "state", "State or provincial"
    REGIONAL = "regional", "Regional"
    MUNICIPAL = "municipal", "Municipal"


class Plan(Versioned):
    """One shared services organization that is being planned. Shares are 0-1, money is in `currency`."""

    slug = models.SlugField(max_length=60, unique=True, editable=False)
    name = models.CharField("name of the plan", max_length=120)
    problem = models.TextField("the problem it answers", blank=True, max_length=4000)
    goals = models.TextField("goals", blank=True, max_length=4000)
    illustrative = models.BooleanField(default=False, editable=False)

    tier = models.CharField("jurisdiction tier", max_length=10, choices=Tier.choices, default=Tier.STATE)
    country = models.CharField("country", max_length=2, validators=[check_country], default="US")
    subdivision = models.CharField("state, province or region", max_length=10, blank=True)
    time_zone = models.CharField("time zone", max_length=64, validators=[check_time_zone], default="America/New_York")
    locale = models.CharField("number and date format", max_length=20, validators=[check_locale], default="en_US")
    currency = models.CharField("currency", max_length=3, validators=[check_currency], default="USD")

    fiscal_year_start = models.PositiveSmallIntegerField(
        "first month of the fiscal year", default=7, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    base_year = models.PositiveSmallIntegerField(
        "base fiscal year", default=2026, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    horizon = models.PositiveSmallIntegerField(
        "years the plan looks ahead", default=10, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    discount_rate = ShareField("discount rate", null=True, blank=True)
    discount_rate_date = models.DateField("rate as of", null=True, blank=True)
    discount_rate_source = models.CharField("source of the rate", max_length=200, blank=True)

    quorum = ShareField("quorum", default=Decimal("0.5"))
    majority = ShareField("majority", default=Decimal("0.5"))
    scale_points = models.PositiveSmallIntegerField(
        "points of the scoring scale", default=5, validators=[MinValueValidator(3), MaxValueValidator(10)]
    )
    readiness_threshold = models.DecimalField(
        "lowest readiness score", max_digits=4, decimal_places=2, default=Decimal(3), validators=[MinValueValidator(1)]
    )
    alignment_threshold = ShareField("lowest executive alignment", default=Decimal("0.6"))
    completeness_threshold = ShareField("lowest data completeness", default=Decimal("0.8"))
    quick_wins_threshold = models.PositiveSmallIntegerField("fewest quick wins", default=3)
    capability_gaps_threshold = models.PositiveSmallIntegerField("most open capability gaps", default=10)
    leads_see_agencies = models.BooleanField("agency leads see the other agencies by name", default=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="plan_tier_known"),
            models.CheckConstraint(condition=Q(fiscal_year_start__range=(1, 12)), name="plan_fiscal_month"),
            models.CheckConstraint(condition=Q(base_year__range=(2000, 2100)), name="plan_base_year"),
            models.CheckConstraint(condition=Q(horizon__range=(1, 30)), name="plan_horizon"),
            models.CheckConstraint(condition=Q(scale_points__range=(3, 10)), name="plan_scale_points"),
            models.CheckConstraint(
                condition=Q(quorum__range=(0, 1), majority__range=(0, 1), alignment_threshold__range=(0, 1))
                & Q(completeness_threshold__range=(0, 1)),
                name="plan_shares",
            ),
            models.CheckConstraint(
                condition=Q(readiness_threshold__gte=1, readiness_threshold__lte=models.F("scale_points")),
                name="plan_readiness_on_scale",
                violation_error_message="The lowest readiness score must lie on the scoring scale.",
            ),
            models.CheckConstraint(
                condition=Q(discount_rate__isnull=True, discount_rate_date__isnull=True, discount_rate_source="")
                | (Q(discount_rate__range=(0, 1), discount_rate_date__isnull=False) & ~Q(discount_rate_source="")),
                name="plan_discount_rate_sourced",
                violation_error_message="A discount rate needs its date and its source: give all three or none.",
            ),
        )

    def day_of(self, moment: datetime) -> date:
        """The date at that moment in the plan's own zone."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def __str__(self) -> str:
        return self.name
