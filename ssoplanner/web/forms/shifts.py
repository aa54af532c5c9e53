"""What people say of a shift: where they stand, since when, and what shows it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from ssoplanner.core.models import Versioned
from ssoplanner.steps.models import ShiftStanding
from ssoplanner.steps.shifts import LEVELS, level_text
from ssoplanner.steps.standing import save_standing
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section

NOT_JUDGED = "Not judged yet"
HINTS = {"": "Leave it open until somebody can say what shows it."}
HINTS |= {str(level.number): level.meaning for level in LEVELS}


class ShiftForm(RowForm):
    layout = (
        Section("The judgement", "A level counts with a day and with what shows it.", ("level", "since")),
        Section("Evidence", "", ("evidence", "link")),
        Section("In our own words", "So that everybody means the same by it.", ("before", "after")),
    )
    level = forms.TypedChoiceField(
        label="Where we stand",
        choices=[("", NOT_JUDGED), *((str(one.number), f"{one.number} – {one.name}") for one in LEVELS)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=HintedRadios(hints=HINTS),
    )

    class Meta(RowForm.Meta):
        model = ShiftStanding
        fields = ("level", "since", "evidence", "link", "before", "after")
        help_texts: ClassVar[dict[str, str]] = {
            "since": "The day since when this level holds, not the day on which it was noticed.",
            "evidence": "What anybody can look at: a signed agreement, a figure, a list, a system switched off.",
            "link": "Where it can be read, if it stands on the web or on your intranet.",
            "before": "One or two sentences about these agencies, before the plan.",
            "after": "One or two sentences about what will be different for people.",
        }

    def save_row(self) -> Versioned | None:
        return self.save_with(self._save)

    def _save(self, values: dict[str, Any]) -> Versioned:
        return save_standing(
            self.plan,
            self.instance.shift,
            actor=self.actor,
            version=self.cleaned_data.get("version") or 0,
            values=values,
            seen=self._settled(),
        )

    def text(self, name: str, value: Any) -> str:
        if name == "level" and value is not None:
            return level_text(int(value))
        return super().text(name, value)
