"""Evidence and its file are stored together, and people who add files at once never pass the limit of a step."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from ssoplanner.core.models import Plan
from ssoplanner.recompute.plans import new_plan
from ssoplanner.steps.evidence import add_evidence
from ssoplanner.steps.models import Evidence, EvidenceFile
from ssoplanner.uploads.attachments import check_attachment
from tests.uploads.attached import pdf
from tests.world import COMMAND

KEY = "design.scope"


def add(plan: Plan, refused: list[str]) -> None:
    attachment = check_attachment(BytesIO(pdf()), "minutes.pdf")
    try:
        add_evidence(plan, KEY, actor=COMMAND, values={"title": "Minutes"}, attachment=attachment)
    except ValidationError as refusal:
        refused += refusal.message_dict["file"]
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_of_several_who_add_the_last_file_at_once_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.steps.evidence.MOST_FILES", 2)
    plan, refused = new_plan(name="State A", actor=COMMAND), list[str]()
    add(plan, refused)
    threads = [threading.Thread(target=add, args=(plan, refused)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused) == 3 and all("files already" in said for said in refused)
    assert Evidence.objects.for_plan(plan).filter(file_size__gt=0).count() == EvidenceFile.objects.count() == 2
