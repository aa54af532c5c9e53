"""A page as a browser has it (its text, its links, what its form would send), and forms filled in through it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from ssoplanner.access.policy import Audience, policy
from tests.access.urls import address
from tests.world import World

READ = [name for name, rule in policy().items() if rule.audience is Audience.MEMBERS and rule.read]
ADDRESSES = ("href", "data-live", "action", "formaction", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
UNREAD = {"script", "style", "head"}
Values = dict[str, list[str]]


def browser_lines(text: str) -> str:
    """A browser sends the end of a line as CR LF, whatever the page held."""
    return re.sub(r"\r\n?|\n", "\r\n", text)


@dataclass
class Select:
    name: str
    many: bool
    options: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    def sent(self) -> list[str]:
        return self.chosen if self.many else (self.chosen or self.options)[:1]


class Page(HTMLParser):
    """The page of a response. `values` is what the form of the content would send, untouched, by any button."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.html: str = response.content.decode()
        self.values: Values = {}
        self.hidden: set[str] = set()
        self.buttons: list[tuple[str, str]] = []
        self.addresses: list[tuple[str, str]] = []
        self.htmx_values: list[str] = []
        self._texts: list[str] = []
        self._open: list[str] = []
        self._in_content = False
        self._select: Select | None = None
        self._area: str | None = None
        self.feed(self.html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.addresses += [(name, has[name] or "") for name in ADDRESSES if name in has]
        self.htmx_values += [has["hx-vals"] or ""] if "hx-vals" in has else []
        self._open += [tag] if tag in UNREAD else []
        self._in_content = self._in_content or tag == "main"
        if self._in_content:
            self._control(tag, has)

    def _control(self, tag: str, has: dict[str, str | None]) -> None:
        name, value = has.get("name") or "", has.get("value")
        if tag == "option" and self._select is not None:
            self._select.options.append(value or "")
            self._select.chosen += [value or ""] if "selected" in has else []
        elif tag == "select":
            self._select = Select(name, "multiple" in has)
        elif tag == "textarea":
            self._area = name
            self.values.setdefault(name, []).append("")
        elif tag == "button" and name:
            self.buttons.append((name, value or ""))
        elif tag == "input" and name:
            self._input(name, value, has)

    def _input(self, name: str, value: str | None, has: dict[str, str | None]) -> None:
        if has.get("type") == "hidden":
            self.hidden.add(name)
        if has.get("type") not in {"checkbox", "radio"}:
            self.values.setdefault(name, []).append(value or "")
        elif "checked" in has:
            self.values.setdefault(name, []).append("on" if value is None else value)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD and tag in self._open:
            self._open.remove(tag)
        elif tag == "main":
            self._in_content = False
        elif tag == "textarea" and self._area is not None:
            # The first line break after the tag is the page's, not the text's.
            text = re.sub(r"\A\r?\n", "", self.values[self._area][-1])
            self.values[self._area][-1], self._area = browser_lines(text), None
        elif tag == "select" and self._select is not None:
            if sent := self._select.sent():
                self.values[self._select.name] = sent
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area][-1] += data
        if not self._open:
            self._texts.append(data)


def opened(client: Client, path: str) -> Values:
    """What the form at `path` would send if nobody touched it."""
    return Page(client.get(path)).values


def sent(client: Client, path: str, values: Values | None = None, **typed: Any) -> Page:
    """The answer to the form at `path`, opened now or held in `values`, with some fields typed anew: a refusal."""
    response = client.post(path, {**(values or opened(client, path)), **typed})
    assert response.status_code == 422, (response.status_code, typed)
    return Page(response)


def save(client: Client, path: str, values: Values | None = None, **typed: Any) -> None:
    """As `sent`, and it must be taken."""
    response = client.post(path, {**(values or opened(client, path)), **typed})
    assert response.status_code == 302, (Page(response).text, typed)


def now(row: Any) -> Any:
    """The row as stored now."""
    return type(row)._base_manager.get(pk=row.pk)


def own_pages(client: Client, world: World, **other: int) -> Iterator[tuple[str, Page]]:
    """Every page of the plan that opens for the client, for the rows of `here`; `other` replaces single rows."""
    for name in READ:
        response = client.get(address(name, world.here, **other))
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            yield name, Page(response)
