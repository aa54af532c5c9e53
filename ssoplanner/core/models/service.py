"""The catalogue of services in two levels, the systems behind them, and how each agency provides each service today."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from ssoplanner.core.fields import MoneyField, ShareField
from ssoplanner.core.models.agency import Agency
from ssoplanner.core.models.rows import PlanRow

POSITIVE = (MinValueValidator(Decimal(0)),)


class ServiceArea(PlanRow):
    """IT, HR, finance, procurement: the upper level of the catalogue."""

    code = models.CharField("code", max_length=12)
    name = models.CharField("name", max_length=80)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="servicearea_code_unique",
                violation_error_message="Another area of this plan has this code. Choose a code of its own.",
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="servicearea_named"),
        )

    def __str__(self) -> str:
        return self.name


class Service(PlanRow):
    """A service of the catalogue. Its volume is counted in `volume_unit` a year (ticket, payslip, invoice, hire).

    `standard` is its key in the starter catalogue, empty for one's own: benchmarks find the service by it.
    """

    area = models.ForeignKey(
        ServiceArea, on_delete=models.RESTRICT, related_name="services", verbose_name="service area"
    )
    code = models.CharField("code", max_length=16)
    name = models.CharField("name", max_length=120)
    volume_unit = models.CharField("volume unit", max_length=40)
    description = models.TextField("what it covers", blank=True, max_length=2000)
    standard = models.CharField("standard service", max_length=24, blank=True, editable=False)

    class Meta:
        ordering = ("area__code", "code")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="service_code_unique",
                violation_error_message="Another service of this plan has this code. Choose a code of its own.",
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name="") & ~Q(volume_unit=""), name="service_named"),
        )

    def __str__(self) -> str:
        return self.name


class System(PlanRow):
    """A system in the register. `annual_cost` is per year in the plan's currency, for all agencies that use it."""

    name = models.CharField("name", max_length=120)
    vendor = models.CharField("vendor", max_length=120, blank=True)
    function = models.CharField("function", max_length=120, help_text="What it is for, such as payroll.")
    users = models.PositiveIntegerField("users", null=True, blank=True)
    annual_cost = MoneyField("annual cost", null=True, blank=True)
    contract_end = models.DateField("contract ends", null=True, blank=True)
    end_of_support = models.DateField("end of support", null=True, blank=True)
    agencies = models.ManyToManyField(Agency, related_name="systems", verbose_name="agencies that use it")
    services = models.ManyToManyField(Service, blank=True, related_name="systems", verbose_name="services it supports")

    class Meta:
        ordering = ("function", "name")
        constraints = (
            models.CheckConstraint(
                condition=Q(annual_cost__isnull=True) | Q(annual_cost__gte=0), name="system_cost_positive"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(function=""), name="system_named"),
        )

    def __str__(self) -> str:
        return self.name


class Provision(PlanRow):
    """How one agency provides one service in one fiscal year.

    Money is per year in the plan's currency, FTE full-time equivalents, `volume` in the service's unit a year,
    `sla_met` of `sla_total` targets, `resolution_hours` the mean time to resolve a request, `automated_share` 0-1 of
    its workflows.
    An empty field is unknown, which is not zero.
    """

    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, related_name="provisions")
    service = models.ForeignKey(Service, on_delete=models.RESTRICT, related_name="provisions")
    fiscal_year = models.PositiveSmallIntegerField(
        "fiscal year", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    annual_cost = MoneyField("annual cost", null=True, blank=True)
    fte = models.DecimalField("FTE", max_digits=10, decimal_places=2, null=True, blank=True, validators=POSITIVE)
    volume = models.PositiveBigIntegerField("volume a year", null=True, blank=True)
    users_served = models.PositiveIntegerField("users served", null=True, blank=True)
    sla_met = models.PositiveIntegerField("service targets met", null=True, blank=True)
    sla_total = models.PositiveIntegerField("service targets in all", null=True, blank=True)
    resolution_hours = models.DecimalField(
        "time to resolve a request", max_digits=8, decimal_places=2, null=True, blank=True, validators=POSITIVE
    )
    has_sop = models.BooleanField("has a standard procedure", null=True, blank=True)
    automated_share = ShareField("share of workflows automated", null=True, blank=True)
    has_dashboard = models.BooleanField("has a real-time dashboard", null=True, blank=True)
    source = models.CharField("where the figures come from", max_length=200, blank=True)

    class Meta:
        ordering = ("agency__name", "service__code", "fiscal_year")
        indexes = (models.Index(fields=["plan", "service", "fiscal_year"], name="provision_by_service"),)
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "agency", "service", "fiscal_year"],
                name="provision_unique",
                violation_error_message="This agency has figures for this service and year already: change those.",
            ),
            models.CheckConstraint(condition=Q(fiscal_year__range=(2000, 2100)), name="provision_year"),
            models.CheckConstraint(
                condition=(Q(annual_cost__isnull=True) | Q(annual_cost__gte=0))
                & (Q(fte__isnull=True) | Q(fte__gte=0))
                & (Q(resolution_hours__isnull=True) | Q(resolution_hours__gte=0)),
                name="provision_positive",
            ),
            models.CheckConstraint(
                condition=Q(automated_share__isnull=True) | Q(automated_share__range=(0, 1)),
                name="provision_automated_share",
            ),
            models.CheckConstraint(
                condition=Q(sla_met__isnull=True, sla_total__isnull=True) | Q(sla_met__lte=F("sla_total")),
                name="provision_sla",
                violation_error_message="Give both: targets met, and targets in all, which cannot be fewer.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service}, {self.agency}, {self.fiscal_year}"

    def clean(self) -> None:
        super().clean()
        if (self.sla_met is None) != (self.sla_total is None):
            empty = "sla_met" if self.sla_met is None else "sla_total"
            raise ValidationError({empty: "Give both service target figures, or leave both empty."})
        if self.sla_met is not None and self.sla_total is not None and self.sla_met > self.sla_total:
            raise ValidationError({"sla_met": f"More targets met than there are. Give at most {self.sla_total}."})
