"""Two people at once: one removes what the other begins to use, or both add the same. One is refused, in words.

SQLite has one writer at a time, so there the second looks when the first is done. PostgreSQL lets both go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.deletion import Collector

from ssoplanner.core.models import Agency, Provision, System
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import CannotDelete, create, delete, update
from tests.recompute.conftest import Declare
from tests.recompute.figures import ENGINE
from tests.recompute.test_together import Beside, beside
from tests.world import COMMAND, PlanRows, make, make_plan

pytestmark = [
    pytest.mark.django_db(**ENGINE),
    pytest.mark.both_databases,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer at a time"),
]


@pytest.fixture
def rows(db: None) -> PlanRows:
    return make_plan("here")


@pytest.fixture
def spare(rows: PlanRows) -> Agency:
    """An agency that nothing refers to."""
    return make(Agency, rows.plan, code="SPARE", name="Spare")


@contextmanager
def not_yet_committed(work: Callable[[], Any]) -> Iterator[None]:
    """During the block `work` is done in a transaction of somebody else, who commits a moment after its end."""
    done, goes_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with saving():
            work()
            done.set()
            goes_on.wait(10)
            time.sleep(0.3)  # the other has begun to wait for us

    with beside(slowly):
        assert done.wait(10)
        threading.Timer(0.1, goes_on.set).start()
        yield


def remove(agency: Agency) -> None:
    delete(agency, actor=COMMAND, version=agency.version)


def test_who_adds_figures_for_an_agency_that_is_being_removed_is_told(rows: PlanRows, spare: Agency) -> None:
    with not_yet_committed(lambda: remove(spare)), pytest.raises(ValidationError, match="removed meanwhile"):
        make(Provision, rows.plan, agency=spare, service=rows.service, fiscal_year=2026)

    assert not Agency.objects.filter(plan=rows.plan, code="SPARE").exists()


def test_who_links_a_system_to_an_agency_that_is_being_removed_is_told(rows: PlanRows, spare: Agency) -> None:
    values = {"agencies": [rows.own, spare]}
    with not_yet_committed(lambda: remove(spare)), pytest.raises(ValidationError, match="removed meanwhile"):
        update(rows.system, actor=COMMAND, version=rows.system.version, values=values)

    assert list(System.objects.get(plan=rows.plan, pk=rows.system.pk).agencies.all()) == [rows.own]


@pytest.mark.parametrize("by", ["provision", "system"])
def test_an_agency_that_began_to_be_used_while_it_was_removed_stays(
    rows: PlanRows, spare: Agency, declare: Declare, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    declare()  # who changes what no calculation reads waits for nobody
    plain, user = Collector.delete, getattr(rows, by)
    values = {"agency_id": spare.pk} if by == "provision" else {"agencies": [spare]}

    def begin_to_use_it(collector: Collector) -> Any:
        monkeypatch.setattr(Collector, "delete", plain)
        other = Beside(lambda: update(user, actor=COMMAND, version=user.version, values=values))
        other.start()
        other.join(10)
        assert not other.is_alive() and not other.failed
        return plain(collector)

    monkeypatch.setattr(Collector, "delete", begin_to_use_it)

    with pytest.raises(CannotDelete, match="began to use it just now"):
        remove(spare)

    assert (spare.provisions if by == "provision" else spare.systems).get() == user


def test_of_two_who_add_the_same_code_the_second_is_told(rows: PlanRows) -> None:
    def add() -> Any:
        return create(Agency, plan=rows.plan, actor=COMMAND, values={"code": "TWICE", "name": "Twice"})

    with not_yet_committed(add), pytest.raises(ValidationError, match="Another agency of this plan has this code"):
        add()

    assert Agency.objects.filter(plan=rows.plan, code="TWICE").count() == 1


def test_who_takes_a_code_that_another_is_taking_is_told(rows: PlanRows) -> None:
    def take(agency: Agency) -> Any:
        return update(agency, actor=COMMAND, version=agency.version, values={"code": "TAKEN"})

    with (
        not_yet_committed(lambda: take(rows.own)),
        pytest.raises(ValidationError, match="Another agency of this plan has this code"),
    ):
        take(rows.other)
