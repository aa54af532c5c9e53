"""The page of all calculations: what stands in it, in which order, and how one learns that it is out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ssoplanner.steps.management.commands.document_calculations import HEAD, page

HEAT_MAP = '''"""How well a service suits sharing.

Value x ease, 0-1.
"""

import numpy


@cache
def heat_map(inputs: Inputs, *, top: int = 3) -> HeatMap:
    """The cells, best first."""
    return _cells(inputs)


def plain(x): return x


def _cells(inputs): "not promised to anybody"


class HeatMap: "a result"
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two calculations and a package that says nothing of itself."""
    files = {"assess/calc/heat_map.py": HEAT_MAP, "assess/calc/__init__.py": "", "ssoplanner/calc/share.py": "X = 1\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_each_module_stands_with_its_docstring_and_its_public_functions(project: Path) -> None:
    assert page(project).removeprefix(HEAD) == (
        "\n## ssoplanner.calc.share\n\n"
        "## assess.calc.heat_map\n\nHow well a service suits sharing.\n\nValue x ease, 0-1.\n\n"
        "```python\ndef heat_map(inputs: Inputs, *, top: int=3) -> HeatMap\n```\n\nThe cells, best first.\n\n"
        "```python\ndef plain(x)\n```\n"
    )


def test_a_project_without_calculations_has_an_empty_page(tmp_path: Path) -> None:
    assert page(tmp_path) == HEAD


def test_a_page_that_differs_is_told_and_one_that_was_written_does_not_differ(project: Path, settings: Any) -> None:
    settings.BASE_DIR = project
    (project / "docs").mkdir()

    with pytest.raises(CommandError, match=r"Run: manage\.py document_calculations"):
        call_command("document_calculations", check=True)
    assert not (project / "docs" / "calculations.md").exists()
    call_command("document_calculations")
    call_command("document_calculations", check=True)
    (project / "assess/calc/heat_map.py").write_text(HEAT_MAP.replace("Value", "Worth"), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("document_calculations", check=True)
