"""What an agency says of its technology and of its capabilities: what a page sends of it, and how it is saved.

Aspects of technology stand on one page and are saved one by one, each with its own version; their fields begin with
`q` and the aspect's number. A capability has a form of its own beside its row in the grid.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from assess.architecture_texts import ASPECTS, IMPORTANCE_WORDS, MATURITY_WORDS, OVERALL_WORDS
from assess.models import CapabilityRating, Ownership, TechnologyRating
from assess.models.architecture import MATURITIES
from ssoplanner.core.models import Agency, System, Versioned
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, update
from ssoplanner.steps.beginning import BLANK, begun
from ssoplanner.web.forms.fields import HintedRadios, WholeNumber
from ssoplanner.web.forms.rows import RowForm, Section

LEVEL_CHOICES = ("1", "2", "3", "4", "5")
UNKNOWN = "unknown"
MOST_EVIDENCE = 1000  # characters, as the row has room for
NUMBERS: Mapping[str, int] = {str(text.key): number for number, text in enumerate(ASPECTS, start=1)}


# --- Technology -----------------------------------------------------------------------------------------------------


class NeedsEvidence(ValidationError):
    """A level without what shows it: right as far as it goes, and not saved yet."""


@dataclass(frozen=True)
class TypedAspect:
    """What was sent for one aspect: `choice` is a level, UNKNOWN, or empty where nothing was chosen."""

    choice: str = ""
    evidence: str = ""
    version: int = BLANK

    @property
    def is_blank(self) -> bool:
        return not (self.choice or self.evidence)


def typed_aspect(sent: Mapping[str, Any], aspect: str) -> TypedAspect:
    """From the fields of a form. `keep` of a conflict carries the version that was seen beside one's own answer."""
    names = ("choice", "evidence", "version", "keep")
    values = {name: str(sent.get(f"q{NUMBERS[aspect]}-{name}", "")) for name in names}
    version = values["keep"] or values["version"]
    evidence = re.sub(r"\r\n?", "\n", values["evidence"]).strip()
    return TypedAspect(values["choice"], evidence, int(version) if re.fullmatch(r"\d{1,9}", version) else BLANK)


def shown_aspect(rating: TechnologyRating | None) -> TypedAspect:
    """What the page shows of a stored rating."""
    if rating is None:
        return TypedAspect()
    return TypedAspect(UNKNOWN if rating.level is None else str(rating.level), rating.evidence, rating.version)


def aspect_values(one: TypedAspect) -> dict[str, Any]:
    """As the row holds it. Raises ValidationError for a level that there is not, `NeedsEvidence` for one unshown."""
    if one.choice not in (*LEVEL_CHOICES, UNKNOWN, ""):
        raise ValidationError("There is no such level. Choose one from 1 to 5, or say that you don’t know yet.")
    if len(one.evidence) > MOST_EVIDENCE:
        raise ValidationError(
            f"What shows it has {len(one.evidence)} characters. Say it in at most {MOST_EVIDENCE}, or give a link."
        )
    level = int(one.choice) if one.choice in LEVEL_CHOICES else None
    if level is not None and not one.evidence:
        raise NeedsEvidence("Not saved yet: say what shows it, such as a contract, an audit or a statute.")
    return {"level": level, "evidence": one.evidence}


def save_aspect(agency: Agency, aspect: str, one: TypedAspect, *, actor: Actor) -> TechnologyRating | None:
    """Save what was typed; None where nothing was, and nothing is stored.

    Raises ValidationError for what is wrong, and the writer's `Conflict`.
    """
    said = aspect_values(one)
    with saving():
        row = _rating(agency, aspect)
        if row.pk is None and one.is_blank:
            return None
        key = {"agency": agency, "aspect": aspect}
        row = begun(TechnologyRating, agency.plan, key, actor=actor, find=lambda: _rating(agency, aspect))
        return update(row, actor=actor, version=one.version, values=said)


def _rating(agency: Agency, aspect: str) -> TechnologyRating:
    rows = TechnologyRating.objects.for_plan(agency.plan).filter(agency=agency, aspect=aspect)
    return rows.first() or TechnologyRating(plan=agency.plan, agency=agency, aspect=aspect)


# --- Capabilities ---------------------------------------------------------------------------------------------------

WORDS: Mapping[str, Sequence[str]] = {
    "importance": IMPORTANCE_WORDS,
    **MATURITY_WORDS,
    "target": OVERALL_WORDS,
}
LABELS = {
    "importance": "Importance",
    "people": "People",
    "process": "Process",
    "technology": "Technology",
    "governance": "Governance",
    "target": "Target",
}
OWNERSHIP_HINTS = {
    Ownership.OWN.value: "The agency does it with its own people and systems.",
    Ownership.SHARED.value: "Several agencies do it together, or one does it for others.",
    Ownership.OUTSOURCED.value: "A contractor does it.",
    Ownership.NONE.value: "The agency has no such work. Nothing else is asked then.",
    "": "It stays open until somebody says so.",
}


class LevelNumber(WholeNumber):
    """A level from 1 to 5 in a cell of a grid; empty is not known."""

    invalid = "Give a level from 1 to 5, or leave it empty."
    default_error_messages = {"max_value": invalid, "min_value": invalid}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=5, required=False, **kwargs)


class CapabilityRatingForm(RowForm):
    """What one agency says of one capability. The row may not be stored yet; two who begin it meet field by field."""

    layout = (
        Section(
            "Who performs it",
            "It counts as rated once this, the importance and one maturity are given.",
            ("ownership", "importance"),
        ),
        Section(
            "How mature it is",
            "Where the agency stands today, from 1 to 5, pillar by pillar, and where it wants to be.",
            (*MATURITIES, "target"),
        ),
        Section("What it rests on", "", ("systems", "evidence")),
    )

    class Meta(RowForm.Meta):
        model = CapabilityRating
        fields = ("ownership", "importance", *MATURITIES, "target", "systems", "evidence")
        widgets: ClassVar[dict[str, forms.Widget]] = {"ownership": HintedRadios(hints=OWNERSHIP_HINTS)}
        help_texts: ClassVar[dict[str, str]] = {
            "importance": "How much the agency’s mandate depends on it.",
            "target": "The maturity that the agency needs, over all pillars. What is short of it is the gap.",
            "systems": "Those of the register that list the agency as a user.",
            "evidence": "A document, a figure or a link, for who reads it later.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ownership: Any = self.fields["ownership"]
        ownership.choices = [*Ownership.choices, ("", "Not said yet")]
        for name, words in WORDS.items():
            field = _scale_field(LABELS[name], words, str(self.fields[name].help_text))
            self.fields[name] = field
            self.initial[name] = getattr(self.instance, name)
            field.unit = ""  # type: ignore[attr-defined]

    def choices_for(self, name: str, field: Any) -> Any:
        """Systems that list the agency as a user, and those that it named while they did."""
        mine = Q(agencies=self.instance.agency_id)
        if self.instance.pk is not None:
            mine |= Q(capability_ratings=self.instance.pk)
        return System.objects.for_plan(self.plan).filter(mine).distinct()

    def save_row(self) -> Versioned | None:
        return self.save_with(self._begin_and_save)

    def _begin_and_save(self, values: dict[str, Any]) -> Versioned:
        agency, capability = self.instance.agency, self.instance.capability
        version = max(self.cleaned_data.get("version") or 0, BLANK)
        key = {"agency": agency, "capability": capability}
        with saving():
            row = begun(
                CapabilityRating, self.plan, key, actor=self.actor, find=lambda: find_rating(agency, capability)
            )
            return update(row, actor=self.actor, version=version, values=values, seen=self._settled())

    def text(self, name: str, value: Any) -> str:
        if name in WORDS and value is not None:
            return f"{value} {WORDS[name][value - 1]}"
        return super().text(name, value)


def _scale_field(label: str, words: Sequence[str], help_text: str) -> forms.TypedChoiceField:
    choices = [(str(level), f"{level} {word}") for level, word in enumerate(words, start=1)]
    return forms.TypedChoiceField(
        label=label,
        choices=[*choices, ("", "Not known")],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"invalid_choice": LevelNumber.invalid},
    )


def find_rating(agency: Agency, capability: Any) -> CapabilityRating:
    """What the agency says of the capability; a blank row, not stored, where it has said nothing."""
    rows = CapabilityRating.objects.for_plan(agency.plan).filter(agency=agency, capability=capability)
    return rows.first() or CapabilityRating(plan=agency.plan, agency=agency, capability=capability)
