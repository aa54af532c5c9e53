"""What people say in phase 2, beside the shared registers: what the shared organization will cost."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from ssoplanner.core.fields import MoneyField, ShareField
from ssoplanner.core.models import PlanRow, Service

YEAR = (MinValueValidator(2000), MaxValueValidator(2150))


class CostKind(models.TextChoices):
    """How a cost pool behaves, which is how it may be shared."""

    ONE_TIME = "one_time", "One-time"
    FIXED = "fixed", "Fixed"
    STEP = "step", "Step-fixed"
    VARIABLE = "variable", "Variable"


class CostPool(PlanRow):
    """Something that the shared organization pays for, in prices of the plan's base year.

    `amount` is for the whole where it is one-time, for a year where it is fixed, for each step of `step_volume` units
    where it is step-fixed, and for a unit of the service's volume where it is variable. `service` is empty for what all
    services stand on. A variable cost at another volume than today's is multiplied by (volume / today's) to the power
    of `scale_exponent`. Inflation is a share 0-1 a year. Years are fiscal years; without `last_year` it goes on.
    """

    name = models.CharField("name", max_length=120)
    service = models.ForeignKey(Service, on_delete=models.RESTRICT, null=True, blank=True, related_name="cost_pools")
    kind = models.CharField("how it behaves", max_length=10, choices=CostKind.choices)
    amount = MoneyField("amount")
    step_volume = models.PositiveIntegerField(
        "units that one step is enough for", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    scale_exponent = models.DecimalField(
        "scale exponent",
        max_digits=3,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(1))],
    )
    first_year = models.PositiveSmallIntegerField("first fiscal year", validators=YEAR)
    last_year = models.PositiveSmallIntegerField("last fiscal year", null=True, blank=True, validators=YEAR)
    spread_years = models.PositiveSmallIntegerField(
        "years over which it is charged", default=1, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    inflation = ShareField("inflation a year", default=Decimal(0))
    is_allowable = models.BooleanField("may be charged to federal awards", default=True)
    unallowable_reason = models.CharField("why it may not", max_length=300, blank=True)
    is_billed = models.BooleanField("billed by use, not allocated", default=False)
    source = models.CharField("where the figure comes from", max_length=200, blank=True)

    class Meta:
        ordering = ("service__code", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="costpool_named"),
            models.CheckConstraint(condition=Q(kind__in=CostKind.values), name="costpool_kind_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="costpool_amount"),
            models.CheckConstraint(
                condition=~Q(kind__in=("step", "variable")) | Q(service__isnull=False), name="costpool_by_volume"
            ),
            models.CheckConstraint(condition=~Q(kind="step") | Q(step_volume__gte=1), name="costpool_step"),
            models.CheckConstraint(
                condition=Q(scale_exponent__gt=0, scale_exponent__lte=1) & (Q(kind="variable") | Q(scale_exponent=1)),
                name="costpool_exponent",
            ),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")), name="costpool_years"
            ),
            models.CheckConstraint(condition=Q(spread_years__range=(1, 30)), name="costpool_spread"),
            models.CheckConstraint(condition=Q(inflation__range=(0, 1)), name="costpool_inflation"),
            models.CheckConstraint(
                condition=Q(is_allowable=True) | ~Q(unallowable_reason=""), name="costpool_unallowable_reasoned"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        wrong = {}
        if self.kind in (CostKind.STEP, CostKind.VARIABLE) and self.service_id is None:
            wrong["service"] = "A cost that grows with volume belongs to a service. Choose which."
        if self.kind == CostKind.STEP and not self.step_volume:
            wrong["step_volume"] = "Say how many units of the service one step is enough for, such as 50,000."
        if self.kind != CostKind.VARIABLE and self.scale_exponent != 1:
            wrong["scale_exponent"] = "Only a variable cost has a scale exponent. Leave it at 1."
        if self.last_year is not None and self.last_year < self.first_year:
            wrong["last_year"] = f"It ends before it begins. Give {self.first_year} or later, or leave it empty."
        if not self.is_allowable and not self.unallowable_reason:
            wrong["unallowable_reason"] = "Say why it may not be charged to federal awards, with the rule if you can."
        if wrong:
            raise ValidationError(wrong)
