"""One rule of the engine, the change that would remove it, and the tests that must notice."""

from __future__ import annotations

from dataclasses import dataclass

BELL, LEASES = "test_bell.py", "test_leases.py"
BUILDING, CLOSURE, WAITING = "test_building.py", "test_closure.py", "test_waiting.py"
FAILING, FORMULAS, TOGETHER, DAYS = "test_failing.py", "test_formulas.py", "test_together.py", "test_days.py"
MACHINE = "test_engine_properties.py::test_whatever_happens_nothing_that_says_it_is_current_is_wrong"


@dataclass(frozen=True)
class Mutant:
    """`tests` are in this folder, and each of them fails. `database` is where the rule matters."""

    rule: str
    file: str
    text: str
    replacement: str
    tests: tuple[str, ...]
    database: str = "sqlite"

    def __str__(self) -> str:
        return self.rule.replace(" ", "-")


def mutant(rule: str, file: str, text: str, replacement: str, *tests: str, database: str = "sqlite") -> Mutant:
    return Mutant(rule, f"ssoplanner/recompute/{file}", text, replacement, tests, database)
