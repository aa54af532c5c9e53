"""The formula of a calculation in words: the docstring of its module, as paragraphs and lists."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from inspect import cleandoc

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from ssoplanner.recompute.calculations import Calculation

ITEM = re.compile(r"( *)- (.*)", re.DOTALL)
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Part:
    """A paragraph, or an item of a list; `depth` is 0 for a paragraph, 1 for an item, 2 for one below an item."""

    depth: int
    text: SafeString


def formula(calculation: Calculation) -> list[Part]:
    """What the calculation's module says of itself."""
    said = sys.modules[calculation.calculate.__module__].__doc__ or ""
    return [_part(lines) for lines in _parts(cleandoc(said).split("\n"))]


def _parts(lines: Iterable[str]) -> list[str]:
    """Lines that belong together, in one; an empty line or the beginning of an item ends a part."""
    parts: list[str] = []
    ended = True
    for line in lines:
        if not line.strip():
            ended = True
        elif ended or ITEM.fullmatch(line):
            parts.append(line)
            ended = False
        else:
            parts[-1] += f" {line.strip()}"
    return parts


def _part(text: str) -> Part:
    item = ITEM.fullmatch(text)
    depth = 1 + len(item[1]) // 2 if item else 0
    return Part(depth, _with_code(item[2] if item else text))


def _with_code(text: str) -> SafeString:
    pieces = enumerate(CODE.split(text))
    marked = (("code", piece) if place % 2 else ("span", piece) for place, piece in pieces if piece)
    return format_html_join("", "<{0}>{1}</{0}>", marked)
