"""The repository itself: what no other test would notice until somebody else's clone, image or review does."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands

from bootstrap import ROOT
from ssoplanner.phases import PHASES
from tests.tiers import TIERS

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
KEYS = [phase.key for phase in PHASES]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FOLDERS = ["ssoplanner", "tests", "templates", "static", "docs", "requirements", *KEYS]
HEAVY = {"pandas", "scipy", "highspy", "plotly", "openpyxl", "weasyprint", "docx", "xlsxwriter", "python_calamine"}


def git(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    # What the person at this machine ignores or signs by habit is not the repository's.
    command = ["git", "-c", "core.excludesFile=", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@cache
def tracked() -> list[Path]:
    """Every file that is or is about to be in the repository."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("this is no clone, so nothing says which files belong to it")
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    return [path for name in names if name and (path := ROOT / name).is_file()]


# --- The folder named build, which five tools take for something else -----------------------------------------------


def test_pytest_collects_tests_in_a_folder_named_build(tmp_path: Path) -> None:
    place = tmp_path / "tests" / "build"
    place.mkdir(parents=True)
    (place / "test_it.py").write_text("def test_found(): assert True\n", encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    options = ["--collect-only", "-p", "no:cacheprovider", "-p", "no:django", "-W", "ignore"]
    asked = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=tmp_path, capture_output=True, check=False)
    assert b"tests/build/test_it.py" in asked.stdout


@pytest.mark.parametrize("by", ["the tier", "hand"])
def test_djlint_reads_templates_in_a_folder_named_build(tmp_path: Path, by: str) -> None:
    [lint] = [tier for tier in TIERS if tier.name == "lint"]
    [of_tier] = [command for command in lint.commands if "djlint" in command]
    place = tmp_path / "templates" / "build"
    place.mkdir(parents=True)
    (place / "bad.html").write_text("<div><p>open", encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    command = of_tier if by == "the tier" else (sys.executable, "-m", "djlint", "templates", "--lint")
    asked = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert asked.returncode == 1
    assert b"bad.html" in asked.stdout


def test_git_keeps_every_folder_named_build(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".gitignore", tmp_path)
    git("init", "--quiet", cwd=tmp_path)
    kept = ["build/steps.py", "tests/build/test_x.py", "templates/build/x.html", "build/migrations/0001_initial.py"]
    ignored = git("check-ignore", *kept, "var/x", cwd=tmp_path).stdout.split()
    assert ignored == ["var/x"]


def test_the_package_named_build_is_this_projects_own() -> None:
    found = importlib.util.find_spec("build")
    assert found is not None
    assert found.origin == str(ROOT / "build" / "__init__.py")
    assert "build" not in importlib.metadata.packages_distributions()


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("mypy", PROJECT["tool"]["mypy"]["files"]),
        ("import-linter", PROJECT["tool"]["importlinter"]["root_packages"]),
        # A later phase may read an earlier one, so the last stands first.
        ("layers", PROJECT["tool"]["importlinter"]["contracts"][0]["layers"][::-1]),
        (".dockerignore", re.findall(r"^!(\w+)/$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.M)),
    ],
)
def test_every_list_of_packages_names_the_phases_in_order(place: str, named: list[str]) -> None:
    assert [name for name in named if name in KEYS] == KEYS, place


def test_the_calculations_of_every_phase_are_held_to_be_pure() -> None:
    [contract] = [one for one in PROJECT["tool"]["importlinter"]["contracts"] if one["name"] == "Calculations are pure"]
    there = [f"{package}.calc" for package in ("ssoplanner", *KEYS) if (ROOT / package / "calc").is_dir()]
    assert contract["source_modules"] == there


def test_nothing_is_packed_so_nothing_can_be_left_out_of_a_package() -> None:
    # Whoever begins to pack it lists all packages below these too, the templates and the static files.
    assert "build-system" not in PROJECT and "setuptools" not in PROJECT["tool"]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "COPY --from=build /app /app" in dockerfile and "pip install" not in dockerfile


# --- What stands in the files ---------------------------------------------------------------------------------------


def test_no_file_names_a_folder_of_one_machine_or_a_place_to_fetch_packages_from() -> None:
    # In brackets, so that these lines do not name them either.
    folders = rb"/wo[r]k/|/fa[r]m|/hom[e]/\w|/User[s]/\w"
    places = rb"https?://[^ \"]*(py[p]i|registr[y]|npm[j]s|/simpl[e])"
    odd = re.compile(folders + b"|" + places)
    assert [str(path.relative_to(ROOT)) for path in tracked() if odd.search(path.read_bytes())] == []


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.")[0]
    lines = dict(re.findall(r'^    "([^"]+)",[ ]*(.*)$', text, re.M))
    project = PROJECT["project"]
    declared = [
        *project["dependencies"],
        *(name for group in project["optional-dependencies"].values() for name in group),
    ]
    assert [name for name in declared if not re.match(r"# \w.{5}", lines[name])] == []


# --- Start-up -------------------------------------------------------------------------------------------------------


def test_the_web_process_starts_without_the_heavy_packages() -> None:
    code = (
        "import django, sys; django.setup(); import ssoplanner.wsgi; "
        "from django.urls import get_resolver; len(get_resolver().url_patterns); print(*sys.modules)"
    )
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    loaded = {name.split(".")[0] for name in asked.stdout.split()}
    assert loaded & HEAVY == set()


# --- Tests ----------------------------------------------------------------------------------------------------------

CHECKS = {"raises", "warns", "fail", "expect"}
Function = tuple[str, str]  # a module of tests and the name of a function in it


def test_every_test_checks_something() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tests").rglob("*.py"))}
    calls = {key: called for path, tree in trees.items() for key, called in functions(path, tree)}
    checking = {key for key, called in calls.items() if called & CHECKS}
    while more := {key for key, called in calls.items() if called & checking} - checking:
        checking |= more
    tests = {key for key in calls if key[1].startswith("test_")}
    assert len(tests) > 100
    assert sorted(tests - checking) == []


def functions(path: Path, tree: ast.Module) -> Iterator[tuple[Function, set[Any]]]:
    """Each function of a module with what it calls: the plain names of checks, and other functions of the tests."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    imported = {
        name.asname or name.name: (node.module, name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests.")
        for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = {name for inner in ast.walk(node) for name in check_or_call(inner)}
            yield (module, node.name), (names & CHECKS) | {imported.get(name, (module, name)) for name in names}


def check_or_call(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assert):
        yield "fail"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHECKS:
        yield node.func.attr


# --- Documents ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_names_of_files_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"https?:|mailto:", link)]
    broken = [link for link in links if not leads_somewhere(path, link)]
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", text)
    assert broken + [name for name in named if not (ROOT / name).exists()] == []


def leads_somewhere(source: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (source.parent / name) if name else source
    return target.exists() and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))


def anchors(text: str) -> set[str]:
    """The headings of a document as a browser finds them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_command_in_the_documents_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    made = set(re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.M))
    managed = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert {"run", "test"} <= made <= targets
    assert {"backup", "create_plan"} <= managed <= set(get_commands())


def test_the_documents_name_every_tier_and_every_decision() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z]+)` \|", text.partition("## Tests")[2], re.M) == [tier.name for tier in TIERS]
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    titles = [path.read_text(encoding="utf-8").partition(". ")[2].partition("\n")[0] for path in decisions]
    listed = re.findall(r"^- \[\d{4}\]\(adr/(.+)\) (.+)$", text, re.M)
    assert listed == [(path.name, title) for path, title in zip(decisions, titles, strict=True)]


def test_the_page_of_calculations_is_up_to_date() -> None:
    try:
        call_command("document_calculations", check=True)
    except CommandError as stale:
        pytest.fail(str(stale), pytrace=False)


def test_every_decision_has_a_number_of_its_own_and_says_what_follows() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == sorted(set(numbers)) and len(numbers) > 5
    for path in decisions:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.M)
        assert headings == ["Context", "Decision", "Consequences"], path.name
