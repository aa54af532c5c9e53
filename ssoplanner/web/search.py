"""Finding things by words: which match, which come first, and where the words stand in them.

Texts are compared here and not by the database, so that SQLite and PostgreSQL find the same: folded, that is without
case and accents, and with every character of the words taken as it is, % and _ too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SHORTEST, LONGEST = 2, 100  # characters of a query
MOST = 20  # shown of one kind
LONGEST_NOTE = 180
# Letters that Unicode does not take apart, and signs that word processors put for others.
ALIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "’": "'", "–": "-", "‐": "-"})


def fold(text: str) -> str:
    """The text without case and accents."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).casefold().translate(ALIKE)
    return "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))


@dataclass(frozen=True)
class Entry:
    """Something to be found by its code, name or note, and the page it leads to: a URL's name and parameters."""

    name: str
    page: str
    ids: Mapping[str, int | str] = field(default_factory=dict)
    code: str = ""
    note: str = ""
    suffix: str = ""  # what follows in the address: a query, an anchor


@dataclass(frozen=True)
class Query:
    """What somebody looks for. `text` is what they typed, on one line; what lies beyond the longest is left out."""

    text: str
    shortened: bool

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for word in fold(self.text).split() if word))

    @property
    def is_too_short(self) -> bool:
        return len("".join(self.words)) < SHORTEST

    def rank(self, entry: Entry) -> int | None:
        """0 for the best match; None where a word is missing."""
        code, name = fold(entry.code), fold(entry.name)
        title, phrase = f"{code} {name}", " ".join(self.words)
        if not all(word in title or _begins(word).search(fold(entry.note)) for word in self.words):
            return None
        if phrase in (code, name):
            return 0
        if code.startswith(phrase) or name.startswith(phrase):
            return 1
        if all(_begins(word).search(title) for word in self.words):
            return 2
        return 3 if all(word in title for word in self.words) else 4

    def best(self, entries: Iterable[Entry]) -> tuple[list[Entry], int]:
        """The best matches in order, no more than are shown, and how many there are in all."""
        ranked = [(rank, entry) for entry in entries if (rank := self.rank(entry)) is not None]
        ranked.sort(key=lambda pair: (pair[0], fold(pair[1].name), pair[1].code))
        return [entry for _, entry in ranked[:MOST]], len(ranked)

    def marked(self, text: str) -> SafeString:
        """A name or a code as HTML, with the words that were looked for in <mark>."""
        return _as_html(text, self._hits(text, [re.compile(re.escape(word)) for word in self.words]))

    def excerpt(self, note: str) -> SafeString:
        """A note, marked too; a long one from a little before the first word on."""
        hits = self._hits(note, [_begins(word) for word in self.words])
        start, end = _stretch(note, hits.index(True) if True in hits else 0)
        before, after = ("… " if start else ""), (" …" if end < len(note) else "")
        return format_html("{}{}{}", before, _as_html(note[start:end], hits[start:end]), after)

    def _hits(self, text: str, patterns: Iterable[re.Pattern[str]]) -> list[bool]:
        """For each character of the text whether a word lies on it."""
        parts = [fold(character) for character in text]
        origin = [index for index, part in enumerate(parts) for _ in part]
        folded, hits = "".join(parts), [False] * len(text)
        for match in (match for pattern in patterns for match in pattern.finditer(folded)):
            for place in range(match.start(), match.end()):
                hits[origin[place]] = True
        for index, part in enumerate(parts):
            hits[index] = hits[index] or (not part and index > 0 and hits[index - 1])  # an accent goes with its letter
        return hits


def parse(asked: str) -> Query:
    """A query from what stands in an address."""
    line = " ".join(asked.split())
    return Query(line[:LONGEST].rstrip(), len(line) > LONGEST)


def _begins(word: str) -> re.Pattern[str]:
    """The word where another begins with it. In a sentence nobody means "with" by "it"."""
    return re.compile(rf"(?<!\w){re.escape(word)}")


def _stretch(note: str, first: int) -> tuple[int, int]:
    """(start, end) of what is shown of a note whose first hit is at `first`: whole words, where there are any."""
    if len(note) <= LONGEST_NOTE:
        return 0, len(note)
    start = max(0, first - LONGEST_NOTE // 3)
    start = note.find(" ", start, first) + 1 or start if start else 0
    end = min(len(note), start + LONGEST_NOTE)
    return start, note.rfind(" ", first + 1, end) if end < len(note) and " " in note[first + 1 : end] else end


def _as_html(text: str, hits: list[bool]) -> SafeString:
    runs = (
        ("".join(text[place] for place in places), hit)
        for hit, group in groupby(range(len(text)), key=hits.__getitem__)
        for places in [list(group)]
    )
    return format_html_join("", "{}", ((format_html("<mark>{}</mark>", run) if hit else run,) for run, hit in runs))
