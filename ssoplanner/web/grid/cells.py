"""A field's value as a cell shows it, and back. What a cell shows can be typed or pasted again and means the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from ssoplanner.web.forms.fields import YesNoUnknown

YES, NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}


class Cell:
    """One column's field of a form: its kind, the texts that may be chosen, and both ways between value and text."""

    def __init__(self, field: forms.Field) -> None:
        self.field = field
        self.many = isinstance(field, forms.ModelMultipleChoiceField)
        self.labels = self._labels()
        self.keys = {_folded(label): key for key, label in self.labels.items()}

    def _labels(self) -> Mapping[str, str]:
        """Key -> what the cell shows, for fields with a closed set of values."""
        if isinstance(self.field, YesNoUnknown):
            return {"True": "yes", "False": "no"}
        if isinstance(self.field, forms.BooleanField):
            return {"True": "yes", "False": "no"}
        if isinstance(self.field, forms.ModelChoiceField):
            return {str(row.pk): getattr(row, "code", None) or str(row) for row in self.field.queryset}  # type: ignore[union-attr]
        if isinstance(self.field, forms.ChoiceField):
            choices: Any = self.field.choices
            return {str(key): str(label) for key, label in choices if key != ""}
        return {}

    @property
    def kind(self) -> str:
        """How the cell is edited: choice, figure, date or text."""
        if self.labels and not self.many:
            return "choice"
        if isinstance(self.field, forms.DateField):
            return "date"
        return "figure" if isinstance(self.field, forms.IntegerField) else "text"

    def text(self, value: Any) -> str:
        """The stored value as the cell shows it."""
        if value is None or value == "":
            return ""
        if self.many:
            return ", ".join(sorted(self.labels.get(str(one), "?") for one in value))
        if self.labels:
            return self.labels.get(str(value), str(value))
        return value.isoformat() if isinstance(value, date) else str(self.field.prepare_value(value))

    def value(self, text: str) -> Any:
        """What the typed text means. Raises ValidationError with a sentence that says what would be right."""
        typed = text.strip()
        if self.many:
            return list(
                self.field.clean([self._key(part.strip()) for part in re.split(r"[,;]", typed) if part.strip()])
            )
        if isinstance(self.field, forms.BooleanField) and not typed:
            return False
        if self.labels:
            return self.field.clean(self._key(typed) if typed else "")
        return self.field.clean(typed)

    def _key(self, typed: str) -> str:
        """The key that a person means: its label, in any case; yes and no in other words."""
        folded = _folded(typed)
        if folded in self.keys:
            return self.keys[folded]
        if {"yes", "no"} <= self.keys.keys() and folded in YES | NO:
            return "True" if folded in YES else "False"
        raise forms.ValidationError(f"“{typed}” is not one of: {_some(list(self.labels.values()))}.")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _some(labels: list[str]) -> str:
    return ", ".join(labels[:8]) + (f" and {len(labels) - 8} more" if len(labels) > 8 else "")
