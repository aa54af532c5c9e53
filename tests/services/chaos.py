"""Faults without end: `make chaos`, or `python -m tests.services.chaos [--seed N] [--kills N] [--faults N]`.

People edit a plan while builders are killed and Redis is killed, stopped and emptied, half of it on each database. All
the time a checker compares what says that it is current with its formula. One closing line a database; exit code 1 if
a row was ever wrong, a result stayed stale, a save waited for a Redis that hung, or the audit missed one.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssoplanner.demo.supervisor import say
from tests import tiers
from tests.services.chaos_places import Place, on_postgresql, on_sqlite
from tests.services.chaos_processes import Role, RoleFailed

CONVERGES_WITHIN = 10.0
SAVES_WITHIN = 1.5  # while Redis hangs
GIVES_UP_AFTER = 40.0
READY_WITHIN = 10.0  # a builder that has not found its Redis by then is killed all the same
FAULTS = ("killed", "stopped", "flushed")


# --- What is counted --------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What happened on one database; `trouble` are sentences about what must not happen."""

    name: str
    kills: int = 0
    faults: int = 0
    writes: int = 0
    refused: int = 0
    checks: int = 0
    wrong: list[str] = field(default_factory=list)
    convergences: list[float] = field(default_factory=list)
    saves_while_hung: int = 0
    slowest_save: float = 0.0
    slowest_save_while_hung: float = 0.0
    trouble: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Every reason to fail."""
        found = [*self.trouble, *(f"wrong: {row}" for row in self.wrong)]
        found += [f"current only after {seconds:.1f} s" for seconds in self.convergences if seconds > CONVERGES_WITHIN]
        if self.slowest_save_while_hung > SAVES_WITHIN:
            found.append(f"a save took {self.slowest_save_while_hung:.2f} s while Redis hung")
        return found

    def line(self) -> str:
        slowest = max(self.convergences, default=0.0)
        return (
            f"{self.name}: {self.kills} kills, {self.faults} Redis faults, {self.writes} writes, {self.checks} checks, "
            f"{len(self.wrong)} wrong rows, slowest convergence {slowest:.1f} s, "
            f"slowest save {self.slowest_save:.2f} s "
            f"({self.slowest_save_while_hung:.2f} s of {self.saves_while_hung} while Redis hung)"
        )


class Checker:
    """Follows the words of a `check` role in a thread, and counts them."""

    def __init__(self, place: Place, tally: Tally) -> None:
        self.role, self.tally = Role(place.owner, place.environment, "check", place.plan), tally
        self.latest: dict[str, Any] = {"began": 0.0, "waiting": -1, "waiting_quick": -1}
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def _follow(self) -> None:
        try:
            while True:
                self.latest = self.role.hear()
                self.tally.checks += 1
                self.tally.wrong += self.latest["wrong"]
        except (RoleFailed, ValueError):  # it was told to stop, or failed: then nothing new is heard from it
            pass

    def end(self) -> None:
        self.role.tell_to_stop()
        self.thread.join()
        self.role.end()


# --- The trial --------------------------------------------------------------------------------------------------------


class Trial:
    """Builders and a checker that run, and rounds of edits and faults."""

    def __init__(self, place: Place, tally: Tally, rng: random.Random) -> None:
        self.place, self.tally, self.rng = place, tally, rng
        self.hangs: list[tuple[float, float]] = []
        self.builders = place.builders()

    def __enter__(self) -> Trial:
        for builder in self.builders:
            builder.start()
        self.checker = Checker(self.place, self.tally)
        return self

    def __exit__(self, *error: object) -> None:
        self.checker.end()
        for builder in self.builders:
            builder.kill()

    def round(self, kills: int, faults: Sequence[str]) -> None:
        """Edits, and so many kills and these faults of Redis in the middle; then everything must become current."""
        writer = self.start_writer()
        for fault in self._in_random_order(kills, faults):
            time.sleep(self.rng.uniform(0.1, 0.8))
            self.revive()
            self.strike(fault)
        writer.tell_to_stop()
        self.note(writer.hear())
        writer.end()
        self.kill_writer()
        self.await_current(time.monotonic())

    def start_writer(self) -> Role:
        writer = Role(self.place.owner, self.place.environment, "write", self.place.plan, self.rng.randrange(10**6))
        writer.hear()
        return writer

    def kill_writer(self) -> None:
        """A second one, as if a web server died in the middle of its saves: each is there as a whole or not at all."""
        writer = self.start_writer()
        time.sleep(self.rng.uniform(0.3, 2.0))
        writer.end()

    def _in_random_order(self, kills: int, faults: Sequence[str]) -> list[str]:
        order = [*["kill"] * kills, *faults]
        self.rng.shuffle(order)
        return order

    def strike(self, fault: str) -> None:
        if fault == "kill":
            self.kill_builder()
        else:
            self.fail_redis(fault)

    def kill_builder(self) -> None:
        """The one that has run longest, some time after it is ready; it is started again at once."""
        builder = min(self.builders, key=lambda one: one.started)
        while not builder.is_ready() and time.monotonic() < builder.started + READY_WITHIN:
            time.sleep(0.05)
        time.sleep(self.rng.uniform(0, 2.0))
        builder.kill()
        builder.start()
        self.tally.kills += 1

    def fail_redis(self, fault: str) -> None:
        """Away for a while or just emptied; in half of the cases a builder is started while it is away."""
        redis = self.place.redis
        assert redis
        self.tally.faults += 1
        if fault == "flushed":
            redis.flush()
            return
        began = time.monotonic()
        (redis.kill if fault == "killed" else redis.stop)()
        time.sleep(self.rng.uniform(1.0, 2.0))
        if self.rng.random() < 0.5:
            self.kill_builder()
        (redis.start if fault == "killed" else redis.go_on)()
        if fault == "stopped":
            self.hangs.append((began, time.monotonic()))

    def revive(self) -> None:
        for builder in self.builders:
            if not builder.is_running():
                builder.kill()
                builder.start()

    def note(self, words: dict[str, Any]) -> None:
        """Count what the writer says of its saves."""
        tally, saves = self.tally, words["saves"]
        hung = [seconds for began, seconds in saves if any(a < began + seconds and began < b for a, b in self.hangs)]
        tally.writes += len(saves)
        tally.refused += words["refused"]
        tally.saves_while_hung += len(hung)
        tally.slowest_save = max([tally.slowest_save, *(seconds for _, seconds in saves)])
        tally.slowest_save_while_hung = max([tally.slowest_save_while_hung, *hung])
        tally.trouble += words["trouble"]

    def await_current(self, since: float) -> None:
        """Wait for a check that began after the last write and fault and found nothing waiting.

        What is timed are the quick results: slow ones wait for more changes, and for the lease of a builder that died.
        """
        timed = False
        while time.monotonic() < since + GIVES_UP_AFTER:
            self.revive()
            latest = self.checker.latest
            if not timed and latest["began"] > since and not latest["waiting_quick"]:
                self.tally.convergences.append(latest["began"] - since)
                timed = True
            if latest["began"] > since and not latest["waiting"]:
                return
            time.sleep(0.05)
        self.tally.trouble.append(f"not everything was current after {GIVES_UP_AFTER:.0f} s: {self.checker.latest}")


def close(place: Place, tally: Tally) -> Tally:
    """The last proof: `verify_results`, and the audit against the versions."""
    verified = place.manage("verify_results")
    if verified.returncode or "\n0 differences" not in verified.stdout:
        tally.trouble.append(f"verify_results: {verified.stdout[-400:]}{verified.stderr[-400:]}")
    tally.trouble += place.ask("audit")["wrong"]
    return tally


# --- make chaos -------------------------------------------------------------------------------------------------------

KILLS_A_ROUND = 5


def postgresql_trial(folder: Path, rng: random.Random, kills: int, faults: int) -> Tally:
    with on_postgresql(folder) as place:
        tally = Tally(place.name)
        with Trial(place, tally, rng) as trial:
            play(trial, kills, faults)
        return close(place, tally)


def sqlite_trial(folder: Path, rng: random.Random, kills: int, faults: int) -> Tally:
    """First as `make run` has it, without Redis, then rung by Redis, so that it too can fail."""
    with on_sqlite(folder) as place:
        tally = Tally(place.name)
        with Trial(place, tally, rng) as trial:
            play(trial, kills // 2, 0)
        with Trial(place.with_redis(), tally, rng) as trial:
            play(trial, kills - kills // 2, faults)
        return close(place, tally)


def play(trial: Trial, kills: int, faults: int) -> None:
    """So many kills and faults in rounds; a kill that a fault brought along counts."""
    end = trial.tally.kills + kills
    rounds = max(kills // KILLS_A_ROUND, 1)
    queue = [FAULTS[n % len(FAULTS)] for n in range(faults)]
    for n in range(rounds):
        share = queue[n * faults // rounds : (n + 1) * faults // rounds]
        trial.round(max((end - trial.tally.kills) // (rounds - n), 0), share)
        say(f"  round {n + 1}: {trial.tally.line()}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Kill builders and Redis while people edit; nothing may ever be wrong."
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="repeat a run")
    parser.add_argument("--kills", type=int, default=100, help="of builders, half on each database")
    parser.add_argument("--faults", type=int, default=20, help="of Redis, half on each database")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssoplanner.settings")
    import django

    django.setup()
    tiers.provide({"postgresql", "redis"})
    say(f"seed {options.seed}")
    done = []
    for trial in (postgresql_trial, sqlite_trial):
        with tempfile.TemporaryDirectory(prefix="ssoplanner-chaos-") as folder:
            rng = random.Random(f"{options.seed} {trial.__name__}")
            done.append(trial(Path(folder), rng, options.kills // 2, options.faults // 2))
    for tally in done:
        say(tally.line())
        for violation in tally.violations():
            say(f"  VIOLATION: {violation}")
    return int(any(tally.violations() for tally in done))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
