"""The form of one's own benchmark: without population, year and source it is nobody's to check, and refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from ssoplanner.core.models import Benchmark, BenchmarkMeasure
from ssoplanner.starter.benchmarks import subjects
from ssoplanner.web.forms.rows import RowForm, Section

OF_SERVICES = {BenchmarkMeasure.VOLUME_PER_FTE, BenchmarkMeasure.COST_PER_UNIT}
Choices = list[tuple[str, str]]


class BenchmarkForm(RowForm):
    layout = (
        Section("What is measured", "", ("metric", "unit")),
        Section(
            "The figure",
            "One figure, or quartiles as far as they are known.",
            ("figure", "p25", "p50", "p75"),
        ),
        Section(
            "Where it comes from",
            "Without these nobody can say what it is worth, so all three are needed.",
            ("population", "year", "source"),
        ),
        Section(
            "What it is compared with",
            "Volume or employees per FTE are held against the plan’s own staffing; the rest is there to be read.",
            ("measure", "subject"),
        ),
    )
    # A year reads badly with a grouping comma.
    year = forms.IntegerField(
        min_value=1980,
        max_value=2100,
        error_messages={"required": "Give the year of the figure: an undated benchmark is not taken."},
    )
    subject = forms.ChoiceField(label="Service or area", required=False)

    class Meta(RowForm.Meta):
        model = Benchmark
        fields = (
            "metric",
            "unit",
            "figure",
            "p25",
            "p50",
            "p75",
            "population",
            "year",
            "source",
            "measure",
            "subject",
        )
        help_texts: ClassVar[dict[str, str]] = {
            "unit": "With its currency if it is money, such as: invoices per FTE, EUR per invoice.",
            "population": "Whose figures they are, and how many, such as: 22 state agencies.",
            "source": "Who published it and where, so that it can be looked up.",
        }
        error_messages: ClassVar[dict[str, dict[str, str]]] = {
            "population": {"required": "Say whose figures these are: a benchmark without population is not taken."},
            "source": {"required": "Give the source: a benchmark that nobody can look up is not taken."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = subjects(self.plan)
        self.fields["subject"].choices = self._subjects()  # type: ignore[attr-defined]

    def _subjects(self) -> list[tuple[str, str | Choices]]:
        held = self.instance.subject
        other: Choices = [(held, held)] if held and held not in self.subjects else []
        return [
            ("", "None"),
            *other,
            ("Service areas", list(self.subjects.areas.items())),
            ("Services", list(self.subjects.services.items())),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        measure, subject = cleaned.get("measure"), cleaned.get("subject")
        if measure not in {None, BenchmarkMeasure.OTHER} and subject == "":
            self.add_error("subject", "Choose the service or area that this is about.")
        if measure in OF_SERVICES and subject in self.subjects.areas and subject not in self.subjects.services:
            self.add_error("subject", "The services of an area are counted in different units. Choose a service.")
        return cleaned
