"""The lock files name exact versions and their hashes, and no place to fetch them from."""

import json
import re
from pathlib import Path

import pytest

from bootstrap import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


def pins(path: Path) -> dict[str, str]:
    """The version of each package, with the condition that it is for."""
    found = re.findall(r"^([a-z0-9][a-z0-9._-]*)==(.+?) \\$", path.read_text(encoding="utf-8"), re.M)
    return dict(found)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_of_a_lock_is_exact_and_has_a_hash(path: Path) -> None:
    requirements = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    odd = [
        text for text in requirements if not re.match(r"[a-z0-9._-]+==\S+.* \\\n    --hash=sha256:[0-9a-f]{64}", text)
    ]
    assert odd == []
    assert len(requirements) == len(pins(path))


@pytest.mark.parametrize("path", [*LOCKS, ROOT / "package-lock.json", ROOT / ".npmrc"], ids=lambda path: path.name)
def test_no_lock_names_an_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links|\"resolved\"", text) == []


def test_the_lock_for_tests_pins_all_that_running_needs() -> None:
    run, test = pins(ROOT / "requirements" / "run.lock"), pins(ROOT / "requirements" / "test.lock")
    assert {name: test.get(name) for name in run} == run


def test_every_npm_package_has_a_hash_and_an_exact_version() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_the_package_called_build_is_pinned_nowhere() -> None:
    # It would stand before this project's own package of that name.
    assert [path.name for path in LOCKS if "build" in pins(path)] == []
