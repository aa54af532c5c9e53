"""The forms of a question set that is being prepared: a question, its weights, and publishing it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from assess.forms_weights import WeightsForm
from assess.models import Dimension, Question, QuestionSet
from assess.models.readiness import LEVELS
from assess.pages_readiness import WORDS
from assess.question_sets import NO_NOTE, add_question, change_question, publish
from ssoplanner.core.models import Tier, Versioned
from ssoplanner.steps.registry import Pillar
from ssoplanner.web.forms.rows import RowForm, Section

NO_WEIGHT = "The weights for {group} add up to zero. Give at least one of its questions a weight above zero."
LONGEST = 300


class LevelsInput(forms.Widget):
    """One text for each level. All have the name of the field, so that they travel as one list."""

    template_name = "assess/widgets/levels.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if hasattr(data, "getlist") else list(data.get(name, []))

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_0" if id_ else id_

    def format_value(self, value: Any) -> list[str]:
        given = [str(one) for one in value] if isinstance(value, (list, tuple)) else []
        return (given + [""] * LEVELS)[:LEVELS]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows = zip(WORDS, context["widget"]["value"], strict=True)
        context["widget"]["levels"] = [{"number": n, "word": w, "text": t} for n, (w, t) in enumerate(rows, start=1)]
        context["widget"]["is_wrong"] = "aria-invalid" in context["widget"]["attrs"]
        return context


class Levels(forms.Field):
    """What an agency at each of the five levels looks like, in words: a list of five texts."""

    widget = LevelsInput

    def to_python(self, value: Any) -> list[str]:
        return [str(one).replace("\r\n", "\n").strip() for one in value or []]

    def validate(self, value: list[str]) -> None:
        empty = [str(number) for number, text in enumerate(value, start=1) if not text]
        if len(value) != LEVELS or empty:
            which = ", ".join(empty) or "each of 1 to 5"
            raise ValidationError(f"Describe every level in words. Missing: {which}.")
        if any(len(text) > LONGEST for text in value):
            raise ValidationError(f"A level is described in at most {LONGEST} characters.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])


class QuestionForm(RowForm):
    layout = (
        Section(
            "The question",
            "Something that an agency can answer about itself, and another person could check.",
            ("dimension", "text", "levels"),
        ),
        Section("What counts", "", ("pillars", "weight", "tiers", "is_retired")),
        Section("What it leads to", "", ("evidence_hint", "action")),
    )
    levels = Levels(label="What each level means", help_text="From 1, not begun, to 5, ready.")
    pillars = forms.MultipleChoiceField(
        choices=[(pillar.value, pillar.value.capitalize()) for pillar in Pillar],
        widget=forms.CheckboxSelectMultiple,
        label="Pillars",
        error_messages={"required": "Choose at least one of the four pillars."},
    )
    tiers = forms.MultipleChoiceField(
        choices=Tier.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Only for these tiers",
        help_text="Leave all open if it holds for every agency, whatever its tier.",
    )

    class Meta(RowForm.Meta):
        model = Question
        fields = ("dimension", "text", "levels", "pillars", "weight", "tiers", "is_retired", "evidence_hint", "action")
        labels: ClassVar[dict[str, str]] = {"is_retired": "Retired: it stays in the set, and is not asked any more"}
        help_texts: ClassVar[dict[str, str]] = {
            "weight": "Compared with the other questions of its dimension. 0 asks without counting it.",
            "evidence_hint": "Shown beside the question, such as “a signed policy, minutes of the last review”.",
            "action": "Suggested as a task where the answers are low.",
        }

    def _create(self, values: dict[str, Any]) -> Versioned:
        return add_question(self.plan, actor=self.actor, values=values)

    def _update(self, values: dict[str, Any]) -> Versioned:
        version = self.cleaned_data.get("version")
        if version is None:
            version = self.instance.version
        seen = self._settled()
        return change_question(self.instance, actor=self.actor, version=version, values=values, seen=seen)


class QuestionWeights(WeightsForm):
    by, groups, no_weight = "dimension", Dimension, NO_WEIGHT


class PublishForm(RowForm):
    """What is new in the version that is published."""

    layout = (Section("What is new", "", ("note",)),)

    class Meta(RowForm.Meta):
        model = QuestionSet
        fields = ("note",)
        help_texts: ClassVar[dict[str, str]] = {
            "note": "Such as “two questions on records added, one on paper retired”. It stands beside the version."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].error_messages["required"] = NO_NOTE

    def _update(self, values: dict[str, Any]) -> Versioned:
        return publish(self.plan, actor=self.actor, note=values["note"])
