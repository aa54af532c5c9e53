"""A long table as its address asks for it: searched, sorted, page by page, beside others on the same page."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.http import QueryDict

from ssoplanner.web.listing import Column, Listing


class Fruit(NamedTuple):
    code: str
    name: str
    weight: int | None


FRUITS = (Fruit("B", "Banana", 120), Fruit("A", "Apple", None), Fruit("C", "Cherry", 5), Fruit("D", "Damson", 30))
NAME: Column[Fruit] = Column("name", "Name", lambda fruit: fruit.name.casefold())
WEIGHT: Column[Fruit] = Column("weight", "Weight", lambda fruit: fruit.weight, figure=True)
COLOUR: Column[Fruit] = Column("colour", "Colour")


def listing(asked: str = "", *, first: str = "name", size: int = 2) -> Listing[Fruit]:
    columns = (NAME, WEIGHT, COLOUR)
    return Listing("fruits", FRUITS, columns, QueryDict(asked), lambda one: f"{one.code} {one.name}", first, size)


def codes(asked: str = "", *, first: str = "name") -> str:
    return "".join(fruit.code for fruit in listing(asked, first=first).found)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "ABCD"),
        ("fruits-sort=-name", "DCBA"),
        ("fruits-sort=weight", "BDCA"),
        ("fruits-sort=-weight", "CDBA"),
        ("fruits-sort=colour", "ABCD"),
        ("fruits-sort=king", "ABCD"),
        ("nuts-sort=-name", "ABCD"),
        ("fruits-search=AN", "B"),
        ("fruits-search=Chérry", "C"),
        ("fruits-search=n+d", "D"),
        ("fruits-search=kiwi", ""),
    ],
)
def test_the_address_says_what_is_found_and_in_which_order(asked: str, found: str) -> None:
    assert codes(asked) == found


def test_without_a_column_to_begin_with_rows_keep_their_own_order() -> None:
    assert codes(first="") == "BACD"
    assert codes("fruits-sort=weight", first="") == "BDCA"


def test_a_page_holds_so_many_rows_and_leads_to_its_neighbours() -> None:
    first, last = listing("fruits-search=a&nuts-page=3"), listing("fruits-page=99")

    assert [fruit.code for fruit in first.page] == ["A", "B"]
    assert first.next_url == "?fruits-search=a&nuts-page=3&fruits-page=2#fruits"
    assert first.previous_url == ""
    assert [fruit.code for fruit in last.page] == ["C", "D"]
    assert (last.previous_url, last.next_url) == ("?fruits-page=1#fruits", "")


def test_a_head_sorts_by_its_column_and_turns_the_order_when_it_is_asked_again() -> None:
    plain, turned = listing("fruits-page=2"), listing("fruits-sort=-weight")

    assert [(head.order, head.url) for head in plain.heads] == [
        ("ascending", "?fruits-sort=-name#fruits"),
        ("", "?fruits-sort=weight#fruits"),
        ("", ""),
    ]
    assert [(head.order, head.url) for head in turned.heads][:2] == [
        ("", "?fruits-sort=name#fruits"),
        ("ascending", "?fruits-sort=weight#fruits"),
    ]


def test_a_search_keeps_all_that_the_address_says_but_the_page() -> None:
    asked = listing("fruits-search=a&fruits-page=2&fruits-sort=weight&status=left&status=new")

    assert asked.kept == [("fruits-sort", "weight"), ("status", "left"), ("status", "new")]
    assert asked.all_url == "?fruits-sort=weight&status=left&status=new#fruits"


def test_a_short_table_needs_no_search() -> None:
    assert not listing(size=4).is_long
    assert listing(size=3).is_long
    assert listing("fruits-search=b", size=3).is_long


def test_it_says_whether_the_address_asks_for_it() -> None:
    assert not listing("nuts-page=2&fruits=1").is_asked
    assert listing("fruits-page=2").is_asked
