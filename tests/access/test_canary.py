"""A text that belongs to one agency or plan never reaches somebody without the right, and looking changes nothing."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from ssoplanner.access.policy import Audience, policy
from tests.access.urls import address, parameters, readiness_ids
from tests.world import ACTORS, World, canary

PAGES = [name for name, rule in policy().items() if rule.audience is not Audience.NOBODY]
# Half-finished sign-in ceremonies (a code to confirm, a passkey to register) wait in the session.
MAY_CHANGE = {"django_session"}
OWNERS = {"plan", "own", "other", "office", "talk"}
SEES = {
    "anonymous": set(),
    "stranger": set(),
    "office": {"plan", "own", "other", "office", "talk"},
    "lead": {"plan", "own", "talk"},
    "other_lead": {"plan", "other", "talk"},
    "board": {"plan", "own", "other", "office", "talk"},
    "analyst": {"plan", "own", "other", "office", "talk"},
    "viewer": {"plan"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_reads_what_is_not_theirs(world: World, actor: str) -> None:
    client = world.client(actor)
    read = [page for name in PAGES if name != "invitation" for page in pages_of(client, world, name)]
    hidden = {canary(f"there-{owner}") for owner in OWNERS}
    hidden |= {canary(f"here-{owner}") for owner in OWNERS - SEES[actor]}
    assert [(name, text) for name, page in read for text in hidden if text in page] == []
    shown = {owner for owner in OWNERS - {"office"} if any(canary(f"here-{owner}") in page for _, page in read)}
    assert shown == SEES[actor] - {"office"}  # the walk reaches what it looks for


def pages_of(client: Any, world: World, name: str) -> list[tuple[str, str]]:
    """The page for the own agency's rows, for the other's, and for another plan's ids inside one's own plan."""
    here, there = world.here, world.there
    assert there.evidence is not None
    others = {
        "agency_id": here.other.pk,
        "provision_id": here.other_provision.pk,
        "system_id": here.other_system.pk,
        "task_id": here.other_task.pk,  # type: ignore[union-attr]
        "sheet_id": here.other_sheet.pk,  # type: ignore[union-attr]
    }
    foreign = {
        "agency_id": there.own.pk,
        "provision_id": there.provision.pk,
        "service_id": there.service.pk,
        "area_id": there.area.pk,
        "system_id": there.system.pk,
        "kpi_id": there.kpi.pk,
        "benchmark_id": there.benchmark.pk,
        "membership_id": there.memberships["lead"].pk,
        "evidence_id": there.evidence.pk,
        "task_id": there.task.pk,  # type: ignore[union-attr]
        "risk_id": there.risk.pk,  # type: ignore[union-attr]
        "challenge_id": there.challenge.pk,  # type: ignore[union-attr]
        "sponsor_id": there.sponsor.pk,  # type: ignore[union-attr]
        "criterion_id": there.criterion.pk,  # type: ignore[union-attr]
        **readiness_ids(there),
    }
    addresses = {address(name, here), address(name, here, **others), address(name, here, **foreign)}
    return [(name, client.get(where).content.decode()) for where in sorted(addresses)]


@pytest.mark.django_db
def test_ids_of_another_plan_are_not_found(world: World) -> None:
    keys = {"agency_id": world.there.own.pk, "provision_id": world.there.provision.pk}
    keys |= {"service_id": world.there.service.pk, "area_id": world.there.area.pk, "kpi_id": world.there.kpi.pk}
    keys |= {"benchmark_id": world.there.benchmark.pk}
    keys |= {"system_id": world.there.system.pk, "membership_id": world.there.memberships["lead"].pk}
    assert world.there.invitation is not None and world.there.job is not None
    keys |= {"invitation_id": world.there.invitation.pk, "job_id": world.there.job.pk}
    assert world.there.evidence is not None
    keys |= {"evidence_id": world.there.evidence.pk}
    assert world.there.task is not None and world.there.comment is not None
    keys |= {"task_id": world.there.task.pk, "comment_id": world.there.comment.pk}
    assert world.there.risk is not None and world.there.challenge is not None and world.there.sponsor is not None
    keys |= {"risk_id": world.there.risk.pk, "challenge_id": world.there.challenge.pk}
    assert world.there.criterion is not None
    keys |= {"sponsor_id": world.there.sponsor.pk, "criterion_id": world.there.criterion.pk}
    keys |= readiness_ids(world.there)
    client = world.client("office")
    walked = [name for name in PAGES if parameters(name) & keys.keys() and policy()[name].write]
    for name in walked:
        assert client.post(address(name, world.here, **keys)).status_code == 404, name
    assert len(walked) > 15


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
def test_looking_at_every_page_changes_nothing(world: World, actor: str) -> None:
    client = world.client(actor)
    before = digest()
    for name in PAGES:
        with transaction.atomic():
            client.get(address(name, world.here))
    assert digest() == before


def digest() -> dict[str, str]:
    """For every table a hash of its rows."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - MAY_CHANGE
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found
