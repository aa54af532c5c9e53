"""What one side says of one of the twelve risks, and what the plan answers to one of an auditor's questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from assess.models import AuditorAnswer, Rater, RiskScore, Settled
from assess.models.risks import OWN_SCORES, Score
from assess.pages_risks import score_text
from assess.risk_texts import RiskText, risks_by_key
from ssoplanner.core.models import Versioned
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import update
from ssoplanner.steps.beginning import BLANK, begun
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section

NOT_APPLICABLE = "na"


def _begin_and_save(form: RowForm, names: Iterable[str], values: dict[str, Any]) -> Versioned:
    """Save into the one row that the plan has for these fields; see `begun` on who meets whom at the first save."""
    model: Any = type(form.instance)
    key = {name: getattr(form.instance, name) for name in names}

    def find() -> Any:
        return model.objects.for_plan(form.plan).filter(**key).first() or model(plan=form.plan, **key)

    version = max(form.cleaned_data.get("version") or 0, BLANK)
    with saving():
        row: Versioned = begun(model, form.plan, key, actor=form.actor, find=find)
        return update(row, actor=form.actor, version=version, values=values, seen=form._settled())


class RiskScoreForm(RowForm):
    """The choices are those of the side that rates; each says what it means for this risk."""

    layout = (Section("The rating", "", ("score", "reason")),)
    score = forms.TypedChoiceField(
        label="How high it is now",
        coerce=lambda value: None if value == NOT_APPLICABLE else int(value),
        empty_value=None,
        error_messages={"required": "Choose how high the risk is, or “not applicable”."},
    )

    class Meta(RowForm.Meta):
        model = RiskScore
        fields = ("score", "reason")
        help_texts: ClassVar[dict[str, str]] = {
            "reason": "What you saw. It must be given for “high”, and where a strategy was accepted."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["score"]
        hints = _hints(risks_by_key()[self.instance.risk])
        scores = OWN_SCORES if self.instance.rater == Rater.OWN else tuple(Score)
        field.widget = HintedRadios(hints=hints)
        field.choices = [
            *((str(score.value), score_text(score)) for score in scores),
            (NOT_APPLICABLE, score_text(None)),
        ]
        if self.instance.pk is not None:
            score = self.instance.score
            self.initial["score"] = NOT_APPLICABLE if score is None else str(score)

    def save_row(self) -> Versioned | None:
        return self.save_with(lambda values: _begin_and_save(self, ("phase", "risk", "rater"), values))

    def text(self, name: str, value: Any) -> str:
        return score_text(value) if name == "score" else super().text(name, value)


def _hints(risk: RiskText) -> dict[str, str]:
    return {
        str(Score.LOW.value): risk.low,
        str(Score.MEDIUM_ACCEPTED.value): "As medium, and how to live with it was accepted by those who decide.",
        str(Score.MEDIUM.value): risk.medium,
        str(Score.HIGH_ACCEPTED.value): "As high, and how to live with it was accepted by those who decide.",
        str(Score.HIGH.value): risk.high,
        NOT_APPLICABLE: "The risk cannot occur here; it is left out of the mean.",
    }


class AuditorForm(RowForm):
    layout = (Section("The answer", "", ("how_far", "answer", "evidence")),)

    class Meta(RowForm.Meta):
        model = AuditorAnswer
        fields = ("how_far", "answer", "evidence")
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "how_far": HintedRadios(
                hints={
                    Settled.NO: "There is no answer yet that others would accept.",
                    Settled.PARTLY: "There is an answer with gaps that are known.",
                    Settled.YES: "The answer stands, and something shows it.",
                }
            )
        }
        help_texts: ClassVar[dict[str, str]] = {
            "evidence": "A document, a decision or a figure that anybody can look at.",
        }

    def save_row(self) -> Versioned | None:
        return self.save_with(lambda values: _begin_and_save(self, ("question",), values))
