"""Messages in a folder: a worker reads a whole one or none."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection

from ssoplanner import doorbell
from ssoplanner.celery import app

QUEUE, MESSAGES = "celery", 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "messages"
    folder.mkdir()
    return folder


@pytest.fixture
def channels(folder: Path) -> Iterator[tuple[Any, Any]]:
    """One to write, one to read."""
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": f"{folder}-control"}
    with (
        Connection("doorbell://", transport_options=options) as writing,
        Connection("doorbell://", transport_options=options) as reading,
    ):
        yield writing.channel(), reading.channel()


def test_without_redis_the_messages_go_this_way() -> None:
    assert settings.CELERY_BROKER_URL.startswith(("doorbell://", "redis://"))
    assert isinstance(app.connection("doorbell://").transport, doorbell.Transport)


def test_a_message_has_its_name_only_when_it_is_whole(
    channels: tuple[Any, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, reading = channels
    replace, seen = os.replace, list[object]()

    def look_first(draft: Path, whole: Path) -> None:
        seen.append(json.loads(draft.read_text()))
        with pytest.raises(Empty):
            reading._get(QUEUE)
        replace(draft, whole)

    monkeypatch.setattr(doorbell.os, "replace", look_first)
    writing._put(QUEUE, {"plan_id": 7})

    assert seen == [{"plan_id": 7}]
    assert reading._get(QUEUE) == {"plan_id": 7}
    assert list(folder.iterdir()) == []


def test_a_reader_beside_a_writer_gets_each_message_whole(channels: tuple[Any, Any]) -> None:
    writing, reading = channels
    bell = threading.Thread(target=lambda: [writing._put(QUEUE, {"number": n}) for n in range(MESSAGES)])
    bell.start()
    numbers = list[int]()
    while len(numbers) < MESSAGES:
        try:
            numbers.append(reading._get(QUEUE)["number"])
        except Empty:
            continue
    bell.join()

    assert sorted(numbers) == list(range(MESSAGES))


def test_messages_for_another_queue_stay(channels: tuple[Any, Any]) -> None:
    writing, reading = channels
    writing._put("other", {"plan_id": 7})

    with pytest.raises(Empty):
        reading._get(QUEUE)

    assert reading._get("other") == {"plan_id": 7}
