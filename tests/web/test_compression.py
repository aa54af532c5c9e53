"""Pages travel compressed, files as they are."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from ssoplanner.recompute.job_runner import run_jobs
from tests.access.urls import address
from tests.world import World

pytestmark = pytest.mark.django_db
PACKED = {"accept-encoding": "gzip, deflate, br"}


def test_a_page_is_packed_for_a_browser_that_can_unpack_it(world: World) -> None:
    client, path = world.client("office"), address("roadmap", world.here)
    plain, packed = client.get(path), client.get(path, headers=PACKED)

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert b"Roadmap" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 4


def test_two_answers_of_the_same_page_differ_in_length(world: World) -> None:
    client, path = world.client("office"), reverse("glossary")
    lengths = {len(client.get(path, headers=PACKED).content) for _ in range(12)}

    assert len(lengths) > 1  # its size tells nothing of a secret in it


def test_a_file_comes_as_it_is(world: World, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    assert world.here.job is not None
    run_jobs()

    answer = world.client("office").get(address("job_download", world.here), headers=PACKED)

    assert "Content-Encoding" not in answer and int(answer["Content-Length"]) == len(answer.getvalue())
