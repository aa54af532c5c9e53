"""What every page owes its reader, whoever opens it: `faults_of(page, axe)`, empty when nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Page

Axe = Callable[[Page], list[str]]

LOOK = """() => {
  const heads = [...document.querySelectorAll("h1")].map((head) => head.innerText.trim());
  const controls = document.querySelectorAll("input:not([type=hidden]), select, textarea");
  const named = (control) => control.labels?.length || control.ariaLabel || control.hasAttribute("aria-labelledby");
  return {
    heads,
    title: document.title,
    sideways: document.documentElement.scrollWidth - innerWidth,
    unnamed: [...controls].filter((control) => !named(control)).map((control) => control.outerHTML),
  };
}"""


@dataclass(frozen=True)
class View:
    """How somebody looks at a page."""

    width: int
    scheme: Literal["light", "dark"]


WIDE, NARROW = View(1280, "light"), View(390, "dark")
EVERY_VIEW = (WIDE, NARROW, View(1280, "dark"), View(390, "light"))


def look_from(page: Page, view: View) -> None:
    page.set_viewport_size({"width": view.width, "height": 900})
    page.emulate_media(color_scheme=view.scheme)


def faults_of(page: Page, axe: Axe, *views: View) -> list[str]:
    """Everything that is wrong with the page that is open, seen from each of the views; a line each."""
    found = []
    for view in views:
        look_from(page, view)
        told = [*outline_faults(page.evaluate(LOOK)), *axe(page)]
        found += [f"{page.url} {view.width} px {view.scheme}: {fault}" for fault in told]
    return found


def outline_faults(seen: dict[str, Any]) -> list[str]:
    faults = [f"a control has no label: {html}" for html in seen["unnamed"]]
    if len(seen["heads"]) != 1:
        faults.append(f"main headings: {seen['heads']}")
    elif seen["heads"][0] not in seen["title"]:
        faults.append(f"the title {seen['title']!r} does not name the page {seen['heads'][0]!r}")
    if seen["sideways"] > 0:
        faults.append(f"the page scrolls sideways by {seen['sideways']} px")
    return faults
