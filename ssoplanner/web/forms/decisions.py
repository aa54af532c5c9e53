"""The forms of a gate: the question, a vote with its reason, a condition, and the closing with its minutes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models

from ssoplanner.core.models import User, Versioned
from ssoplanner.recompute.saving import saving
from ssoplanner.steps.comments import readers_of_comments
from ssoplanner.steps.gate import GO, GO_WITH_CONDITIONS, NO_GO, OPTIONS
from ssoplanner.steps.models import Body, Condition, Decision, Vote
from ssoplanner.steps.voting import cast, check_condition, prepare
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section


class DecisionForm(RowForm):
    """The question and who decides it; once it is decided the minutes alone. `phase` is the gate of a new one."""

    layout = (Section("The decision", "", ("question", "body")), Section("The meeting", "", ("minutes",)))

    class Meta(RowForm.Meta):
        model = Decision
        fields = ("question", "body", "minutes")
        help_texts: ClassVar[dict[str, str]] = {
            "question": "As the board will answer it, such as “Do we go on to design the shared services?”",
            "body": "Its quorum counts where it has one of its own; without a body the board decides by the plan’s.",
            "minutes": "Who was there, what was said, where it is kept. Everybody reads them once it is decided.",
        }

    def __init__(self, *args: Any, phase: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phase = phase
        if phase or self.instance.state != "draft":
            kept = ("question", "body") if phase else ("minutes",)
            for name in [name for name in self.fields if name not in {*kept, *self.bookkeeping}]:
                del self.fields[name]

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        return Body.objects.for_plan(self.plan)

    def _create(self, values: dict[str, Any]) -> Versioned:
        return prepare(self.plan, self.phase, actor=self.actor, values=values)


class VoteForm(RowForm):
    """One's own vote. `FiguresMoved` and `CannotDecide` go through to the view, which keeps what was typed."""

    layout = (Section("Your vote", "", ("option", "reason")),)
    option = forms.ChoiceField(
        label="Your vote",
        choices=[(one, one) for one in OPTIONS],
        widget=HintedRadios(
            hints={
                GO: "The grounds are there. The next phase begins.",
                GO_WITH_CONDITIONS: "The next phase begins, and what you name is done by a day.",
                NO_GO: "The grounds are not there. This phase goes on.",
            }
        ),
        error_messages={"required": "Choose one of the three."},
    )
    # The hashes of what the voter saw.
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    bookkeeping = RowForm.bookkeeping | {"stamp"}

    class Meta(RowForm.Meta):
        model = Vote
        fields = ("option", "reason")
        error_messages: ClassVar[dict[str, Any]] = {
            "reason": {"required": "Say why: a vote without a reason helps nobody who must carry it."}
        }
        help_texts: ClassVar[dict[str, str]] = {
            "reason": "What the vote turns on for you. The board reads it now, everybody once it is decided.",
        }

    def __init__(self, *args: Any, decision: Decision, stamp: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision
        self.initial["stamp"] = stamp

    def save_row(self) -> Versioned | None:
        return self.save_with(self._cast)

    def _cast(self, values: dict[str, Any]) -> Versioned:
        stamp = self.cleaned_data["stamp"]
        return cast(self.decision, self.member, actor=self.actor, stamp=stamp, **values)


class ConditionForm(RowForm):
    layout = (Section("The condition", "", ("text", "owner", "due")),)

    class Meta(RowForm.Meta):
        model = Condition
        fields = ("text", "owner", "due")
        help_texts: ClassVar[dict[str, str]] = {
            "text": "What must be done, so that one can say whether it is.",
            "owner": "Once it is decided, it stands among their tasks.",
        }

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        """Who works in the plan, and who owns it now."""
        known = {person.pk for person in readers_of_comments(self.plan)} | {self.instance.owner_id}
        return User.objects.filter(pk__in=known - {None}).order_by("name", "email")

    def values(self) -> dict[str, Any]:
        found = super().values()
        return found if self.instance.pk else {**found, "decision": self.decision}

    def save_row(self) -> Versioned | None:
        return self.save_with(self._checked)

    def _checked(self, values: dict[str, Any]) -> Versioned:
        with saving():
            # Locked, as it is now: nobody closes it meanwhile.
            current = Decision.objects.for_plan(self.plan).select_for_update(no_key=True).get(pk=self.decision.pk)
            check_condition(current, values["owner"], values["due"])
            return self._create(values) if self.instance.pk is None else self._update(values)


class CloseForm(forms.Form):
    """The minutes that go with a decision."""

    minutes = forms.CharField(
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Who was there, what was said, where it is kept. They can be written later too.",
    )
