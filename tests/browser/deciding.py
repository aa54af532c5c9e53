"""A gate as people go through it: the office opens the vote, the board votes by keyboard, the office closes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

MOST_STEPS = 120
NAME_OF_FOCUSED = """() => {
    const here = document.activeElement
    return (here.labels && here.labels.length ? here.labels[0].textContent : here.textContent).trim()
}"""


def tab_to(page: Page, name: str) -> None:
    """Go on by Tab to the control whose name begins with this."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUSED).startswith(name):
            return
    raise AssertionError(f"The keyboard never came to {name}.")


def open_the_vote(office: Page) -> None:
    """On the page of a gate whose decision is prepared, with one member of the board."""
    office.get_by_role("button", name="Open the vote").click()
    expect(office.get_by_text("0 of 1 have voted")).to_be_visible()


def vote_no_go(board: Page, reason: str) -> None:
    """With nothing but the keyboard, on the page of the gate."""
    tab_to(board, "Go")
    board.keyboard.press("ArrowDown")
    board.keyboard.press("ArrowDown")  # go, with conditions, no-go
    tab_to(board, "Reason")
    board.keyboard.type(reason)
    tab_to(board, "Cast my vote")
    board.keyboard.press("Enter")
    expect(board.get_by_text("Your vote is counted: No-go.")).to_be_visible()


def look_at_the_count(office: Page) -> None:
    office.get_by_role("link", name="Close the vote").click()
    expect(office.get_by_text("The board decides:")).to_be_visible()


def close_the_vote(office: Page) -> None:
    office.get_by_role("button", name="Close the vote and take the decision").click()
    expect(office.get_by_text("Decided: No-go.")).to_be_visible()
