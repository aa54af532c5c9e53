"""Docstrings as the formula in words."""

from types import ModuleType

import pytest

from ssoplanner.recompute.calculations import Calculation, calculations
from ssoplanner.web.tracing import formula as module
from ssoplanner.web.tracing.formula import formula

SAID = """Sums of <what> is known.

- Cost: the sum of `annual_cost`,
  in cents. Two kinds:
  - known
  - not known

Source: the
method.
"""


def test_paragraphs_and_items_keep_their_order_and_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    calculation = calculations()["assess.agency_state"]
    stand_in = ModuleType("stand_in", SAID)
    monkeypatch.setitem(module.sys.modules, calculation.calculate.__module__, stand_in)

    assert [(part.depth, part.text) for part in formula(calculation)] == [
        (0, "<span>Sums of &lt;what&gt; is known.</span>"),
        (1, "<span>Cost: the sum of </span><code>annual_cost</code><span>, in cents. Two kinds:</span>"),
        (2, "<span>known</span>"),
        (2, "<span>not known</span>"),
        (0, "<span>Source: the method.</span>"),
    ]


@pytest.mark.parametrize("calculation", calculations().values(), ids=lambda one: one.key)
def test_every_calculation_says_its_formula_and_its_source(calculation: Calculation) -> None:
    said = " ".join(part.text for part in formula(calculation))

    assert len(said) > 200 and calculation.calculate.__name__ in calculation.key
