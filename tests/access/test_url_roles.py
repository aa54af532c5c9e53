"""Who may open which URL: the whole table, and what the application really answers.

The table is written out by hand, beside the policy that the middleware enforces, so that a slip in one shows in the
other. `in` is a redirect to the sign-in page; `ok` stands for any answer of the page itself.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from ssoplanner.access.policy import Audience, policy
from tests.access.urls import address, parameters, url_names
from tests.world import ACTORS, World

# actors:              anonymous stranger office lead other_lead board analyst viewer
PUBLIC = "             ok        ok       ok     ok   ok         ok    ok      ok"
SIGNED_IN = "          in        ok       ok     ok   ok         ok    ok      ok"
RUNS_A_PLAN = "        in        403      ok     403  403        403   403     403"
CLOSED = "             404       404      404    404  404        404   404     404"
MEMBERS = "            in        404      ok     ok   ok         ok    ok      ok"
OFFICE = "             in        404      ok     403  403        403   403     403"
SEES_ALL = "           in        404      ok     403  403        ok    ok      403"
NOT_VIEWERS = "        in        404      ok     ok   ok         ok    ok      403"
OWN_AGENCY_READ = "    in        404      ok     ok   403        ok    ok      403"
OWN_AGENCY = "         in        404      ok     ok   403        403   403     403"
OWN_SYSTEM = "         in        404      ok     ok   404        403   403     403"
ANY_LEAD = "           in        404      ok     ok   ok         403   403     403"
OWN_JOB = "            in        404      ok     404  404        404   404     404"
IMPORTS = "            in        404      ok     403  403        403   ok      403"
OFFICES_IMPORT = "     in        404      ok     403  403        403   404     403"
IMPORTS = "            in        404      ok     403  403        403   ok      403"
OFFICES_IMPORT = "     in        404      ok     403  403        403   404     403"
OWN_TASK = "           in        404      ok     ok   403        403   403     404"
ASKED_TASK = "         in        404      ok     403  403        403   403     404"
JUDGES = "             in        404      ok     403  403        403   ok      403"
OWN_RISK = "           in        404      ok     403  403        403   403     404"
OWN_SHEET = "          in        404      403    ok   403        403   403     403"
NO_MAP = "             in        404      404    404  404        404   404     404"  # nothing is computed there
OWN_MENTION = "        in        404      404    ok   404        404   404     403"
BOARD = "              in        404      403    403  403        ok    403     403"
NOTHING = "            in        404      403    403  403        403   403     403"

GET = {
    "plans": SIGNED_IN,
    "plan_new": RUNS_A_PLAN,
    "glossary": PUBLIC,
    "components": CLOSED,  # but in debug mode, see tests/web/test_components.py
    "search": MEMBERS,
    "plan_glossary": MEMBERS,
    "set_up": OFFICE,
    "account": SIGNED_IN,
    "invitation": PUBLIC,
    "plan": MEMBERS,
    "plan_settings": MEMBERS,
    "roadmap": MEMBERS,
    "sessions": MEMBERS,
    "phase": MEMBERS,
    "gate": MEMBERS,
    "gate_prepare": OFFICE,
    "decision_edit": OFFICE,
    "decision_open": NOTHING,
    "decision_vote": BOARD,
    "decision_round": NOTHING,
    "decision_close": OFFICE,
    "decision_withdraw": NOTHING,
    "vote_withdraw": NOTHING,
    "condition_new": OFFICE,  # and of those who vote, once the vote is open
    "condition_edit": OFFICE,
    "condition_delete": OFFICE,
    "xray": NOT_VIEWERS,
    "history": SEES_ALL,
    "jobs": MEMBERS,
    "job_new": NOTHING,
    "job_cancel": NOTHING,
    "job_retry": NOTHING,
    "job_download": OWN_JOB,
    "figures": OFFICE,
    "release": NOTHING,
    "current_state": MEMBERS,
    "current_state_summary": MEMBERS,
    "trace": SEES_ALL,  # until the result is released
    "trace_part": OWN_AGENCY_READ,
    "step": MEMBERS,
    "step_edit": OWN_AGENCY,  # the lead owns the step
    "step_criteria": NOTHING,
    "step_evidence_new": OWN_AGENCY,
    "step_evidence_delete": OWN_AGENCY,
    "step_evidence_file": NOT_VIEWERS,
    "my_tasks": MEMBERS,
    "task_new": NOT_VIEWERS,
    "task_edit": OWN_TASK,
    "task_delete": ASKED_TASK,
    "task_done": NOTHING,
    "task_reopen": NOTHING,
    "mention_done": NOTHING,
    "agencies": MEMBERS,
    "agencies_grid": NOT_VIEWERS,
    "agency_grid": OWN_AGENCY_READ,
    "service_grid": NOT_VIEWERS,
    "systems_grid": NOT_VIEWERS,
    "kpis_grid": MEMBERS,
    "agency_new": OFFICE,
    "agency": OWN_AGENCY_READ,
    "agency_edit": OWN_AGENCY,
    "agency_delete": OFFICE,
    "provision_new": OWN_AGENCY,
    "provision_edit": OWN_AGENCY,
    "provision_delete": OWN_AGENCY,
    "services": MEMBERS,
    "service_new": OFFICE,
    "service_starter": OFFICE,
    "service_edit": OFFICE,
    "service_delete": OFFICE,
    "area_new": OFFICE,
    "area_edit": OFFICE,
    "area_delete": OFFICE,
    "systems": NOT_VIEWERS,
    "system_new": ANY_LEAD,
    "system_edit": OWN_SYSTEM,
    "system_delete": OWN_SYSTEM,
    "kpis": MEMBERS,
    "kpi_new": OFFICE,
    "kpi_edit": OFFICE,
    "kpi_delete": OFFICE,
    "kpi_baseline": NOTHING,
    "shifts": MEMBERS,
    "shift": MEMBERS,
    "raid": NOT_VIEWERS,
    "risk_new": ANY_LEAD,
    "risk_edit": OWN_RISK,
    "risk_delete": OFFICE,
    "readiness": MEMBERS,
    "readiness_agency": OWN_AGENCY_READ,
    "readiness_answer": OWN_SHEET,  # the lead has not submitted it
    "readiness_save": NOTHING,
    "readiness_reopen": OFFICE,
    "readiness_questions": NOT_VIEWERS,
    "questions_publish": OFFICE,
    "question_new": OFFICE,
    "question_edit": OFFICE,
    "question_delete": OFFICE,
    "readiness_campaigns": NOT_VIEWERS,
    "readiness_campaign": NOT_VIEWERS,
    "readiness_campaign_new": OFFICE,
    "readiness_campaign_edit": OFFICE,
    "readiness_ask": ANY_LEAD,
    "readiness_rate": NOTHING,
    "readiness_task": NOTHING,
    "technology_map": MEMBERS,
    "architecture_agency": OWN_AGENCY_READ,
    "architecture_technology": OWN_AGENCY,
    "technology_save": NOTHING,
    "capability_grid": OWN_AGENCY_READ,
    "capability_rate": OWN_AGENCY,
    "architecture": MEMBERS,
    "architecture_drawing": NO_MAP,
    "capabilities": MEMBERS,
    "capability": MEMBERS,
    "capability_new": JUDGES,
    "capability_edit": JUDGES,
    "capability_delete": JUDGES,
    "capability_import": JUDGES,
    "duplicates": MEMBERS,
    "duplicate_finding": JUDGES,
    "overlap": NOT_VIEWERS,
    "candidates": MEMBERS,
    "candidate_verdict": JUDGES,
    "costs": MEMBERS,
    "shares": MEMBERS,
    "cost_pool_new": JUDGES,
    "cost_pool_edit": JUDGES,
    "cost_pool_delete": JUDGES,
    "heat_map": MEMBERS,
    "heat_map_agencies": NOT_VIEWERS,
    "criteria": MEMBERS,
    "criterion_new": OFFICE,
    "criterion_edit": OFFICE,
    "criterion_delete": OFFICE,
    "judgements": SEES_ALL,
    "judgement": JUDGES,
    "reasons": MEMBERS,
    "challenge_new": OFFICE,
    "challenge_edit": OFFICE,
    "challenge_delete": OFFICE,
    "sponsor_new": OFFICE,
    "sponsor_edit": OFFICE,
    "sponsor_delete": OFFICE,
    "risks": SEES_ALL,
    "risk_rate": OFFICE,  # the own rating; the independent one is in tests/assess/test_risks_page.py
    "auditor_questions": SEES_ALL,
    "auditor_answer": OFFICE,
    "benchmarks": MEMBERS,
    "benchmark_new": OFFICE,
    "benchmark_library": NOTHING,
    "benchmark_edit": OFFICE,
    "benchmark_delete": OFFICE,
    "people": SEES_ALL,
    "invite": OFFICE,
    "membership_edit": OFFICE,
    "membership_delete": OFFICE,
    "invitation_resend": NOTHING,
    "invitation_withdraw": OFFICE,
    "live": PUBLIC,
    "agency_import": IMPORTS,
    "agency_import_template": IMPORTS,
    "agency_import_columns": OFFICES_IMPORT,
    "agency_import_sheet": NOTHING,
    "agency_import_preview": OFFICES_IMPORT,
    "agency_import_left_out": OFFICES_IMPORT,
    "agency_import_discard": NOTHING,
    "healthz": PUBLIC,
    "security_txt": PUBLIC,
    "robots_txt": PUBLIC,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": CLOSED,
    "account_reauthenticate": SIGNED_IN,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": PUBLIC,
    "account_confirm_login_code": CLOSED,
    "account_confirm_email": CLOSED,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "socialaccount_signup": CLOSED,
    "socialaccount_connections": SIGNED_IN,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
}
# Where a POST is answered otherwise than a GET. Whatever is not listed refuses or takes both alike.
POST = {
    "plan": NOTHING,
    "search": NOTHING,
    "plan_glossary": NOTHING,
    "plan_settings": OFFICE,
    "roadmap": NOTHING,
    "sessions": NOTHING,
    "phase": NOTHING,
    "gate": NOTHING,
    "decision_open": OFFICE,
    "decision_round": OFFICE,
    "decision_withdraw": OFFICE,
    "vote_withdraw": BOARD,
    "xray": NOTHING,
    "history": NOTHING,
    "jobs": NOTHING,
    "job_new": SEES_ALL,
    "job_cancel": OWN_JOB,
    "job_retry": OWN_JOB,
    "job_download": NOTHING,
    "release": OFFICE,
    "current_state": NOTHING,
    "current_state_summary": NOTHING,
    "trace": NOTHING,
    "trace_part": NOTHING,
    "step": NOT_VIEWERS,
    "step_criteria": OFFICE,
    "step_evidence_file": NOTHING,
    "my_tasks": NOTHING,
    "task_done": OWN_TASK,
    "task_reopen": OWN_TASK,
    "mention_done": OWN_MENTION,
    "agencies": NOTHING,
    "agency": NOTHING,
    "agencies_grid": ANY_LEAD,
    "agency_grid": OWN_AGENCY,
    "service_grid": ANY_LEAD,
    "systems_grid": ANY_LEAD,
    "kpis_grid": OFFICE,
    "services": NOTHING,
    "systems": NOTHING,
    "kpis": NOTHING,
    "kpi_baseline": OFFICE,
    "shifts": NOTHING,
    "shift": OFFICE,
    "raid": NOTHING,
    "readiness": NOTHING,
    "readiness_agency": NOTHING,
    "readiness_save": OWN_SHEET,
    "readiness_questions": OFFICE,
    "readiness_campaigns": NOTHING,
    "readiness_campaign": NOTHING,
    "readiness_rate": OFFICE,
    "readiness_task": OFFICE,
    "technology_map": NOTHING,
    "architecture_agency": NOTHING,
    "technology_save": OWN_AGENCY,
    "capability_grid": OWN_AGENCY,
    "architecture": NOTHING,
    "architecture_drawing": NOTHING,
    "capabilities": JUDGES,
    "capability": NOTHING,
    "duplicates": NOTHING,
    "overlap": NOTHING,
    "candidates": NOTHING,
    "costs": NOTHING,
    "shares": NOTHING,
    "heat_map": NOTHING,
    "heat_map_agencies": NOTHING,
    "criteria": OFFICE,
    "judgements": NOTHING,
    "reasons": NOTHING,
    "risks": NOTHING,
    "auditor_questions": NOTHING,
    "benchmarks": NOTHING,
    "benchmark_library": OFFICE,
    "people": NOTHING,
    "invitation_resend": OFFICE,
    "agency_import_template": NOTHING,
    "agency_import_sheet": OFFICES_IMPORT,
    "agency_import_left_out": NOTHING,
    "agency_import_discard": OFFICES_IMPORT,
}
# Old addresses of the sign-in library, without a name: shut for everybody.
UNNAMED = {name for name in url_names() if "." in name}


def test_every_url_stands_in_the_table_and_in_the_policy() -> None:
    names = set(url_names()) - UNNAMED
    assert names == set(GET)
    assert names == set(policy())


def test_unnamed_urls_are_shut(world: World) -> None:
    assert UNNAMED
    for path in ("login/cancelled/", "login/error/", "signup/", "connections/"):
        for actor in ACTORS:
            assert world.client(actor).get(f"/accounts/social/{path}").status_code == 403


def test_whatever_is_open_without_a_role_says_why() -> None:
    unreasoned = [name for name, rule in policy().items() if rule.audience is not Audience.MEMBERS and not rule.reason]
    assert unreasoned == []


def test_every_url_of_a_plan_is_for_members_only() -> None:
    in_plan = [name for name in policy() if "slug" in parameters(name)]
    assert len(in_plan) > 30
    assert all(policy()[name].audience is Audience.MEMBERS for name in in_plan)


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_who_may_open(world: World, name: str) -> None:
    found = answers(world, "get", name)
    assert found == expected(GET[name], name, found)


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_who_may_change(world: World, name: str) -> None:
    found = answers(world, "post", name)
    assert found == expected({**GET, **POST}[name], name, found)


def answers(world: World, method: str, name: str) -> dict[str, str]:
    """What each actor gets; whatever a request changed is taken back before the next."""
    found = {}
    for actor in ACTORS:
        with transaction.atomic():
            found[actor] = answer(getattr(world.client(actor), method)(address(name, world.here)))
            transaction.set_rollback(True)
    return found


def expected(row: str, name: str, found: dict[str, str]) -> dict[str, str]:
    """The table's row; some library pages send a person on, or have no such key, once they are open."""
    wanted = dict(zip(ACTORS, row.split(), strict=True))
    also = LIBRARY_ANSWERS.get(name, set())
    return {actor: found[actor] if may == "ok" and found[actor] in also else may for actor, may in wanted.items()}


def answer(response: Any) -> str:
    """The answer in the table's words."""
    login = f"/{settings.LOGIN_URL}".replace("account_login", "accounts/login/")
    if response.status_code == 302 and response["Location"].startswith(login):
        return "in"
    return str(response.status_code) if response.status_code in (401, 403, 404) else "ok"


LIBRARY_ANSWERS = {
    "account_logout": {"in"},
    "account_inactive": {"in"},
    "account_reset_password_from_key_done": {"in"},
    "mfa_authenticate": {"in"},
    "mfa_login_webauthn": {"in", "403"},
    "mfa_view_recovery_codes": {"404"},
    "mfa_generate_recovery_codes": {"404"},
    "mfa_download_recovery_codes": {"404"},
    "mfa_deactivate_totp": {"404"},
    "mfa_remove_webauthn": {"404"},
    "mfa_edit_webauthn": {"404"},
    "socialaccount_login_error": {"401"},
    "openid_connect_login": {"404"},
    "openid_connect_callback": {"404"},
}
