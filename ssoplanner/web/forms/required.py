"""Which fields of a form say "(required)". One rule for all forms:

where some fields may stay empty, those that may not are marked, and a sentence above the form says so; where none may,
or all may, the sentence alone says it. A control that cannot be left empty needs no mark: a check box, or a list of
choices with one chosen already.
"""

from __future__ import annotations

from django import forms

SOME = "Fields marked “required” must be filled in; the others may stay empty."
ALL = "All fields must be filled in."
NONE = "Nothing here must be filled in."


def is_marked(bound: forms.BoundField) -> bool:
    """Whether the field's label says that it is required."""
    return bound.field.required and not _always_has_a_value(bound) and note(bound.form) == SOME


def note(form: forms.BaseForm) -> str:
    """The sentence above the form; none where there is one field only that must be filled in."""
    asked, must = _counts(form)
    if 0 < must < asked:
        return SOME
    if must > 1:
        return ALL
    return NONE if asked and not must else ""


def _counts(form: forms.BaseForm) -> tuple[int, int]:
    """How many fields could be left empty by hand, and how many of these must not."""
    asked = [bound for bound in form.visible_fields() if not _always_has_a_value(bound)]
    return len(asked), sum(bound.field.required for bound in asked)


def _always_has_a_value(bound: forms.BoundField) -> bool:
    field = bound.field
    if field.disabled or isinstance(field.widget, forms.CheckboxInput):
        return True
    if not isinstance(field.widget, forms.Select) or field.widget.allow_multiple_selected:
        return False
    if isinstance(field, forms.ModelChoiceField):
        return field.empty_label is None
    return all(str(key) for key, _ in field.widget.choices)
