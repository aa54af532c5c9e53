"""Key performance indicators, what was measured of them, and the benchmarks they are held against."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ssoplanner.core.models.agency import Agency
from ssoplanner.core.models.people import User
from ssoplanner.core.models.rows import PlanRow
from ssoplanner.core.models.service import Service

FIRST_MONTH, LAST_MONTH = 2000 * 12, 2100 * 12 + 11
QUARTILES = {"p25": "lower quartile", "p50": "median", "p75": "upper quartile"}


class Direction(models.TextChoices):
    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    BAND = "band", "Between two values"


class PerformanceArea(models.TextChoices):
    COST = "cost", "Cost efficiency"
    SERVICE = "service", "Service performance"
    SCALE = "scale", "Operational scalability"
    DIGITAL = "digital", "Digital maturity and innovation"
    CROSS = "cross", "Cross-cutting"


class BenchmarkMeasure(models.TextChoices):
    """What a benchmark can be held against by itself; `subject` says of which service or area."""

    VOLUME_PER_FTE = "volume_per_fte", "Volume per FTE and year"
    COST_PER_UNIT = "cost_per_unit", "Cost per unit of volume"
    EMPLOYEES_PER_FTE = "employees_per_fte", "Employees served per FTE"
    COST_PER_EMPLOYEE = "cost_per_employee", "Cost per employee and year"
    OTHER = "other", "Something else"


class Cadence(models.TextChoices):
    MONTH = "month", "Every month"
    QUARTER = "quarter", "Every quarter"
    YEAR = "year", "Every year"


def _figure(label: str, help_text: str = "") -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=18, decimal_places=4, null=True, blank=True, help_text=help_text)


class Kpi(PlanRow):
    """A measure in `unit`. For a band the target is `band_low` to `band_high`, else it is `target`.

    `metric` names the starter metric whose current value is computed from provisions and registers; empty if none is.
    """

    code = models.CharField("code", max_length=16)
    name = models.CharField("name", max_length=160)
    unit = models.CharField("unit", max_length=40)
    direction = models.CharField("direction", max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    area = models.CharField("performance area", max_length=8, choices=PerformanceArea.choices)
    in_people = models.BooleanField("people", default=False)
    in_process = models.BooleanField("process", default=False)
    in_technology = models.BooleanField("technology", default=False)
    in_governance = models.BooleanField("governance", default=False)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="kpis", verbose_name="owner"
    )
    source = models.CharField("data source", max_length=200, blank=True)
    method = models.TextField("method", blank=True, max_length=2000)
    cadence = models.CharField("measured", max_length=8, choices=Cadence.choices, default=Cadence.QUARTER)
    baseline = _figure("baseline")
    target = _figure("target")
    target_date = models.DateField("target by", null=True, blank=True)
    band_low = _figure("lowest good value")
    band_high = _figure("highest good value")
    amber = _figure("amber from")
    red = _figure("red from")
    metric = models.CharField("computed from the plan's figures", max_length=24, blank=True, editable=False)

    class Meta:
        ordering = ("area", "code")
        verbose_name = "KPI"
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="kpi_code_unique",
                violation_error_message="Another KPI of this plan has this code. Choose a code of its own.",
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name="") & ~Q(unit=""), name="kpi_named"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="kpi_direction_known"),
            models.CheckConstraint(condition=Q(area__in=PerformanceArea.values), name="kpi_area_known"),
            models.CheckConstraint(
                condition=Q(band_low__isnull=True) | Q(band_high__isnull=True) | Q(band_low__lte=models.F("band_high")),
                name="kpi_band_ordered",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def missing(self) -> list[str]:
        """What keeps this KPI from being a promise: no owner, baseline or target."""
        band = self.direction == Direction.BAND
        has_target = (self.band_low is not None and self.band_high is not None) if band else self.target is not None
        facts = {"owner": self.owner_id is not None, "baseline": self.baseline is not None, "target": has_target}
        return [name for name, given in facts.items() if not given]

    def clean(self) -> None:
        super().clean()
        if self.band_low is not None and self.band_high is not None and self.band_low > self.band_high:
            raise ValidationError({"band_high": f"The highest good value lies below the lowest, {self.band_low}."})
        worse = self._amber_and_red_swapped()
        if worse:
            raise ValidationError({"red": f"Red must be {worse} than amber for this direction."})

    def _amber_and_red_swapped(self) -> str:
        if self.amber is None or self.red is None or self.direction == Direction.BAND:
            return ""
        if self.direction == Direction.HIGHER:
            return "lower" if self.red > self.amber else ""
        return "higher" if self.red < self.amber else ""


class Measurement(PlanRow):
    """One figure of a KPI as numerator over denominator, so that nobody averages averages.

    `month` counts months since year 0 (year x 12 + month - 1), the month in which the period ends.
    """

    kpi = models.ForeignKey(Kpi, on_delete=models.RESTRICT, related_name="measurements", verbose_name="KPI")
    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, null=True, blank=True, related_name="measurements")
    service = models.ForeignKey(Service, on_delete=models.RESTRICT, null=True, blank=True, related_name="measurements")
    month = models.PositiveIntegerField(validators=[MinValueValidator(FIRST_MONTH), MaxValueValidator(LAST_MONTH)])
    numerator = models.DecimalField(max_digits=20, decimal_places=4)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, default=1)
    source = models.CharField("source", max_length=200, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="measurements")

    class Meta:
        ordering = ("kpi", "month")
        indexes = (
            models.Index(
                fields=["plan", "kpi", "month"],
                include=["agency", "service", "numerator", "denominator"],
                name="measurement_by_month",
            ),
        )
        constraints = (
            # SQLite knows no NULLS NOT DISTINCT, hence one constraint for each kind of emptiness.
            models.UniqueConstraint(
                fields=["plan", "kpi", "agency", "service", "month"], name="measurement_unique_both"
            ),
            models.UniqueConstraint(
                fields=["plan", "kpi", "agency", "month"],
                condition=Q(service__isnull=True, agency__isnull=False),
                name="measurement_unique_agency",
            ),
            models.UniqueConstraint(
                fields=["plan", "kpi", "service", "month"],
                condition=Q(agency__isnull=True, service__isnull=False),
                name="measurement_unique_service",
            ),
            models.UniqueConstraint(
                fields=["plan", "kpi", "month"],
                condition=Q(agency__isnull=True, service__isnull=True),
                name="measurement_unique_plan",
            ),
            models.CheckConstraint(condition=Q(denominator__gt=0), name="measurement_denominator_positive"),
            models.CheckConstraint(condition=Q(month__range=(FIRST_MONTH, LAST_MONTH)), name="measurement_month"),
        )

    def __str__(self) -> str:
        return f"{self.kpi}, {self.month // 12}-{self.month % 12 + 1:02d}"


class Benchmark(PlanRow):
    """A figure of others, in `unit`: one value or quartiles, with the population, year and source it stands on.

    `subject` is what `measure` is about: an area's code, or a service's `standard` (its code where it has none).
    `library` is its key in the library of sourced benchmarks, empty for one's own.
    """

    metric = models.CharField("metric", max_length=160)
    unit = models.CharField("unit", max_length=40)
    figure = _figure("figure")
    p25 = _figure(QUARTILES["p25"])
    p50 = _figure(QUARTILES["p50"])
    p75 = _figure(QUARTILES["p75"])
    population = models.CharField("population", max_length=200)
    year = models.PositiveSmallIntegerField("year", validators=[MinValueValidator(1980), MaxValueValidator(2100)])
    source = models.CharField("source", max_length=200)
    measure = models.CharField(
        "compared with", max_length=20, choices=BenchmarkMeasure.choices, default=BenchmarkMeasure.OTHER
    )
    subject = models.CharField("service or area", max_length=24, blank=True)
    library = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        ordering = ("metric", "-year")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "library"], condition=~Q(library=""), name="benchmark_from_library_once"
            ),
            models.CheckConstraint(condition=Q(measure__in=BenchmarkMeasure.values), name="benchmark_measure_known"),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(population="") & Q(year__range=(1980, 2100)),
                name="benchmark_sourced",
                violation_error_message="A benchmark needs its population, year and source.",
            ),
            models.CheckConstraint(
                condition=Q(figure__isnull=False) | Q(p25__isnull=False) | Q(p50__isnull=False) | Q(p75__isnull=False),
                name="benchmark_has_figure",
                violation_error_message="Give a figure or at least one quartile.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} ({self.source}, {self.year})"

    def clean(self) -> None:
        super().clean()
        given = [(name, value) for name in QUARTILES if (value := getattr(self, name)) is not None]
        for (lower, low), (upper, high) in pairwise(given):
            if high < low:
                raise ValidationError({upper: f"The {QUARTILES[upper]} lies below the {QUARTILES[lower]}."})
