"""Every URL of the application, walked from the resolver, and an address of each for the test world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ssoplanner.access.invitations import link
from tests.world import PlanRows

FIXED = {"uidb36": "a", "key": "b-c", "provider_id": "department", "pk": 1}


def url_names() -> list[str]:
    """The view names of all URLs, in order; a URL without a name counts by its view."""
    return list(dict.fromkeys(_walk(get_resolver().url_patterns)))


def _walk(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        else:
            yield pattern.name or pattern.lookup_str


def parameters(name: str) -> set[str]:
    """The names of a URL's parameters."""
    found = get_resolver().reverse_dict.getlist(name)
    return {parameter for possibilities, *_ in found for _, names in possibilities for parameter in names}


def readiness_ids(rows: PlanRows) -> dict[str, int]:
    """Of the campaign and of the questionnaire of its own agency's lead."""
    assert rows.campaign is not None and rows.question is not None and rows.sheet is not None
    assert rows.draft_question is not None
    ids = {"campaign_id": rows.campaign.pk, "question_id": rows.question.pk, "sheet_id": rows.sheet.pk}
    return {**ids, "draft_question_id": rows.draft_question.pk}


def address(name: str, rows: PlanRows, **other: Any) -> str:
    """The address of the URL `name` for the rows of a plan; `other` replaces single parameters."""
    assert rows.invitation is not None and rows.job is not None and rows.agency_import is not None
    assert rows.progress is not None and rows.evidence is not None
    assert rows.task is not None and rows.comment is not None
    assert rows.risk is not None and rows.challenge is not None and rows.sponsor is not None
    assert rows.criterion is not None and rows.capability is not None
    assert rows.decision is not None and rows.condition is not None and rows.cost_pool is not None
    known = {
        "slug": rows.plan.slug,
        "agency_id": rows.own.pk,
        "provision_id": rows.provision.pk,
        "service_id": rows.service.pk,
        "area_id": rows.area.pk,
        "system_id": rows.system.pk,
        "kpi_id": rows.kpi.pk,
        "benchmark_id": rows.benchmark.pk,
        "cost_pool_id": rows.cost_pool.pk,
        "membership_id": rows.memberships["lead"].pk,
        "invitation_id": rows.invitation.pk,
        "job_id": rows.job.pk,
        "kind": rows.job.kind,
        "import_id": rows.agency_import.pk,
        "step_key": rows.progress.step,
        "phase_key": "assess",
        "evidence_id": rows.evidence.pk,
        "shift_key": "people.vision",
        "task_id": rows.task.pk,
        "comment_id": rows.comment.pk,
        "risk_id": rows.risk.pk,
        "challenge_id": rows.challenge.pk,
        "sponsor_id": rows.sponsor.pk,
        "criterion_id": rows.criterion.pk,
        "capability_id": rows.capability.pk,
        "function": rows.system.function,
        **readiness_ids(rows),
        "decision_id": rows.decision.pk,
        "condition_id": rows.condition.pk,
        "risk_key": "data",
        "rater": "own",
        "auditor_key": "goals",
        "aspect": "networks",
        "calculation": "assess.agency_state" if "partition" in parameters(name) else "assess.current_state",
        "partition": rows.own.pk,
        "token": link(rows.invitation).rstrip("/").rsplit("/", 1)[1],
        **FIXED,
        **other,
    }
    return reverse(name, kwargs={parameter: known[parameter] for parameter in parameters(name)})
