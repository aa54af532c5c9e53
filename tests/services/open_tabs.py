"""Pages that stand open and ask as static/js/live.js does: `python -m tests.services.open_tabs`, told by a JSON line.

A process of its own, so that what the tabs cost is not taken from whoever is measured. It ends with its standard
input, after 15 seconds at the latest, and says what it saw.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCRIPT = (Path(__file__).resolve().parents[2] / "static" / "js" / "live.js").read_text()
AT_MOST = 15.0


def figure(name: str) -> int:
    """As the script has it."""
    (found,) = re.findall(rf"\b{name} = (\d+)", SCRIPT)
    return int(found)


def seconds(name: str) -> float:
    """A pause as the script has it."""
    return figure(name) / 1000


OFTEN, USUAL, SELDOM = seconds("OFTEN"), seconds("USUAL"), seconds("SELDOM")
EAGER_FOR, ATTENTIVE_FOR = seconds("EAGER_FOR"), seconds("ATTENTIVE_FOR")
LOAD_PAUSE, LOAD_PAUSE_AT_MOST = seconds("LOAD_PAUSE"), seconds("LOAD_PAUSE_AT_MOST")
BUSY, LEFT_WAITS = figure("BUSY"), seconds("LEFT_WAITS")


@dataclass
class Site:
    """Where to ask, and what came of it."""

    port: int
    headers: dict[str, str]
    live: str
    refresh: str
    seen: Counter[str] = field(default_factory=Counter)

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{name}: {value}" for name, value in {**self.headers, **headers, "Connection": "close"}.items()]
        writer.write("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())
        answer = (await reader.read()).decode()
        writer.close()
        return int(answer.split(" ", 2)[1]), answer


@dataclass
class Tab:
    """What `watch` of live.js keeps; times are in seconds."""

    site: Site
    stamp: str
    current: bool
    pause: float
    seen_at: float
    opened_at: float
    loaded_at: float = -1000
    took: float = 0
    changed_at: float | None = None
    patience: float = field(default_factory=lambda: random.uniform(0, LEFT_WAITS))

    async def stay_open(self) -> None:
        await asyncio.sleep(random.uniform(0, self.pause))
        while True:
            asked_at = time.monotonic()
            status, answer = await self.site.get(f"{self.site.live}&have={self.stamp}")
            self.took = time.monotonic() - asked_at
            self.site.seen[f"polls answered {status}"] += 1
            if status == 200:
                await self.take(answer.rsplit("\r\n", 1)[-1])
            await asyncio.sleep(self.next_pause())

    async def take(self, stamp: str) -> None:
        if stamp == f"{self.stamp}-stale":
            self.stamp = stamp
        elif self.is_time_to_load():
            await self.reload()
            return
        self.current = False

    async def reload(self) -> None:
        status, page = await self.site.get(self.site.refresh, **{"HX-Request": "true"})
        self.site.seen[f"reloads answered {status}"] += 1
        (self.stamp,) = re.findall(r'data-stamp="([\w-]+)"', page)
        self.current = 'data-current="true"' in page

    def is_time_to_load(self) -> bool:
        now = time.monotonic()
        self.changed_at = self.changed_at or now
        if self.until_next_load() > 0 or (self.is_left and now - self.changed_at < self.patience):
            return False
        self.loaded_at, self.changed_at, self.patience = now, None, random.uniform(0, LEFT_WAITS)
        return True

    def until_next_load(self) -> float:
        return self.loaded_at + min(max(LOAD_PAUSE, BUSY * self.took), LOAD_PAUSE_AT_MOST) - time.monotonic()

    @property
    def is_left(self) -> bool:
        return time.monotonic() - self.seen_at > ATTENTIVE_FOR

    def next_pause(self) -> float:
        if self.is_left:
            self.pause = min(self.pause * 1.5, SELDOM)
            return self.pause
        self.pause = USUAL
        if self.changed_at is not None:
            return max(self.until_next_load(), OFTEN)
        return OFTEN if not self.current and time.monotonic() - self.opened_at < EAGER_FOR else USUAL


def opened(site: Site, stamp: str, number: int) -> Tab:
    """They were opened a while ago. At one in ten somebody sits; before the others nobody has sat for long."""
    now, attended = time.monotonic(), number % 10 == 0
    seen_at = now if attended else now - 600
    return Tab(site, stamp, True, USUAL if attended else SELDOM, seen_at, opened_at=now - EAGER_FOR)


async def stand_open(told: dict[str, Any]) -> Counter[str]:
    site = Site(told["port"], told["headers"], told["live"], told["refresh"])
    tabs = [asyncio.create_task(opened(site, told["stamp"], number).stay_open()) for number in range(told["tabs"])]
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    done, _ = await asyncio.wait([ended, *tabs], timeout=AT_MOST, return_when=asyncio.FIRST_COMPLETED)
    for tab in tabs:
        tab.cancel()
    for failed in done - {ended}:
        site.seen[f"tabs lost: {failed.exception()!r}"] += 1
    return site.seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(stand_open(json.loads(sys.stdin.readline())))), flush=True)  # noqa: T201
