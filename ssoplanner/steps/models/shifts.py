"""Where a plan stands on each of the twelve shifts that the pillars ask for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import PlanRow
from ssoplanner.steps.models.fields import WEB_ONLY
from ssoplanner.steps.shifts import Shift, shifts_by_key


def check_shift(value: str) -> None:
    if value not in shifts_by_key():
        raise ValidationError(f"“{value}” is not a shift of the method.")


class ShiftStanding(PlanRow):
    """How far a plan has come on one shift: 1 is where it came from, 5 where it goes.

    `before` and `after` say it in the plan's own words, `since` is the day from which `level` holds.
    """

    shift = models.CharField("shift", max_length=60, validators=[check_shift])
    before = models.TextField("how it was here", blank=True, max_length=1000)
    after = models.TextField("how it shall be here", blank=True, max_length=1000)
    level = models.PositiveSmallIntegerField(
        "where we stand", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    since = models.DateField("since", null=True, blank=True)
    evidence = models.TextField("what shows it", blank=True, max_length=1000)
    link = models.CharField("link", max_length=500, blank=True, validators=[WEB_ONLY])

    class Meta:
        ordering = ("shift",)
        verbose_name = "standing on a shift"
        verbose_name_plural = "standings on shifts"
        constraints = (
            models.UniqueConstraint(fields=["plan", "shift"], name="shiftstanding_unique"),
            models.CheckConstraint(
                condition=Q(level__isnull=True, since__isnull=True)
                | Q(level__range=(1, 5), since__isnull=False) & ~Q(evidence=""),
                name="shiftstanding_level_shown",
            ),
        )

    @property
    def declared(self) -> Shift:
        """What the method says of the shift."""
        return shifts_by_key()[self.shift]

    def clean(self) -> None:
        super().clean()
        wrong = {}
        if self.level is not None and self.since is None:
            wrong["since"] = "Give the day since when this holds."
        if self.level is not None and not self.evidence:
            wrong["evidence"] = "Say what shows it: a level that nothing shows is an opinion."
        if self.level is None and self.since is not None:
            wrong["level"] = "Choose where you stand since that day, or clear the day."
        if wrong:
            raise ValidationError(wrong)

    def __str__(self) -> str:
        return str(shifts_by_key().get(self.shift, self.shift))
