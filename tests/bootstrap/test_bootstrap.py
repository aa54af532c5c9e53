"""How a clone is made ready, without making one: no network, no pip, no database."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bootstrap
from bootstrap import ASSETS, ROOT, Stage, Unready


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty clone, its path with a space and letters beyond ASCII, with lock files of its own."""
    root = tmp_path / "mein Büro ½"
    (root / "requirements").mkdir(parents=True)
    for name in ("run", "test", "node"):
        (root / "requirements" / f"{name}.lock").write_text(f"{name}==1\n")
    (root / "package-lock.json").write_text("{}")
    places = {
        "ROOT": root,
        "VAR": root / "var",
        "LOG": root / "var" / "log" / "bootstrap.log",
        "VENV": root / ".venv",
        "VENV_PYTHON": root / ".venv" / "bin" / "python",
        "ENVIRONMENT_STAMP": root / ".venv" / "environment.stamp",
        "PACKAGES_STAMP": root / ".venv" / "packages.stamp",
        "LOCKS": root / "requirements",
        "NODE": root / "var" / "node",
        "USWDS": root / "node_modules",
    }
    for name, value in places.items():
        monkeypatch.setattr(bootstrap, name, value)
    yield root


@pytest.fixture
def commands(clone: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the commands that bootstrap runs; a stand-in does what each would leave behind."""
    done: list[str] = []

    def stand_in(command: list[str]) -> None:
        name = next(part for part in ("venv", "install", "ci") if part in command)
        done.append(name)
        if name == "venv":
            (clone / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
            (clone / ".venv" / "bin" / "python").touch()
            for stamp in (clone / ".venv").glob("*.stamp"):
                stamp.unlink()
        if name == "ci":
            for source in ASSETS:
                (clone / "node_modules" / source).parent.mkdir(parents=True, exist_ok=True)
                (clone / "node_modules" / source).touch()

    monkeypatch.setattr(bootstrap, "run", stand_in)
    monkeypatch.setattr(bootstrap, "npm", lambda: ["npm"])
    return done


def test_a_fresh_clone_gets_everything_and_the_second_start_does_nothing(clone: Path, commands: list[str]) -> None:
    bootstrap.make_ready("run")
    assert commands == ["venv", "install", "ci"]
    assert all((clone / "var" / "assets" / name).exists() for name in ASSETS.values())
    commands.clear()
    bootstrap.make_ready("run")
    assert commands == []


@pytest.mark.parametrize(
    ("changed", "done_again"),
    [
        ("requirements/run.lock", ["install"]),
        ("requirements/test.lock", []),
        ("package-lock.json", ["ci"]),
    ],
)
def test_a_changed_lock_is_installed_and_nothing_else(
    clone: Path, commands: list[str], changed: str, done_again: list[str]
) -> None:
    bootstrap.make_ready("run")
    commands.clear()
    (clone / changed).write_text("other==2\n")
    bootstrap.make_ready("run")
    assert commands == done_again


def test_another_python_version_gets_a_fresh_environment(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.make_ready("run")
    commands.clear()
    monkeypatch.setattr(bootstrap.platform, "python_implementation", lambda: "OtherPython")
    bootstrap.make_ready("run")
    assert commands == ["venv", "install"]


def test_what_was_installed_for_tests_is_enough_to_run(commands: list[str]) -> None:
    bootstrap.make_ready("test")
    commands.clear()
    bootstrap.make_ready("run")
    bootstrap.make_ready("tools")
    assert commands == []


def test_an_asset_that_is_missing_is_copied_again(clone: Path, commands: list[str]) -> None:
    bootstrap.make_ready("run")
    commands.clear()
    (clone / "var" / "assets" / "img" / "sprite.svg").unlink()
    bootstrap.make_ready("run")
    assert commands == ["ci"]


def test_packages_that_were_broken_off_are_installed_in_a_fresh_environment(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: str) -> None:
        raise Unready("The network went away.")

    with monkeypatch.context() as patch, pytest.raises(Unready):
        patch.setattr(bootstrap, "pip_install", break_off)
        bootstrap.make_ready("run")
    assert commands == ["venv"]
    bootstrap.make_ready("run")
    assert commands == ["venv", "venv", "install", "ci"]


def test_a_stage_that_fails_leaves_no_stamp(tmp_path: Path) -> None:
    def fail() -> None:
        raise Unready("It stopped half-way.")

    stage = Stage("packages", tmp_path / "stamp", ("wanted",), (), fail)
    with pytest.raises(Unready):
        stage.carry_out()
    assert not stage.is_done()


# --- What the person at the keyboard reads --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "begins"),
    [
        ("ERROR: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "A package that was downloaded"),
        ("npm error code EINTEGRITY", "A package that was downloaded"),
        ("Temporary failure in name resolution\nERROR: No matching distribution", "The package index cannot be"),
        ("npm error code ENOTFOUND", "The package index cannot be reached"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED]", "The package index shows a certificate"),
        ("ERROR: No matching distribution found for django==5.2.19", "The package index lacks"),
        ("Traceback: something new", "It stopped half-way"),
    ],
)
def test_the_likely_cause_of_a_failure_is_said_in_a_sentence(output: str, begins: str) -> None:
    assert bootstrap.explain(output).startswith(begins)


def test_a_failed_command_raises_the_cause_and_leaves_its_output_in_the_log(clone: Path) -> None:
    bootstrap.LOG.parent.mkdir(parents=True)
    code = "import sys; print('npm error code ENOTFOUND'); sys.exit(1)"
    with pytest.raises(Unready, match="cannot be reached"):
        bootstrap.run([sys.executable, "-c", code])
    assert "npm error code ENOTFOUND" in bootstrap.LOG.read_text()


def test_a_start_that_fails_says_one_sentence_and_the_log_and_no_stack_trace(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "base_python", lambda: "/nowhere/python3")
    monkeypatch.setattr(bootstrap.signal, "signal", lambda *_: None)
    monkeypatch.setenv("SSOPLANNER_STARTED", "0")
    assert bootstrap.main(["run", "manage.py"]) == 1
    said = capsys.readouterr().err
    assert str(bootstrap.LOG) in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10)])
def test_an_old_python_is_refused_with_the_version_that_is_needed(version: tuple[int, int]) -> None:
    sentence = bootstrap.refusal(version)
    assert sentence
    assert sentence.startswith("ssoplanner needs Python 3.11 or newer")
    assert "make run PYTHON=" in sentence


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (4, 0)])
def test_a_python_that_is_new_enough_is_taken(version: tuple[int, int]) -> None:
    assert bootstrap.refusal(version) is None


def test_make_names_the_remedy_when_the_python_is_no_python() -> None:
    done = subprocess.run(
        ["make", "run", "PYTHON=no-such-python"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "ssoplanner needs Python 3.11 or newer, and no-such-python is not" in done.stderr


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    assert [target for target in phony.split()[2:] if f"make {target}" not in listed] == []


# --- Without ensurepip, as on a bare Debian -------------------------------------------------------------------------


def test_without_ensurepip_the_environment_is_made_without_pip_and_filled_from_outside(
    clone: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    has = {"ensurepip": None, "venv": object(), "pip": object()}
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", has.get)
    bootstrap.make_ready("tools")
    assert commands == ["venv", "install"]
    assert bootstrap.pip()[-2:] == ["--python", str(clone / ".venv" / "bin" / "python")]


def test_without_ensurepip_and_pip_the_package_to_install_is_named(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", {"venv": object()}.get)
    with pytest.raises(Unready, match="apt install python3-venv"):
        bootstrap.make_ready("run")


# --- Node -----------------------------------------------------------------------------------------------------------


def program(folder: Path, name: str, version: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(("version", "taken"), [("v16.20.0", False), ("v18.0.0", True), ("v24.1.0", True)])
def test_the_machines_node_is_taken_if_it_is_young_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, taken: bool
) -> None:
    program(tmp_path, "node", version)
    program(tmp_path, "npm", "10.0.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.machine_npm() == ([str(tmp_path / "npm")] if taken else None)


def test_without_npm_a_node_is_fetched_once(clone: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fetched: list[tuple[str, ...]] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap, "pip_install", lambda *arguments: fetched.append(arguments))
    bootstrap.NODE.mkdir(parents=True)
    monkeypatch.setattr(bootstrap.shutil, "rmtree", lambda *_, **__: None)
    assert bootstrap.npm() == bootstrap.npm()
    assert fetched == [("--target", str(clone / "var" / "node"), "-r", str(clone / "requirements" / "node.lock"))]
