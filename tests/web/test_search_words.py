"""How words are compared with names and notes, which match comes first, and what is marked."""

from __future__ import annotations

import pytest

from ssoplanner.web.search import LONGEST, Entry, fold, parse


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Département de la Santé", "DEPARTEMENT sante"),
        ("Departement", "département"),
        ("Straße", "STRASSE"),
        ("Łódź – Ørsted", "lodz - orsted"),
        ("İstanbul", "istanbul"),
        ("People’s office", "people's"),
        ("e\u0301cole", "école"),
    ],
)
def test_case_accents_and_spelling_by_word_processors_make_no_difference(written: str, asked: str) -> None:
    assert parse(asked).rank(Entry(written, "plan")) is not None


def test_other_letters_make_a_difference() -> None:
    assert parse("sente").rank(Entry("Santé", "plan")) is None
    assert parse("health parks").rank(Entry("Health", "plan")) is None


def test_the_best_matches_come_first() -> None:
    entries = [
        Entry("Print shop", "plan", note="for the payroll"),
        Entry("Central payroll", "plan"),
        Entry("Repayrolling", "plan"),
        Entry("Payroll services", "plan"),
        Entry("Zebra", "plan", code="PAYROLL"),
        Entry("Payroll", "plan"),
    ]
    best, total = parse("payroll").best(entries)
    assert [entry.name for entry in best] == [
        "Payroll",
        "Zebra",
        "Payroll services",
        "Central payroll",
        "Repayrolling",
        "Print shop",
    ]
    assert total == 6


def test_a_note_is_looked_through_by_the_beginnings_of_its_words() -> None:
    entry = Entry("Switchboard", "plan", note="Done with care")
    assert parse("ca").rank(entry) == 4 and parse("witch").rank(entry) == 3
    assert parse("it").rank(entry) == 3  # of the name
    assert parse("ith").rank(entry) is None
    assert parse("ith car").excerpt("Done with care") == "Done with <mark>car</mark>e"


def test_all_words_must_stand_somewhere_in_any_order() -> None:
    entry = Entry("Accounts payable", "plan", code="FIN-2", note="Pays invoices")
    assert parse("invoices fin-2").rank(entry) is not None
    assert parse("invoices fin-3").rank(entry) is None


@pytest.mark.parametrize(
    ("text", "words", "html"),
    [
        ("Payroll", "pay", "<mark>Pay</mark>roll"),
        ("Santé & Straße", "sante strasse", "<mark>Santé</mark> &amp; <mark>Straße</mark>"),
        ("e\u0301cole", "ec", "<mark>e\u0301c</mark>ole"),
        ("<b>bold</b>", "bold", "&lt;b&gt;<mark>bold</mark>&lt;/b&gt;"),
        ("abcd", "abc bcd", "<mark>abcd</mark>"),
        ("a.c abc", "a.c", "<mark>a.c</mark> abc"),
        ("C++ course", "c++", "<mark>C++</mark> course"),
        ("plain", "other", "plain"),
    ],
)
def test_the_words_are_marked_in_the_text_as_it_is_written(text: str, words: str, html: str) -> None:
    assert parse(words).marked(text) == html


def test_a_long_note_is_cut_around_the_first_word() -> None:
    note = "word " * 100 + "needle " + "word " * 100
    cut = str(parse("needle").excerpt(note))
    assert cut.startswith("… word") and cut.endswith("word …") and "<mark>needle</mark>" in cut
    assert len(cut) < 220
    assert str(parse("other").excerpt(note)).startswith("word")
    assert str(parse("needle").excerpt("x" * 300 + " needle " + "x" * 300)).count("<mark>needle</mark>") == 1


def test_plain_text_is_folded_as_any_other() -> None:
    every = "".join(map(chr, range(32, 127)))
    assert fold(every) == fold(every + "é")[:-1]


def test_a_long_query_is_cut_and_white_space_counts_once() -> None:
    long = parse("x" * 300)
    assert (long.text, long.shortened) == ("x" * LONGEST, True)
    usual = parse("  help \t\n desk  desk ")
    assert (usual.text, usual.words, usual.shortened) == ("help desk desk", ("help", "desk"), False)
