"""What a Content Security Policy without `unsafe-inline` would refuse, found in the source of a page or template."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# What the template language says; left out, a template reads as the page that it makes.
TEMPLATE_LANGUAGE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)
# A script of another type is data, which nobody runs.
DATA = {"application/json", "application/ld+json"}


def inline_code(source: str) -> list[str]:
    """Every inline script, style and handler, as "tag: what", in the order of the source."""
    finder = _Finder()
    finder.feed(TEMPLATE_LANGUAGE.sub("", source))
    finder.close()
    return finder.found


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") not in DATA):
            self.found.append(f"{tag}: inline")
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name == "style" or name.startswith(("on", "hx-on")) or address.startswith("javascript:"):
                self.found.append(f"{tag}: {name}")
