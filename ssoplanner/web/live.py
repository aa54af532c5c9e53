"""How a page learns that its figures changed: it asks a small question now and then, and loads them anew at a yes.

The question is a signed list of results and the stamp of what is shown. The answer says only whether that is still so,
so it needs no session: whoever reloads the part is asked for their rights as always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from ssoplanner.core.models import Plan
from ssoplanner.recompute import reading
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown, stamp

SALT = "ssoplanner.live"
GOOD_FOR = 60 * 60 * 24  # seconds; a session lasts half a day


class NoSuchQuestion(Exception):
    """The token is not ours, or is too old."""


@dataclass(frozen=True)
class Live:
    """What the template needs: where to ask, and the part of the page (its id) that shows the figures."""

    url: str
    target: str
    stamp: str
    current: bool


def live(plan: Plan, found: Mapping[Key, Shown], target: str) -> Live:
    """For a part of a page, with the id `target`, that shows these results."""
    token = signing.dumps([plan.pk, [list(key) for key in sorted(found)]], salt=SALT, compress=True)
    return Live(
        url=f"{reverse('live')}?{urlencode({'token': token})}",
        target=target,
        stamp=stamp(result.mark for result in found.values()),
        current=all(result.is_current for result in found.values()),
    )


def stamp_of(token: str) -> str:
    """The stamp of the results that the token names: one query. Raises `NoSuchQuestion`."""
    try:
        plan_id, keys = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        raise NoSuchQuestion from None
    return reading.stamp_now(plan_id, [(key, partition) for key, partition in keys])
