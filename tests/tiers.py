"""All checks, in tiers from quick to slow: `python -m tests.tiers [--full] [--fail-fast] [NAME...]`.

Every tier runs even if one before it failed. A failed tier shows all that it wrote, a passed one its closing lines. At
the end stand the seconds of each tier beside its budget; one that takes half as much again fails the run, so that
nobody gets used to waiting. Programs that a tier needs are installed by apt where that is possible without a password.
"""

import argparse
import contextlib
import ctypes
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bootstrap import LOG, Unready, run, timed

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
OUTPUT = LOG.parent / "tiers"
OVERRUN = 1.5


@dataclass(frozen=True)
class Program:
    """What tests need of the system: of each group of commands one must be there, in PATH or in one of the folders,
    and of the libraries, if there are any, one must load."""

    title: str
    package: str
    commands: tuple[tuple[str, ...], ...] = ()
    folders: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


PROGRAMS = {
    "chromium": Program(
        title="Chromium",
        package="chromium",
        commands=(("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "Chromium"),),
        folders=("/Applications/Chromium.app/Contents/MacOS",),
    ),
    "postgresql": Program(
        title="the PostgreSQL server",
        package="postgresql",
        commands=(("initdb",), ("postgres",)),
        folders=("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"),
    ),
    "redis": Program(title="the Redis server", package="redis-server", commands=(("redis-server",),)),
    "pango": Program(
        title="Pango",
        package="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        libraries=("libpango-1.0.so.0", "libpango-1.0.dylib"),
    ),
    "libreoffice": Program(
        title="LibreOffice",
        package="libreoffice-calc-nogui",
        commands=(("soffice", "libreoffice"),),
        folders=("/Applications/LibreOffice.app/Contents/MacOS",),
    ),
}


@dataclass(frozen=True)
class Tier:
    """One group of checks: commands that must all end with 0, in a budget of seconds on a machine with two cores.

    `servers` are started for it: it finds the address of each in the named variable. `full` replaces the selection of
    tests when the slow ones are wanted too. Static tiers look at files only and run beside each other.
    """

    name: str
    budget: int
    commands: tuple[tuple[str, ...], ...]
    programs: tuple[str, ...] = ()
    servers: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    full: tuple[str, ...] = ()
    static: bool = False


MANAGE = (PYTHON, "manage.py")
PYTEST = (
    PYTHON,
    "-m",
    "pytest",
    "-v",
)  # undoes the -q of pyproject.toml, which would drop the frame of the closing line
# Files on every core, each file by one process. What measures time goes alone: the tier with servers, and LIVE.
SPREAD = ("-n", "auto", "--dist", "loadfile")
LIVE = "tests/browser/test_live.py"
INSIDE = ("tests", "--ignore", "tests/browser", "--ignore", "tests/services")
NEW_EXAMPLES = ("--hypothesis-profile", "new")
EVERY_TEST = ("-m", "full or not full", *NEW_EXAMPLES)
# What a department's own server would have; nothing here is contacted.
PRODUCTION = {
    "SSOPLANNER_MODE": "production",
    "SECRET_KEY": "only-for-the-deploy-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "ssoplanner.example.gov",
    "BASE_URL": "https://ssoplanner.example.gov",
    "SECURITY_CONTACT": "mailto:security@example.gov",
    "DATABASE_URL": "postgresql://ssoplanner@localhost/ssoplanner",
    "REDIS_URL": "redis://localhost/0",
}

TIERS = (
    Tier("format", 20, ((PYTHON, "-m", "ruff", "format", "--check", "."),), static=True),
    Tier(
        "lint",
        60,
        (
            (PYTHON, "-m", "ruff", "check", "."),
            # By itself djlint passes over every folder called build, even one that is named.
            (PYTHON, "-m", "djlint", "templates", "--exclude", ".venv,node_modules", "--check", "--lint", "--quiet"),
        ),
        static=True,
    ),
    Tier("types", 120, ((PYTHON, "-m", "mypy"),), static=True),
    Tier("imports", 60, ((str(Path(PYTHON).parent / "lint-imports"),),), static=True),
    Tier("migrations", 30, ((*MANAGE, "makemigrations", "--check", "--dry-run"),), static=True),
    Tier(
        "deploy", 30, ((*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),), environment=PRODUCTION, static=True
    ),
    Tier("unit", 900, ((*PYTEST, *SPREAD, *INSIDE),), programs=("libreoffice", "pango"), full=EVERY_TEST),
    Tier(
        "postgresql",
        480,
        ((*PYTEST, *SPREAD, *INSIDE, "-m", "both_databases and not full"),),
        programs=("postgresql",),
        servers={"DATABASE_URL": "postgres"},
        full=("-m", "both_databases", *NEW_EXAMPLES),
    ),
    Tier(
        "services",
        420,
        ((*PYTEST, "tests/services"),),
        programs=("postgresql", "redis"),
        servers={"TEST_DATABASE_URL": "postgres", "TEST_REDIS_URL": "redis"},
        full=EVERY_TEST,
    ),
    Tier(
        "browser",
        900,
        ((*PYTEST, "-n", "auto", "--dist", "worksteal", "tests/browser", "--ignore", LIVE), (*PYTEST, LIVE)),
        programs=("chromium",),
        full=EVERY_TEST,
    ),
)


# --- Programs -------------------------------------------------------------------------------------------------------


def program_path(command: str, folders: Sequence[str]) -> str | None:
    """Where a command stands: in PATH, else in one of the folders (patterns), the highest version first."""
    places = [place for pattern in folders for place in sorted(glob.glob(pattern), reverse=True)]
    return shutil.which(command) or shutil.which(command, path=os.pathsep.join(places))


def is_there(program: Program) -> bool:
    loads = any(map(loaded, program.libraries)) if program.libraries else True
    return loads and all(any(program_path(name, program.folders) for name in group) for group in program.commands)


def loaded(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def privileged() -> list[str] | None:
    """How to run a command as root without being asked for a password; nothing if that is impossible."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def provide(names: set[str]) -> None:
    """Have these keys of PROGRAMS on the machine, by apt where that is possible; else Unready says what to install."""
    missing = [program for key, program in PROGRAMS.items() if key in names and not is_there(program)]
    if not missing:
        return
    titles = ", ".join(program.title for program in missing)
    packages = [name for program in missing for name in program.package.split()]
    root = privileged()
    if root is None or not shutil.which("apt-get"):
        hint = f"on Debian and Ubuntu: sudo apt-get install {' '.join(packages)}"
        raise Unready(f"These tests need {titles}: install that ({hint}) and try again, or choose other tiers.")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]

    def install() -> None:
        # One broken source among many fails the update; whether it mattered shows in the installation. That may start
        # PostgreSQL and Redis on their usual ports, which is harmless: the tests start their own on free ones.
        with contextlib.suppress(Unready):
            run([*apt, "update"])
        run([*apt, "install", "-y", "--no-install-recommends", *packages])

    timed(f"installing {titles}", install)


# --- Servers --------------------------------------------------------------------------------------------------------


class Servers:
    """PostgreSQL and Redis for the tiers that need them, each started once, when it is first asked for."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.addresses: dict[str, str] = {}

    def address(self, name: str) -> str:
        from tests.services import servers

        if name not in self.addresses:
            starter = {"postgres": servers.running_postgres, "redis": servers.running_redis}[name]
            self.addresses[name] = self.stack.enter_context(starter(self.folder / name))
        return self.addresses[name]


# --- Running --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    tier: Tier
    passed: bool
    seconds: float
    output: str

    @property
    def is_over_budget(self) -> bool:
        return self.seconds > self.tier.budget * OVERRUN


def closing_lines(output: str) -> list[str]:
    """What a passed tier shows: pytest's closing lines, else the last line of all."""
    lines = [line for line in output.splitlines() if line.strip()]
    return [line for line in lines if re.search(r"\d+ (passed|skipped|deselected).* in [\d.]+s", line)] or lines[-1:]


def execute(tier: Tier, servers: Servers, full: bool) -> Outcome:
    """Run a tier's commands, all of them, whatever the first says. Their output can be followed in var/log/tiers."""
    started = time.monotonic()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    log, codes = OUTPUT / f"{tier.name}.log", []
    with log.open("w", encoding="utf-8") as output:
        try:
            addresses = {variable: servers.address(name) for variable, name in tier.servers.items()}
            environment = {**os.environ, **tier.environment, **addresses}
            for command in tier.commands:
                whole = [*command, *(tier.full if full else ())]
                codes.append(call(whole, environment, output))
        except Exception:  # a server that does not start fails its own tiers and no others
            traceback.print_exc(file=output)
            codes.append(1)
    return Outcome(tier, not any(codes), time.monotonic() - started, log.read_text(encoding="utf-8", errors="replace"))


def call(command: Sequence[str], environment: Mapping[str, str], output: IO[str]) -> int:
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        check=False,
    ).returncode


def show(outcome: Outcome) -> None:
    verdict = "ok" if outcome.passed else "FAILED"
    print(f"{outcome.tier.name}: {verdict} in {outcome.seconds:.1f} s", flush=True)
    if not outcome.passed:
        print(outcome.output, flush=True)
        return
    for line in closing_lines(outcome.output):
        print(f"  {line}", flush=True)


def outcomes(tiers: Sequence[Tier], servers: Servers, full: bool) -> Iterator[Outcome]:
    """The outcome of each tier in order: first the static ones, two at a time, then the others alone."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from pool.map(lambda tier: execute(tier, servers, full), [tier for tier in tiers if tier.static])
    for tier in tiers:
        if not tier.static:
            print(f"{tier.name} …", flush=True)
            yield execute(tier, servers, full)


def run_tiers(
    tiers: Sequence[Tier], full: bool, fail_fast: bool, note: Callable[[Outcome], None] = show
) -> list[Outcome]:
    done = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ssoplanner-tiers-")))
        for outcome in outcomes(tiers, Servers(folder, stack), full):
            note(outcome)
            done.append(outcome)
            if fail_fast and not outcome.passed:
                break
    return done


def report(done: Sequence[Outcome]) -> int:
    """Print the table of seconds and budgets and every reason to fail. The exit code."""
    print(f"\n{'tier':<12}{'seconds':>9}{'budget':>8}")
    for outcome in done:
        mark = "" if outcome.passed else "  FAILED"
        print(f"{outcome.tier.name:<12}{outcome.seconds:>9.1f}{outcome.tier.budget:>8}{mark}")
    print(f"{'all':<12}{sum(outcome.seconds for outcome in done):>9.1f}")
    for outcome in done:
        if outcome.is_over_budget:
            allowed = outcome.tier.budget * OVERRUN
            print(
                f"The tier {outcome.tier.name} took {outcome.seconds:.0f} s; more than {allowed:.0f} s fails the run."
            )
    failed = [outcome.tier.name for outcome in done if not outcome.passed]
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return int(bool(failed) or any(outcome.is_over_budget for outcome in done))


def chosen(names: Sequence[str]) -> list[Tier]:
    """The tiers of these names in their own order; all for no names. Raises Unready for a name that is none."""
    known = {tier.name for tier in TIERS}
    if strange := [name for name in names if name not in known]:
        raise Unready(f"There is no tier {', '.join(strange)}; there are {', '.join(tier.name for tier in TIERS)}.")
    return [tier for tier in TIERS if not names or tier.name in names]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Run all checks, or the tiers that are named.")
    parser.add_argument("--full", action="store_true", help="the slow tests too")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first tier that fails")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(tier.name for tier in TIERS))
    options = parser.parse_args(arguments)
    try:
        tiers = chosen(options.names)
        LOG.parent.mkdir(parents=True, exist_ok=True)
        provide({program for tier in tiers for program in tier.programs})
    except Unready as reason:
        print(reason, file=sys.stderr)
        return 1
    return report(run_tiers(tiers, options.full, options.fail_fast))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
