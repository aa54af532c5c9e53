"""One's own account, and accepting an invitation."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ssoplanner.access.invitations import CHANGED_MEANWHILE, CannotAccept, accept, new_account, open_invitation
from ssoplanner.access.models import Invitation
from ssoplanner.core.models import User
from ssoplanner.web.forms.people import AcceptForm, AccountForm


def account(request: HttpRequest) -> HttpResponse:
    """Name, mail, password and second factors."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your account is saved.")
        return redirect("account")
    factors = {factor.type: factor for factor in Authenticator.objects.filter(user=request.user)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "form": form,
        "has_totp": Authenticator.Type.TOTP in factors,
        "passkeys": Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).count(),
        "recovery_codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
    }
    return render(request, "web/account.html", context, status=422 if form.errors else 200)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: with a new account, or with the one that the address already has."""
    try:
        found = open_invitation(token)
    except CannotAccept as refusal:
        return _refused(request, refusal)
    has_account = User.objects.filter(email=found.email).exists()
    if request.method == "POST" and request.user.is_authenticated and request.user.email == found.email:
        return _accept(request, found, request.user)
    form = None
    if not has_account and not request.user.is_authenticated:
        form = AcceptForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and form is not None and form.is_valid():
        return _accept_with_new_account(request, found, form)
    context = {
        "invitation": found,
        "form": form,
        "needs_sign_in": has_account and not request.user.is_authenticated,
        "can_accept": request.user.is_authenticated and request.user.email == found.email,
        "wrong_account": request.user.is_authenticated and request.user.email != found.email,
    }
    return render(request, "access/invitation.html", context, status=422 if form and form.errors else 200)


def _refused(request: HttpRequest, refusal: CannotAccept) -> HttpResponse:
    return render(request, "access/invitation.html", {"refusal": str(refusal)}, status=410)


def _accept(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    try:
        accept(found, user=user)
    except CannotAccept as refusal:
        return _refused(request, refusal)
    return _welcome(request, found)


def _accept_with_new_account(request: HttpRequest, found: Invitation, form: AcceptForm) -> HttpResponse:
    """Both or neither: who cannot accept any more gets no account."""
    typed = form.cleaned_data
    try:
        with transaction.atomic():
            user = new_account(email=found.email, name=typed["name"], password=typed["password"])
            accept(found, user=user)
    except CannotAccept as refusal:
        return _refused(request, refusal)
    except IntegrityError:  # the same form sent twice at once
        return _refused(request, CannotAccept(CHANGED_MEANWHILE))
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return _welcome(request, found)


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    messages.success(request, f"Welcome to {found.plan}.")
    return redirect("plan", slug=found.plan.slug)
