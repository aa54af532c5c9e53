"""The forms of an import: the file, and what its columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Any, ClassVar

from django import forms

from ssoplanner.core.models import Plan, Service
from ssoplanner.web.forms.fields import Amount
from ssoplanner.workbook.agencies.cells import Numbers, written
from ssoplanner.workbook.agencies.guesses import guess_columns, guess_numbers
from ssoplanner.workbook.agencies.mapping import Column, Mapping, from_json
from ssoplanner.workbook.agencies.preview import column_name
from ssoplanner.workbook.agencies.targets import AGENCY, CODE, FTE, NAME, PROVISION, SALARY, targets
from ssoplanner.workbook.models import ImportSheet

VALUES_SHOWN = 3
NO_CODE = (
    "No column holds the agency's code. Choose it for one of the columns; if there is none, add a column with a short "
    "code for each agency, such as DOH, to the file and upload it again."
)
NO_NAME = "No column holds the agency's name. The plan has no agencies yet, so each row needs one."
NO_SERVICE = "Choose the service that this column is about."
NO_LOADING = "Give the loading factor, such as 1.3, or do not take the column of the average salary."
NO_SALARY = "Choose the column that holds the average salary, or leave this empty."
NO_FTE = "Choose at least one column with the FTE of a service, or leave this empty."


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Choose a file.",
            "missing": "Choose a file.",
            "invalid": "Choose a file.",
            "empty": "The file is empty. Choose another one.",
        },
        max_length=255,
    )
    then = forms.CharField(widget=forms.HiddenInput, required=False)  # the page of the plan to go on to


class ColumnsForm(forms.Form):
    """What each column of a sheet means, and how its figures are taken. `mapping` is what was chosen."""

    fiscal_year = forms.IntegerField(
        label="Fiscal year of the figures",
        min_value=2000,
        max_value=2100,
        help_text="Figures of services are stored for this year.",
        widget=forms.NumberInput(attrs={"class": "figure"}),
    )
    numbers = forms.ChoiceField(label="Figures are written as", choices=[(one.name, one.value) for one in Numbers])
    loading = Amount(
        label="Loading factor",
        required=False,
        min_value=1,
        max_value=5,
        max_digits=20,
        decimal_places=4,
        help_text="Fills in the annual cost where the file has none: FTE x average salary x this factor. 1.3 means "
        "30 % on top of the salary for benefits and overhead. It is stored with each figure as its source.",
    )
    suppressed = forms.BooleanField(
        label="In columns of FTE, take 0 and inf as unknown",
        required=False,
        help_text="Statistics hide small figures this way. Untick it if a zero really means nobody.",
    )
    existing = forms.ChoiceField(
        label="Agencies that the plan has already",
        choices=[
            ("update", "Take the file's values where they differ; an empty cell changes nothing"),
            ("leave", "Leave them and their figures as they are"),
        ],
        widget=forms.RadioSelect,
    )
    options: ClassVar[tuple[str, ...]] = ("fiscal_year", "numbers", "loading", "suppressed", "existing")

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        sheet: ImportSheet,
        services: Sequence[Service],
        has_agencies: bool,
        stored: dict[str, Any],
    ) -> None:
        super().__init__(*args, **_first(plan, sheet, services, stored))
        self.sheet, self.has_agencies = sheet, has_agencies
        loading: Any = self.fields["loading"]
        loading.write_as(plan.locale)
        loading.error_messages |= {"min_value": LOADING_RANGE, "max_value": LOADING_RANGE}
        for index in range(len(sheet.header)):
            name = column_name(sheet, index)
            self.fields[f"target_{index}"] = _choice(f"What {name} means", target_choices())
            self.fields[f"service_{index}"] = _choice(f"Service of {name}", service_choices(services))
        # As they stand on the page, which is the order in which the summary of errors names them.
        self.order_fields([name for name in self.fields if name not in self.options])

    @property
    def option_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.options)

    @property
    def columns(self) -> Iterator[SimpleNamespace]:
        """Each column as the page shows it: its name, its first values, its two fields."""
        for index in range(len(self.sheet.header)):
            yield SimpleNamespace(
                name=column_name(self.sheet, index),
                values=self._first_values(index),
                target=self[f"target_{index}"],
                service=self[f"service_{index}"],
            )

    def _first_values(self, index: int) -> list[str]:
        rows = self.sheet.rows[:VALUES_SHOWN]
        return [written(cells[index])[:60] if index < len(cells) else "" for _, cells in rows]

    def clean(self) -> None:
        super().clean()
        chosen = list(self._chosen())
        self._check_services(chosen)
        self._check_once(chosen)
        keys = {column.key for column in chosen}
        self._check_agency(keys)
        self._check_loading(keys)

    def _chosen(self) -> Iterator[Column]:
        """Each column that is taken; its service is None where none was chosen or none is needed."""
        for index in range(len(self.sheet.header)):
            key = self.cleaned_data.get(f"target_{index}", "")
            service = self.cleaned_data.get(f"service_{index}", "") if key.startswith(PROVISION) else ""
            if key:
                yield Column(index, key, int(service) if service else None)

    def _check_services(self, chosen: Iterable[Column]) -> None:
        for column in chosen:
            name = f"service_{column.index}"
            if column.target.of == PROVISION and column.service is None and name not in self.errors:
                self.add_error(name, NO_SERVICE)

    def _check_once(self, chosen: Iterable[Column]) -> None:
        first: dict[tuple[str, int | None], int] = {}
        for column in chosen:
            if column.target.of == PROVISION and column.service is None:
                continue
            other = first.setdefault((column.key, column.service), column.index)
            if other != column.index:
                name, label = column_name(self.sheet, other), column.target.label
                self.add_error(
                    f"target_{column.index}", f"{name} is taken as “{label}” already. Take only one of them."
                )

    def _check_agency(self, keys: set[str]) -> None:
        if any(name.startswith("target_") for name in self.errors):
            return
        if CODE not in keys:
            self.add_error(None, NO_CODE)
        elif NAME not in keys and not self.has_agencies:
            self.add_error(None, NO_NAME)

    def _check_loading(self, keys: set[str]) -> None:
        if "loading" in self.errors:
            return
        if self.cleaned_data.get("loading") is None:
            if SALARY in keys:
                self.add_error("loading", NO_LOADING)
        elif SALARY not in keys:
            self.add_error("loading", NO_SALARY)
        elif FTE not in keys:
            self.add_error("loading", NO_FTE)

    def mapping(self) -> Mapping:
        """What was chosen, once the form is valid."""
        data = self.cleaned_data
        return Mapping(
            columns=tuple(self._chosen()),
            fiscal_year=data["fiscal_year"],
            numbers=Numbers[data["numbers"]],
            loading=data["loading"],
            suppressed=data["suppressed"],
            update=data["existing"] == "update",
        )


LOADING_RANGE = "Give a factor from 1 to 5: 1.3 means 30 %% on top of the salary."


def _first(plan: Plan, sheet: ImportSheet, services: Sequence[Service], stored: dict[str, Any]) -> dict[str, Any]:
    """The first values of the form: what was chosen before, else guesses."""
    mapping = from_json(stored) if stored else _guessed(plan, sheet, services)
    initial: dict[str, Any] = {
        "fiscal_year": mapping.fiscal_year,
        "numbers": mapping.numbers.name,
        "loading": mapping.loading,
        "suppressed": mapping.suppressed,
        "existing": "update" if mapping.update else "leave",
    }
    for column in mapping.columns:
        initial |= {f"target_{column.index}": column.key, f"service_{column.index}": column.service}
    return {"initial": initial}


def _guessed(plan: Plan, sheet: ImportSheet, services: Sequence[Service]) -> Mapping:
    guesses = enumerate(guess_columns(sheet.header, services))
    return Mapping(
        columns=tuple(Column(index, key, service) for index, (key, service) in guesses if key),
        fiscal_year=plan.base_year,
        numbers=guess_numbers((cells for _, cells in sheet.rows), plan.locale),
    )


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        error_messages={"invalid_choice": "Choose from the list; what was chosen is not in it any more."},
    )


def target_choices() -> list[Any]:
    """Everything that a column may mean, in groups."""
    groups = ((AGENCY, "The agency"), (PROVISION, "A service"), (SALARY, "To compute costs"))
    every = targets().values()
    return [
        ("", "Not taken"),
        *((title, [(target.key, target.label) for target in every if target.of == of]) for of, title in groups),
    ]


def service_choices(services: Sequence[Service]) -> list[Any]:
    """The plan's services by area."""
    groups = groupby(services, key=lambda service: service.area)
    found = [(area.name, [(str(one.pk), f"{one.code} {one.name}") for one in group]) for area, group in groups]
    return [("", "Choose a service"), *found]
