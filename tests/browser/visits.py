"""Which page each visitor opens: the policy table, walked, with an address for every row of the test world."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from ssoplanner.access.policy import Audience, Rule, policy
from ssoplanner.core.models import Role
from tests.access.urls import address, parameters
from tests.world import PlanRows

ROLES = {
    "office": Role.OFFICE,
    "lead": Role.LEAD,
    "board": Role.BOARD,
    "analyst": Role.ANALYST,
    "viewer": Role.VIEWER,
}
NOT_PAGES = {
    "healthz": "yes or no for a load balancer",
    "security_txt": "plain text",
    "robots_txt": "plain text",
    "live": "yes or no for a script",
    "components": "for developers, in debug mode only; see test_components.py",
    "current_state_summary": "a part of the page, reloaded by a script",
    "job_download": "a file",
    "step_evidence_file": "a file",
    "agency_import_template": "a file",
    "architecture_drawing": "a file",
    "agency_import_left_out": "a file",
    "invitation_resend": "takes a form only",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "data for a script",
    "openid_connect_login": "goes on to the identity provider; see test_openid_connect.py",
    "openid_connect_callback": "the way back from it",
}
# Of these pages a person without a second factor has none.
SECOND_FACTOR = {
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}
# The view itself refuses these: who runs no plan begins none, and an import is its owner's alone.
OFFICE_OWNS = {"plan_new": 403, "agency_import_columns": 404, "agency_import_preview": 404}

# Who may not see a result until it is released.
UNRELEASED = {"trace": {"lead", "viewer"}, "trace_part": {"viewer"}}

# In the world of the tests the lead owns the step.
STEP_OWNERS = {"step_edit", "step_evidence_new", "step_evidence_delete"}
# Nobody owns the risk of that world, and the office gives the own rating.
RISK_REFUSALS = {
    "risk_edit": {"lead": 403, "board": 403, "analyst": 403, "viewer": 404},
    "risk_rate": {"board": 403, "analyst": 403},
}
# And the lead's questionnaire, not submitted yet, is nobody else's to read.
SHEET_REFUSALS = {
    "readiness_answer": {"office": 403, "board": 403, "analyst": 403},
    "condition_new": {"board": 403},  # until the vote is open
}
# And the task that the office asked them for; viewers have nothing to do with tasks.
TASK_REFUSALS = {
    "task_new": {"viewer": 403},
    "task_edit": {"board": 403, "analyst": 403, "viewer": 404},
    "task_delete": {"lead": 403, "board": 403, "analyst": 403, "viewer": 404},
}


@dataclass(frozen=True)
class Visit:
    """A URL of the policy table and an address of it, with the answer that is right for it."""

    name: str
    address: str
    status: int = 200

    def is_reached(self, url: str) -> bool:
        """Whether a browser that shows `url` was not sent elsewhere."""
        return urlsplit(url).path == urlsplit(self.address).path


def visits(actor: str, rows: PlanRows, **other: Any) -> list[Visit]:
    """What `actor` may open, in the order of the policy table. `other` replaces parameters of addresses."""
    return [
        Visit(name, address(name, rows, **other), right_answer(actor, name))
        for name, rule in policy().items()
        if name not in NOT_PAGES and may_open(actor, name, rule)
    ]


def may_open(actor: str, name: str, rule: Rule) -> bool:
    if actor == "anonymous":
        return rule.audience is Audience.PUBLIC
    if actor != "office" and name in SECOND_FACTOR:
        return False
    return rule.audience is Audience.SIGNED_IN or ROLES[actor] in rule.read


def right_answer(actor: str, name: str) -> int:
    """200, but where the page is there to say no."""
    if name == "socialaccount_login_error":
        return 401
    if name in UNRELEASED:
        return 200 if actor not in UNRELEASED[name] else 403
    if name in (refusals := TASK_REFUSALS | RISK_REFUSALS):
        return refusals[name].get(actor, 200)
    if name in SHEET_REFUSALS:
        return SHEET_REFUSALS[name].get(actor, 200)
    if name in STEP_OWNERS:
        return 200 if actor in ("office", "lead") else 403
    return 200 if actor == "office" else OFFICE_OWNS.get(name, 200)


def visits_of_plan(slug: str) -> list[Visit]:
    """The pages of a plan that need no row, as the program office has them: registers, forms, settings."""
    names = [name for name, rule in policy().items() if Role.OFFICE in rule.read and name not in NOT_PAGES]
    return [Visit(name, reverse(name, kwargs={"slug": slug})) for name in names if parameters(name) == {"slug"}]


def only(names: Iterable[str], found: Iterable[Visit]) -> list[Visit]:
    return [visit for visit in found if visit.name in names]
