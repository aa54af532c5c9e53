"""The form of something of which there is one row for each thing, such as a judgement of a service."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from ssoplanner.core.models import Versioned
from ssoplanner.web.forms.rows import RowForm


class SaidOnceForm(RowForm):
    """`about` names the fields that say of what; the instance has them, people do not fill them in.

    `stored` is sent where there was a row to change: where there is one by now, somebody else was faster. What becomes
    of that is for `_update` to say.
    """

    about: ClassVar[tuple[str, ...]]
    bookkeeping = RowForm.bookkeeping | {"stored"}
    stored = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stored"] = str(self.instance.pk or "")

    def _create(self, values: dict[str, Any]) -> Versioned:
        return super()._create({**{name: getattr(self.instance, name) for name in self.about}, **values})
