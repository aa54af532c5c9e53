"""The components in all their states, light and dark, wide and narrow."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.reading import EVERY_VIEW, Axe, faults_of


def test_every_component_reads_well_from_every_view(new_page: NewPage, axe: Axe, settings: Any) -> None:
    settings.DEBUG = True
    page = new_page()
    page.goto("/components/")
    expect(page.get_by_role("heading", name="Components", exact=True)).to_be_visible()
    assert faults_of(page, axe, *EVERY_VIEW) == []
