"""What the columns of a file mean and how its figures are taken, as the person decided. Stored as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ssoplanner.workbook.agencies.cells import Numbers
from ssoplanner.workbook.agencies.targets import FTE, SALARY, Target, targets


@dataclass(frozen=True)
class Column:
    """The column at `index` holds `target`; `service` is the key of the service that a figure is about."""

    index: int
    key: str
    service: int | None = None

    @property
    def target(self) -> Target:
        return targets()[self.key]


@dataclass(frozen=True)
class Mapping:
    """The columns that are taken, and the rules.

    `loading` is the factor of "annual cost = FTE x average salary x loading factor", None if costs are not computed.
    `suppressed`: in a column of FTE a zero, `inf` and the like are unknown. `update`: agencies that the plan has
    already take the file's values where they differ.
    """

    columns: tuple[Column, ...]
    fiscal_year: int
    numbers: Numbers
    loading: Decimal | None = None
    suppressed: bool = True
    update: bool = True

    @property
    def services(self) -> list[int]:
        """The services that columns are about, in the order of the columns."""
        return list(dict.fromkeys(column.service for column in self.columns if column.service is not None))

    def find(self, key: str, service: int | None = None) -> Column | None:
        """The column that holds the target."""
        return next((column for column in self.columns if (column.key, column.service) == (key, service)), None)

    @property
    def computes_costs(self) -> bool:
        return self.loading is not None and self.find(SALARY) is not None and any(c.key == FTE for c in self.columns)

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": [[column.index, column.key, column.service] for column in self.columns],
            "fiscal_year": self.fiscal_year,
            "numbers": self.numbers.name,
            "loading": None if self.loading is None else str(self.loading),
            "suppressed": self.suppressed,
            "update": self.update,
        }


def from_json(stored: dict[str, Any]) -> Mapping:
    """The mapping as `to_json` wrote it."""
    loading = stored["loading"]
    return Mapping(
        columns=tuple(Column(*column) for column in stored["columns"]),
        fiscal_year=stored["fiscal_year"],
        numbers=Numbers[stored["numbers"]],
        loading=None if loading is None else Decimal(loading),
        suppressed=stored["suppressed"],
        update=stored["update"],
    )
