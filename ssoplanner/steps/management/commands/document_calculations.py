"""`manage.py document_calculations`: docs/calculations.md, from what the calculations say of themselves.

The files are read and not run, so that a page of documentation costs no import of numpy.
"""

from __future__ import annotations

import ast
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from ssoplanner.phases import PHASES

HEAD = """\
# Calculations

Generated from the docstrings of the calculations: change those, then run `manage.py document_calculations`.
"""
STALE = "docs/calculations.md differs from the docstrings. Run: manage.py document_calculations"


class Command(BaseCommand):
    help = "Writes docs/calculations.md from the docstrings of every calculation."
    requires_system_checks = ()  # it reads files only

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "calculations.md"
        wanted = page(settings.BASE_DIR)
        if not check:
            path.write_text(wanted, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            raise CommandError(STALE)


def page(root: Path) -> str:
    """The whole page for the project in the folder `root`: shared calculations first, then the phases' in order."""
    return "\n".join([HEAD, *(section(path, root) for path in modules(root))])


def modules(root: Path) -> Iterator[Path]:
    """Every file of a calc folder that holds something; a phase may have no such folder yet."""
    for package in ("ssoplanner", *(phase.key for phase in PHASES)):
        for path in sorted((root / package / "calc").rglob("*.py")):
            if path.read_text(encoding="utf-8").strip():
                yield path


def section(path: Path, root: Path) -> str:
    """One module: its name, its docstring, its public functions with what they promise."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    parts = [f"## {name}", ast.get_docstring(tree), *map(promise, functions)]
    return "\n\n".join(part for part in parts if part) + "\n"


def promise(function: ast.FunctionDef) -> str:
    """A function's first line and its docstring."""
    signature = next(line for line in ast.unparse(function).split("\n") if line.startswith("def ")).removesuffix(":")
    return f"```python\n{signature}\n```\n\n{ast.get_docstring(function) or ''}".rstrip()
