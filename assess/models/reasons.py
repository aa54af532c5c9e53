"""Why a plan exists: the challenges it answers, and where those stand who have to carry it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import Agency, PlanRow, User
from ssoplanner.steps.registry import Pillar


class Challenge(PlanRow):
    """What is to be solved, named in the first working session; scope, benefits and decisions trace back to it."""

    title = models.CharField("challenge", max_length=200)
    detail = models.TextField("what it looks like", blank=True, max_length=2000)
    pillar = models.CharField("pillar", max_length=12, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="challenges")
    named_on = models.DateField("named on", null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="challenge_titled"),)

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.pillar and self.pillar not in set(Pillar):
            raise ValidationError({"pillar": "Choose one of the four pillars, or none."})


class Position(models.TextChoices):
    """Where somebody stands, from the one who is against it to the one who commits people and money."""

    OPPOSED = "opposed", "Opposed"
    NEUTRAL = "neutral", "Neutral"
    SUPPORTIVE = "supportive", "Supportive"
    COMMITTED = "committed", "Committed"


class Sponsor(PlanRow):
    """An executive or sponsor, the position they take, since when, and what shows it.

    `position` is empty while nobody has asked. Executives count in the alignment that a gate asks for.
    """

    name = models.CharField("name", max_length=120)
    office = models.CharField("office they hold", max_length=160)
    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, null=True, blank=True, related_name="sponsors")
    is_executive = models.BooleanField("decides for an agency or for the government", default=True)
    position = models.CharField("position", max_length=10, choices=Position.choices, blank=True)
    since = models.DateField("since", null=True, blank=True)
    evidence = models.TextField("what shows it", blank=True, max_length=1000)
    asks = models.TextField("what they ask for", blank=True, max_length=1000)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(name="") & ~Q(office=""), name="sponsor_named"),
            models.CheckConstraint(condition=Q(position__in=["", *Position.values]), name="sponsor_position_known"),
            models.CheckConstraint(
                condition=Q(position="") | Q(since__isnull=False) & ~Q(evidence=""), name="sponsor_position_shown"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.office}"

    def clean(self) -> None:
        super().clean()
        if self.position and not self.since:
            raise ValidationError({"since": "Say since when they take this position."})
        if self.position and not self.evidence:
            raise ValidationError({"evidence": "Say what shows it, such as a talk, a letter or a vote, with its date."})
