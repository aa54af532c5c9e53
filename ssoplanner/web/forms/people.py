"""Inviting people, changing what they may do, accepting an invitation, one's own name."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password

from ssoplanner.access.models import Invitation
from ssoplanner.core.models import Membership, Role, User
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section

ROLE_HINTS: dict[str, str] = {
    Role.OFFICE: "Runs the plan: its settings, registers and people, and what is released.",
    Role.LEAD: "Fills in the figures of the agencies that they lead, and reads what is released.",
    Role.BOARD: "Reads everything and decides.",
    Role.ANALYST: "Reads everything, exports and imports.",
    Role.VIEWER: "Reads what is released.",
}
NO_AGENCY = "An agency lead needs at least one agency. Choose it below."


def check_agencies(form: forms.ModelForm[Any], role: str | None) -> None:
    """A lead leads at least one agency, and only a lead does."""
    agencies = form.cleaned_data.get("agencies")
    if role == Role.LEAD and not agencies:
        form.add_error("agencies", NO_AGENCY)
    if role not in (Role.LEAD, None) and agencies:
        form.add_error("agencies", "Only an agency lead leads agencies. Clear these, or choose the role agency lead.")


class InvitationForm(RowForm):
    layout = (
        Section("Who", "They get a link by e-mail that is good for two weeks.", ("name", "email")),
        Section(
            "What they may do", "A person can have more than one role: invite them once in each.", ("role", "agencies")
        ),
    )
    role = forms.ChoiceField(
        choices=Role.choices,
        widget=HintedRadios(hints=ROLE_HINTS),
        error_messages={"required": "Choose what the person may do."},
    )

    class Meta(RowForm.Meta):
        model = Invitation
        fields = ("name", "email", "role", "agencies")
        help_texts: ClassVar[dict[str, str]] = {
            "agencies": "At least one for an agency lead, none for the other roles."
        }

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> None:
        super().clean()
        role = self.cleaned_data.get("role")
        check_agencies(self, role)
        email = self.cleaned_data.get("email")
        if role != Role.LEAD and Membership.objects.for_plan(self.plan).filter(user__email=email, role=role).exists():
            self.add_error("email", "This person has this role in the plan already.")


class MembershipForm(RowForm):
    layout = (Section("Agencies they lead", "They see and change these agencies' figures.", ("agencies",)),)

    class Meta(RowForm.Meta):
        model = Membership
        fields = ("agencies",)
        error_messages: ClassVar[dict[str, dict[str, str]]] = {"agencies": {"required": NO_AGENCY}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].required = True


class AcceptForm(forms.Form):
    """The name and password of a new account."""

    name = forms.CharField(label="Your name", max_length=120)
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. A sentence is easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    password_again = forms.CharField(
        label="Password again", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.data.get("name", "")))
        return password

    def clean(self) -> None:
        super().clean()
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", "The two passwords differ. Type the same one twice.")


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("name", "reminders")
        labels: ClassVar[dict[str, str]] = {"name": "Your name", "reminders": "Write to me about what is due"}
        help_texts: ClassVar[dict[str, str]] = {
            "name": "As colleagues in your plans read it.",
            "reminders": "At most one mail a day for each plan, in the morning, and only when something is new.",
        }
