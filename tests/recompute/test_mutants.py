"""Each rule of the engine is needed: without it a test fails. The rules stand in `mutants`."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bootstrap import ROOT
from tests.recompute.mutants import MUTANTS, Mutant
from tests.services.servers import started_postgres

HERE = "tests/recompute"
# What another installation or another run of these tests would leave behind is not copied.
LEFT_OUT = shutil.ignore_patterns(".*", "var", "node_modules", "__pycache__", "browser", "services")


def test_each_rule_stands_once_in_the_engine() -> None:
    found = {one.rule: (ROOT / one.file).read_text(encoding="utf-8").count(one.text) for one in MUTANTS}
    assert {rule: times for rule, times in found.items() if times != 1} == {}
    assert [one.rule for one in MUTANTS if one.text == one.replacement] == []


def test_each_rule_has_a_name_of_its_own_and_there_are_many() -> None:
    assert [rule for rule, times in Counter(one.rule for one in MUTANTS).items() if times > 1] == []
    assert len(MUTANTS) >= 25
    assert {one.database for one in MUTANTS} == {"sqlite", "postgresql"}


def test_the_tests_that_must_notice_are_there() -> None:
    named = {test for one in MUTANTS for test in one.tests}
    assert all(one.tests for one in MUTANTS)
    assert sorted(named - set(existing({test.partition("::")[0] for test in named}))) == []


def existing(files: set[str]) -> Iterator[str]:
    for file in files:
        tree = ast.parse((ROOT / HERE / file).read_text(encoding="utf-8"))
        yield from (f"{file}::{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef))


def test_a_mutated_module_is_still_python() -> None:
    broken = []
    for one in MUTANTS:
        try:
            ast.parse(mutated(one))
        except SyntaxError as error:
            broken.append(f"{one.rule}: {error}")
    assert broken == []


def mutated(one: Mutant) -> str:
    return (ROOT / one.file).read_text(encoding="utf-8").replace(one.text, one.replacement)


# --- Each one ends --------------------------------------------------------------------------------------------------


class Copy:
    """The project once more, where a rule may be taken out."""

    def __init__(self, folder: Path) -> None:
        self.project, self.folder = folder / "project", folder
        shutil.copytree(ROOT, self.project, ignore=LEFT_OUT)
        shutil.copytree(ROOT / "tests" / "services", self.project / "tests" / "services", ignore=LEFT_OUT)
        (folder / "var").mkdir()

    @contextmanager
    def without(self, one: Mutant) -> Iterator[None]:
        file = self.project / one.file
        whole = file.read_text(encoding="utf-8")
        file.write_text(mutated(one), encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(whole, encoding="utf-8")

    def run(self, tests: tuple[str, ...], database: str) -> subprocess.CompletedProcess[str]:
        names = [f"{HERE}/{test}" for test in tests]
        options = ["-q", "-p", "no:cacheprovider", "--reuse-db", "--timeout", "120", "--override-ini", "addopts="]
        options.append("--hypothesis-profile=without-shrinking")
        variables = {"SSOPLANNER_VAR": str(self.folder / "var"), "DATABASE_URL": database}
        command = [sys.executable, "-B", "-m", "pytest", *options, *names]
        environment = {**os.environ, **variables}
        return subprocess.run(
            command, cwd=self.project, env=environment, capture_output=True, text=True, check=False, timeout=600
        )


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("mutants"))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where tests run on either: for SQLite no address is needed."""
    with started_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield {"sqlite": "", "postgresql": url}


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_with_every_rule_in_place_those_tests_pass(copy: Copy, databases: dict[str, str], database: str) -> None:
    named = sorted({test for one in MUTANTS if one.database == database for test in one.tests})
    done = copy.run(tuple(named), databases[database])
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", MUTANTS, ids=str)
def test_without_the_rule_each_of_its_tests_fails(copy: Copy, databases: dict[str, str], one: Mutant) -> None:
    with copy.without(one):
        survived = [test for test in one.tests if not fails(copy.run((test,), databases[one.database]))]
    assert survived == []


def fails(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a test failed. That none could be collected or set up is another matter, and raises."""
    if done.returncode not in {0, 1} or " error" in done.stdout.splitlines()[-1]:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-1000:])
    return done.returncode == 1
