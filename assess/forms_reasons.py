"""What is said of a challenge, and of an executive's or sponsor's position."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models

from assess.models import Challenge, Position, Sponsor
from ssoplanner.core.models import User
from ssoplanner.steps.comments import readers_of_comments
from ssoplanner.steps.progress import today
from ssoplanner.steps.registry import Pillar
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section

HINTS = {
    "": "Leave it open until somebody has talked with them.",
    Position.OPPOSED: "Says no, or works against it.",
    Position.NEUTRAL: "Lets it happen, without taking a side.",
    Position.SUPPORTIVE: "Speaks for it where others hear it.",
    Position.COMMITTED: "Has put people, money or their name to it.",
}


class ChallengeForm(RowForm):
    layout = (
        Section("The challenge", "As it was named in the first working session.", ("title", "detail")),
        Section("Whose it is", "", ("owner", "pillar", "named_on")),
    )
    pillar = forms.ChoiceField(
        choices=[("", "No single pillar"), *((pillar.value, pillar.capitalize()) for pillar in Pillar)], required=False
    )

    class Meta(RowForm.Meta):
        model = Challenge
        fields = ("title", "detail", "owner", "pillar", "named_on")
        help_texts: ClassVar[dict[str, str]] = {
            "title": "In one line, such as “Every department buys its own service desk”.",
            "detail": "How one notices it, and whom it costs what.",
            "owner": "Who sees to it that the plan answers it.",
        }

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        """Who works in the plan, and who owns it now."""
        known = {person.pk for person in readers_of_comments(self.plan)} | {self.instance.owner_id}
        return User.objects.filter(pk__in=known - {None}).order_by("name", "email")


class SponsorForm(RowForm):
    layout = (
        Section("Who they are", "", ("name", "office", "agency", "is_executive")),
        Section(
            "Where they stand",
            "A position counts with a day and with what shows it.",
            ("position", "since", "evidence"),
        ),
        Section(
            "What they ask for",
            "Read by the program office, the board and the analysts only, as is the rest.",
            ("asks",),
        ),
    )
    position = forms.ChoiceField(
        choices=[("", "Nobody has asked yet"), *Position.choices], required=False, widget=HintedRadios(hints=HINTS)
    )

    class Meta(RowForm.Meta):
        model = Sponsor
        fields = ("name", "office", "agency", "is_executive", "position", "since", "evidence", "asks")
        help_texts: ClassVar[dict[str, str]] = {
            "office": "Such as “Secretary of Health” or “Budget director”.",
            "agency": "None for those who stand above the agencies.",
            "is_executive": "Only those who decide count in the alignment that the gate asks for.",
            "since": "The day since when they stand there, not the day on which it was noticed.",
            "evidence": "A talk, a letter, a vote, money given, with its date.",
            "asks": "What would make them support it, or keep them from opposing it.",
        }

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since is not None and since > today(self.plan):
            raise forms.ValidationError("This day is still to come. Give the day since when they stand there.")
        return since

    def clean(self) -> None:
        super().clean()
        moved = self.instance.position and {"position", "since"} <= set(self.changed_data)
        if moved and self.cleaned_data.get("position") and "evidence" not in self.changed_data:
            self.add_error("evidence", "This is what showed the former position. Say what shows the new one.")
