"""The runner of all checks: what it takes for installed, how it reports, when it fails."""

import sys
from pathlib import Path

import pytest

from bootstrap import Unready
from tests import tiers
from tests.tiers import PROGRAMS, TIERS, Outcome, Program, Tier

SERVER = Program("the server", "server", (("begin",), ("serve", "served")), ())


def executable(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch(mode=0o755)


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "OUTPUT", tmp_path / "tiers")


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


# --- Programs -------------------------------------------------------------------------------------------------------


def test_a_program_is_there_once_each_of_its_commands_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    executable(tmp_path, "begin")
    assert not tiers.is_there(SERVER)
    executable(tmp_path, "served")
    assert tiers.is_there(SERVER)


def test_a_program_outside_the_path_is_found_in_its_highest_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    for version in ("15", "17"):
        executable(tmp_path / version / "bin", "initdb")
    assert tiers.program_path("initdb", (f"{tmp_path}/*/bin",)) == str(tmp_path / "17" / "bin" / "initdb")
    assert tiers.program_path("postgres", (f"{tmp_path}/*/bin",)) is None


def test_a_library_is_there_if_one_of_its_names_loads() -> None:
    assert tiers.is_there(Program(title="C", package="libc6", libraries=("none.so", "libc.so.6", "libSystem.dylib")))
    assert not tiers.is_there(Program(title="C", package="libc6", libraries=("none.so",)))


def test_a_missing_program_that_cannot_be_installed_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tiers, "PROGRAMS", {"server": SERVER})
    monkeypatch.setattr(tiers, "privileged", lambda: None)
    with pytest.raises(Unready, match=r"need the server.* apt-get install server"):
        tiers.provide({"server"})


def test_a_missing_program_is_installed_by_root_even_if_the_update_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[list[str]] = []

    def stand_in(command: list[str]) -> None:
        commands.append(command)
        if "update" in command:
            raise Unready("One source is broken.")

    executable(tmp_path, "apt-get")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tiers, "PROGRAMS", {"server": SERVER})
    monkeypatch.setattr(tiers, "privileged", lambda: ["sudo", "-n"])
    monkeypatch.setattr(tiers, "run", stand_in)
    tiers.provide({"server"})
    assert commands[-1][:2] == ["sudo", "-n"]
    assert commands[-1][-4:] == ["install", "-y", "--no-install-recommends", "server"]


def test_nothing_is_installed_for_tiers_that_need_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[list[str]] = []
    executable(tmp_path, "apt-get")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tiers, "PROGRAMS", {"server": SERVER})
    monkeypatch.setattr(tiers, "privileged", list)
    monkeypatch.setattr(tiers, "run", commands.append)
    tiers.provide(set())
    assert commands == []


# --- Tiers ----------------------------------------------------------------------------------------------------------


def test_every_tier_has_a_name_of_its_own_and_known_programs() -> None:
    names = [tier.name for tier in TIERS]
    assert len(names) == len(set(names))
    assert {program for tier in TIERS for program in tier.programs} <= set(PROGRAMS)


def test_tiers_are_chosen_by_name_in_their_own_order_and_a_strange_name_is_refused() -> None:
    assert [tier.name for tier in tiers.chosen(["unit", "format"])] == ["format", "unit"]
    assert tiers.chosen([]) == list(TIERS)
    with pytest.raises(Unready, match="no tier units; there are format"):
        tiers.chosen(["units"])


@pytest.mark.usefixtures("run_here")
def test_all_tiers_run_and_one_that_fails_shows_all_it_wrote_and_fails_the_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = Tier("good", 60, (python("print('noise'); print('=== 3 passed in 0.10s ===')"),))
    bad = Tier(
        "bad", 60, (python("print('the reason'); raise SystemExit(1)"), python("print('and the rest')")), static=True
    )
    done = tiers.run_tiers([good, bad], full=False, fail_fast=False)
    assert [outcome.tier.name for outcome in done] == ["bad", "good"]
    assert tiers.report(done) == 1
    said = capsys.readouterr().out
    assert "the reason\nand the rest" in said
    assert "=== 3 passed in 0.10s ===" in said
    assert "noise" not in said
    assert said.endswith("Failed: bad\n")


@pytest.mark.usefixtures("run_here")
def test_fail_fast_stops_at_the_first_failure() -> None:
    failing = [Tier(name, 60, (python("raise SystemExit(1)"),)) for name in ("first", "second")]
    assert [outcome.tier.name for outcome in tiers.run_tiers(failing, full=False, fail_fast=True)] == ["first"]


@pytest.mark.usefixtures("run_here")
def test_a_full_run_replaces_the_selection_of_tests(capsys: pytest.CaptureFixture[str]) -> None:
    tier = Tier("unit", 60, (python("import sys; print(sys.argv[1:])"),), full=("-m", "full or not full"))
    tiers.run_tiers([tier], full=True, fail_fast=False)
    assert "['-m', 'full or not full']" in capsys.readouterr().out


@pytest.mark.usefixtures("run_here")
def test_a_server_that_does_not_start_fails_its_tier_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_servers: tiers.Servers, name: str) -> str:
        raise RuntimeError(f"{name} does not start")

    monkeypatch.setattr(tiers.Servers, "address", refuse)
    with_server = Tier("with", 60, (python(""),), servers={"DATABASE_URL": "postgres"})
    without = Tier("without", 60, (python(""),))
    done = tiers.run_tiers([with_server, without], full=False, fail_fast=False)
    assert [outcome.passed for outcome in done] == [False, True]
    assert "postgres does not start" in done[0].output


def test_a_tier_far_over_its_budget_fails_the_run_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    tier = Tier("unit", 10, ())
    assert tiers.report([Outcome(tier, True, 14.9, "")]) == 0
    assert tiers.report([Outcome(tier, True, 15.1, "")]) == 1
    assert "The tier unit took 15 s; more than 15 s fails the run." in capsys.readouterr().out
