"""The criteria of the heat map, their weights in one form, and what people judge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from babel.numbers import NumberFormatError, format_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from assess.forms_said_once import SaidOnceForm
from assess.forms_weights import WeightsForm
from assess.models import Axis, Criterion, Judgement
from ssoplanner.core.models import AuditEvent, Versioned
from ssoplanner.recompute.writer import Conflict, FieldConflict, encode, update
from ssoplanner.web.forms.fields import HintedRadios, LocaleNumber, read_figure
from ssoplanner.web.forms.rows import RowForm, Section

NO_WEIGHT = "The weights for {group} add up to zero. Give at least one of its criteria a weight above zero."
LONGEST_CODE = 24


class Limits(LocaleNumber, forms.CharField):
    """Four figures with semicolons between them; kept as a list."""

    invalid = "Give four figures that rise, with semicolons between them, such as 1; 2; 4; 8."

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        parts = [part.strip() for part in re.split(r"[;\n]", value or "") if part.strip()]
        try:
            return [_plain(read_figure(part, self.locale)) for part in parts]
        except NumberFormatError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "; ".join(format_decimal(one, locale=self.locale, decimal_quantization=False) for one in value)


def _plain(figure: Decimal) -> int | float:
    return int(figure) if figure == int(figure) else float(figure)


class CriterionForm(RowForm):
    layout = (
        Section("The criterion", "What it is called, and what it says in plain words.", ("name", "meaning", "axis")),
        Section("Its figure", "Where it comes from, and which way it points.", ("measure", "better", "when_missing")),
        Section("Its score", "How a figure becomes 1 to 5, and how much that counts.", ("scale", "limits", "weight")),
    )
    limits = Limits(
        required=False,
        help_text="Only for “By four limits”: a figure that reaches none scores 1, one that reaches all four scores 5. "
        "Shares are in per cent, money in the plan’s currency. Such as 20; 40; 60; 80.",
    )

    class Meta(RowForm.Meta):
        model = Criterion
        fields = ("name", "meaning", "axis", "measure", "better", "when_missing", "scale", "limits", "weight")
        help_texts: ClassVar[dict[str, str]] = {
            "meaning": "People judge and read by this. Say what 5 stands for.",
            "axis": "Opportunity is what sharing would gain, ease how little stands in the way.",
            "better": "A judged score always speaks for sharing where it is high.",
            "weight": "Compared with the other criteria of the same axis. 0 switches it off.",
        }

    def _create(self, values: dict[str, Any]) -> Versioned:
        there = list(Criterion.objects.for_plan(self.plan).values_list("code", "place"))
        code = free_code(values["name"], {code for code, _ in there})
        place = max((place for _, place in there), default=0) + 1
        return super()._create({**values, "code": code, "place": place})


def free_code(name: str, taken: Iterable[str]) -> str:
    """A code made from the name that no other criterion has."""
    held, base = set(taken), slugify(name)[: LONGEST_CODE - 4] or "criterion"
    numbered = (f"{base}-{number}" for number in range(2, len(held) + 3))
    return base if base not in held else next(code for code in numbered if code not in held)


class CriteriaWeights(WeightsForm):
    by, groups, no_weight = "axis", Axis, NO_WEIGHT


SCORES = {
    1: "Speaks clearly against sharing it.",
    2: "Speaks rather against it.",
    3: "Neither for nor against, or both.",
    4: "Speaks rather for it.",
    5: "Speaks clearly for sharing it.",
}


class JudgementForm(SaidOnceForm):
    """What is said of one service by one judged criterion."""

    about = ("service", "criterion")
    layout = (
        Section("The judgement", "A score counts with its reason: the board will ask for it.", ("score", "reason")),
    )
    score = forms.TypedChoiceField(
        label="Score",
        choices=[(str(score), str(score)) for score in SCORES],
        coerce=int,
        widget=HintedRadios(hints={str(score): text for score, text in SCORES.items()}),
        error_messages={"required": "Choose a score from 1 to 5."},
    )

    class Meta(RowForm.Meta):
        model = Judgement
        fields = ("score", "reason")
        help_texts: ClassVar[dict[str, str]] = {
            "reason": "One or two sentences that somebody else could check: a statute, an agreement, an interface.",
        }
        error_messages: ClassVar[dict[str, Any]] = {"reason": {"required": "Say why, in one sentence or two."}}

    def _update(self, values: dict[str, Any]) -> Versioned:
        if not self.cleaned_data.get("stored"):
            self._check_nobody_was_faster(values)
            version = self.instance.version
            return update(self.instance, actor=self.actor, version=version, values=values)
        return super()._update(values)

    def _check_nobody_was_faster(self, values: Mapping[str, Any]) -> None:
        """The form was drawn before there was a judgement. What another person said since is shown, not overwritten."""
        settled = self._settled()
        fields = [
            FieldConflict(name, None, getattr(self.instance, name), value, *self._who())
            for name, value in values.items()
            if settled.get(name) != self.instance.version and encode(value) != encode(getattr(self.instance, name))
        ]
        if fields:
            raise Conflict(self.instance, fields)

    def _who(self) -> tuple[str, Any]:
        events = AuditEvent.objects.for_plan(self.plan).filter(model="judgement", row_id=self.instance.pk)
        last = events.select_related("user").order_by("-version").first()
        if last is None:
            return "Somebody", self.instance.changed_at
        return str(last.user) if last.user else last.get_source_display(), last.at
