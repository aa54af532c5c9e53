"""The business reference architecture: capabilities in a tree, and what each agency says of them and of its technology.

What people conclude from it stands here too: which systems are duplicates, and which capabilities to share.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import Agency, PlanRow, Service, System

DEPTH = 3
SCALE = (MinValueValidator(1), MaxValueValidator(5))


class Aspect(models.TextChoices):
    """What an agency brings in technology and data."""

    NETWORKS = "networks", "Networks"
    HOSTING = "hosting", "Hosting"
    INTEGRATION = "integration", "Integration"
    IDENTITY = "identity", "Identity and zero trust"
    DATA_QUALITY = "data_quality", "Data quality"
    INTEROPERABILITY = "interop", "Interoperability"
    WILLINGNESS = "willingness", "Willingness to share data"
    AUTHORITY = "authority", "Legal authority to share data"


class TechnologyRating(PlanRow):
    """Where an agency stands in one aspect, 1-5, and what shows it; `level` empty means that it does not know."""

    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, related_name="technology_ratings")
    aspect = models.CharField("aspect", max_length=12, choices=Aspect.choices)
    level = models.PositiveSmallIntegerField("level", null=True, blank=True, validators=SCALE)
    evidence = models.TextField("what shows it", blank=True, max_length=1000)

    class Meta:
        ordering = ("id",)
        verbose_name = "technology rating"
        constraints = (
            models.UniqueConstraint(fields=["plan", "agency", "aspect"], name="technologyrating_unique"),
            models.CheckConstraint(condition=Q(aspect__in=Aspect.values), name="technologyrating_aspect_known"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 5)) & ~Q(evidence=""),
                name="technologyrating_shown",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}, {self.agency}"

    def clean(self) -> None:
        super().clean()
        if self.level is not None and not self.evidence:
            raise ValidationError({"evidence": "Say what shows it, such as a contract, an audit or a statute."})


class Capability(PlanRow):
    """Something that agencies are able to do, in a tree of three levels; those of the lowest level are rated.

    `source` says where the name comes from, such as a standard with its number.
    """

    code = models.CharField("code", max_length=40)
    name = models.CharField("name", max_length=160)
    description = models.TextField("what it is", blank=True, max_length=2000)
    parent = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, blank=True, related_name="children")
    place = models.PositiveIntegerField("place", default=0)
    services = models.ManyToManyField(
        Service, blank=True, related_name="capabilities", verbose_name="services that need it"
    )
    source = models.CharField("where it comes from", max_length=200, blank=True)

    class Meta:
        ordering = ("place", "code")
        verbose_name_plural = "capabilities"
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="capability_code_unique",
                violation_error_message="Another capability has this code. Choose a code of its own.",
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="capability_named"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Its place in the tree: no capability stands under itself, nor deeper than the third level."""
        super().clean()
        above = self._above()
        if len(above) + (self._height() if self.pk else 1) > DEPTH:
            raise ValidationError({"parent": "The tree has three levels. Choose a capability of a higher level."})

    def _above(self) -> list[int]:
        found: list[int] = []
        parent = self.parent
        while parent is not None:
            if parent.pk == self.pk or parent.pk in found:
                raise ValidationError({"parent": "A capability cannot stand under itself. Choose another one."})
            found.append(parent.pk)
            parent = parent.parent
        return found

    def _height(self) -> int:
        """How many levels its own branch has."""
        height, level = 1, [self.pk]
        while height <= DEPTH:
            below = Capability._base_manager.filter(plan_id=self.plan_id, parent_id__in=level)
            level = list(below.values_list("pk", flat=True))
            if not level:
                return height
            height += 1
        return height


class Ownership(models.TextChoices):
    OWN = "own", "Own"
    SHARED = "shared", "Shared with others"
    OUTSOURCED = "outsourced", "Outsourced"
    NONE = "none", "Not performed"


MATURITIES = ("people", "process", "technology", "governance")


class CapabilityRating(PlanRow):
    """What one agency says of one capability: importance, maturity for each pillar and the target, each 1-5.

    An empty field is not known. One that the agency does not perform carries no figures.
    """

    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, related_name="capability_ratings")
    capability = models.ForeignKey(Capability, on_delete=models.RESTRICT, related_name="ratings")
    ownership = models.CharField("ownership", max_length=10, choices=Ownership.choices, blank=True)
    importance = models.PositiveSmallIntegerField("importance", null=True, blank=True, validators=SCALE)
    people = models.PositiveSmallIntegerField("maturity of people", null=True, blank=True, validators=SCALE)
    process = models.PositiveSmallIntegerField("maturity of process", null=True, blank=True, validators=SCALE)
    technology = models.PositiveSmallIntegerField("maturity of technology", null=True, blank=True, validators=SCALE)
    governance = models.PositiveSmallIntegerField("maturity of governance", null=True, blank=True, validators=SCALE)
    target = models.PositiveSmallIntegerField("target", null=True, blank=True, validators=SCALE)
    systems = models.ManyToManyField(
        System, blank=True, related_name="capability_ratings", verbose_name="systems it uses"
    )
    evidence = models.TextField("what shows it", blank=True, max_length=1000)

    class Meta:
        ordering = ("id",)
        verbose_name = "capability rating"
        constraints = (
            models.UniqueConstraint(fields=["plan", "agency", "capability"], name="capabilityrating_unique"),
            models.CheckConstraint(
                condition=Q(ownership__in=["", *Ownership.values]), name="capabilityrating_ownership_known"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 5)}),
                    name=f"capabilityrating_{name}",
                )
                for name in ("importance", "target", *MATURITIES)
            ),
        )

    def __str__(self) -> str:
        return f"{self.capability}, {self.agency}"

    def clean(self) -> None:
        super().clean()
        if self.ownership != Ownership.NONE:
            return
        wrong = {
            name: "What the agency does not perform has no figures. Clear them, or choose another ownership."
            for name in ("importance", *MATURITIES, "target")
            if getattr(self, name) is not None
        }
        if wrong:
            raise ValidationError(wrong)


class DuplicateFinding(PlanRow):
    """What people concluded of the systems with one function: duplicates, or each for a reason of its own."""

    function = models.CharField("function", max_length=120)
    is_duplicate = models.BooleanField("they are duplicates", default=True)
    reason = models.TextField("reason", max_length=1000)

    class Meta:
        ordering = ("function",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "function"], name="duplicatefinding_unique"),
            models.CheckConstraint(condition=~Q(function="") & ~Q(reason=""), name="duplicatefinding_reasoned"),
        )

    def __str__(self) -> str:
        return self.function


class Verdict(models.TextChoices):
    SHARE = "share", "Propose for sharing"
    LATER = "later", "Later"
    KEEP = "keep", "Leave with the agencies"


class Candidate(PlanRow):
    """What people concluded of one capability as a candidate for sharing, with the reason."""

    capability = models.ForeignKey(Capability, on_delete=models.RESTRICT, related_name="candidates")
    verdict = models.CharField("verdict", max_length=6, choices=Verdict.choices)
    reason = models.TextField("reason", max_length=1000)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "capability"], name="candidate_unique"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="candidate_verdict_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="candidate_reasoned"),
        )

    def __str__(self) -> str:
        return f"{self.capability}: {self.get_verdict_display().lower()}"
