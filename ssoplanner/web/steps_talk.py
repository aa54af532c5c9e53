"""Comments on a step as people read them: text is text, web addresses become links, whom it mentions a tag."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ssoplanner.access.gate import Member
from ssoplanner.steps.comments import named_in, names_pattern
from ssoplanner.steps.models import Comment
from ssoplanner.web import formats

COMMENTS_A_PAGE = 50
ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’]+", re.IGNORECASE)
AFTER_ADDRESS = ".,;:!?)]"


@dataclass(frozen=True)
class CommentLine:
    who: str
    when: str
    text: SafeString
    mentions: tuple[str, ...]  # those whom the text itself does not name


def comments_page(member: Member, key: str, asked: str | None) -> tuple[list[CommentLine], Page[Comment]]:
    """The comments of one page, newest first, and where in all of them that is."""
    found = Comment.objects.for_plan(member.plan).filter(step=key)
    page = Paginator(found.select_related("author").prefetch_related("mentions"), COMMENTS_A_PAGE).get_page(asked)
    return [_line(comment, member) for comment in page.object_list], page


def _line(comment: Comment, member: Member) -> CommentLine:
    people = sorted(comment.mentions.all(), key=str)
    in_text = set(named_in(comment.text, people))
    return CommentLine(
        str(comment.author),
        formats.moment(comment.created_at, member.plan),
        linked(comment.text, tuple(map(str, people))),
        tuple(str(person) for person in people if person not in in_text),
    )


def linked(text: str, names: Collection[str] = ()) -> SafeString:
    """The text, escaped, with its http and https addresses as links and the names of the mentioned as tags."""
    return format_html_join("", "{}", ((part,) for part in _parts(text, names_pattern(names))))


def _parts(text: str, names: re.Pattern[str] | None) -> Iterator[str]:
    end = 0
    for found in ADDRESS.finditer(text):
        address = found[0].rstrip(AFTER_ADDRESS)
        yield from _tagged(text[end : found.start()], names)
        yield format_html('<a href="{0}" rel="nofollow noopener">{0}</a>', address)
        end = found.start() + len(address)
    yield from _tagged(text[end:], names)


def _tagged(text: str, names: re.Pattern[str] | None) -> Iterator[str]:
    end = 0
    for found in names.finditer(text) if names else ():
        yield text[end : found.start()]
        yield format_html('<span class="tag mention">{}</span>', found[0])
        end = found.end()
    yield text[end:]
