"""Every component in all its states, on one page for developers. All of it is made up here; nothing is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from ssoplanner.core.models import AgencyStatus, Plan
from ssoplanner.documents.pdf import NO_PANGO
from ssoplanner.recompute.calculations import Missing
from ssoplanner.recompute.reading import Shown, State
from ssoplanner.steps.models import StepStatus
from ssoplanner.steps.registry import Pillar
from ssoplanner.web.figure_state import StateLine, state_line
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import ConflictText
from ssoplanner.web.history import Change, EventLine
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.roadmap.pillars import pillar_choices
from ssoplanner.web.search import Entry, parse
from ssoplanner.web.tasks.lines import Action, Scope, StepRef, TaskLine
from ssoplanner.web.tasks.lines import State as TaskState
from ssoplanner.web.tasks.page import ShownLine, shown
from ssoplanner.web.views.components_plan import decisions, timeline
from ssoplanner.web.views.search import Group, Hit

PLAN = Plan(name="Example", slug="example")
THEN = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
AGENCIES = (("Health", 1200), ("Parks", 85), ("Revenue", 640), ("Transportation", None), ("Water", 12))
CHOICES = (("IT", "IT"), ("HR", "Human resources"), ("FIN", "Finance"))


def components(request: HttpRequest) -> HttpResponse:
    """The page; 404 unless the application runs in debug mode."""
    if not settings.DEBUG:
        raise Http404("This page is for developers.")
    empty = ExampleForm(auto_id="empty_%s")
    refused = ExampleForm({"name": "", "cost": "a lot", "service": "IT"}, auto_id="refused_%s")
    refused.conflicts = {"service": ConflictText("Lena Lead", "March 4, 2026, 2:30 pm", "Finance", "IT", "empty")}
    context = {
        "sample": PLAN,
        "statuses": StepStatus.choices,
        "ladder": AgencyStatus.choices,
        "states": figure_states(),
        "task_lines": task_lines(),
        "timeline": timeline(PLAN),
        "drawn_statuses": [status for status in StepStatus.choices if status[0] != StepStatus.UPCOMING],
        "decisions": decisions(),
        "heat_scale": HEAT,
        "heat_cells": [*(heat_cell(level, word) for level, word in HEAT), heat_cell(None, "not known")],
        "listing": listing(request.GET),
        "page_of_many": Paginator(range(90), 10).get_page(4),
        "sample_messages": [Message(level, f"A message that is {what}.") for level, what in MESSAGES],
        "filters": filters(),
        "documents": documents(),
        "documents_lacking": documents(NO_PANGO),
        "pillar_filter": pillar_choices("#filters", Pillar.PROCESS, [list(Pillar), [Pillar.PEOPLE]], "Everything"),
        "events": events(),
        "empty_form": empty,
        "refused_form": refused,
        "group": found(),
        "crumbs": [("Home", "/"), ("Agencies", "#"), ("Department of Health", "")],
    }
    return render(request, "web/components.html", context)


HEAT = ((1, "Not begun"), (2, "First steps"), (3, "Half way"), (4, "Nearly there"), (5, "Ready"))


def heat_cell(level: int | None, word: str) -> SimpleNamespace:
    return SimpleNamespace(level=level, text=f"{level}.0" if level else "–", word=word)


MESSAGES = (
    (constants.SUCCESS, "good news"),
    (constants.INFO, "to be known"),
    (constants.WARNING, "a warning"),
    (constants.ERROR, "bad news"),
)


class ExampleForm(forms.Form):
    """A field of each kind."""

    name = forms.CharField(label="name", max_length=80, help_text="As it stands in the budget.")
    code = forms.CharField(label="code", max_length=12, required=False)
    cost = forms.DecimalField(label="annual cost", required=False, widget=forms.TextInput(attrs={"class": "figure"}))
    day = forms.DateField(label="due", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    service = forms.ChoiceField(label="service area", choices=CHOICES, required=False)
    areas = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False)
    role = forms.ChoiceField(
        choices=(("reads", "Reads"), ("writes", "Writes")),
        widget=HintedRadios(hints={"reads": "Sees what is released.", "writes": "Fills in figures."}),
        required=False,
    )
    has_sop = forms.BooleanField(label="has a standard procedure", required=False)
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    conflicts: dict[str, ConflictText] = {}  # noqa: RUF012 - replaced as a whole, never changed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost"].unit = "USD a year"  # type: ignore[attr-defined]


def figure_states() -> list[tuple[str, StateLine]]:
    """Every state of a result: (name, what the page says)."""
    missing = (Missing("Parks has no headcount", "agencies"), Missing("No benchmark has been chosen"))
    shown = {
        "Current": Shown(State.CURRENT, {}, built_at=THEN, as_of=date(2026, 3, 4)),
        "Being computed after a change": Shown(State.COMPUTING, {"cost": 1}, built_at=THEN),
        "Computed for the first time": Shown(State.COMPUTING),
        "Waiting, without a worker": Shown(State.WAITING, {"cost": 1}, built_at=THEN, since=THEN, unanswered=True),
        "Incomplete": Shown(State.INCOMPLETE, missing=missing, built_at=THEN),
        "Failed": Shown(State.FAILED, {"cost": 1}, built_at=THEN),
    }
    return [(name, state_line(result, PLAN)) for name, result in shown.items()]


def task_lines() -> list[ShownLine]:
    """A line in each state, with and without a step, a button and a page."""
    scope = Scope(PLAN, {}, THEN)
    step = StepRef("design.scope", "2.1", "Define shared services functional scope", "#tasks")
    days = {TaskState.OVERDUE: -3, TaskState.THIS_WEEK: 2, TaskState.LATER: 40}
    lines = [
        TaskLine(
            person=0,
            kind="Task",
            url="#tasks",
            why="Lena Lead asks you",
            title=f"A task that is {state.label.lower()}",
            state=state,
            due=THEN.date() + timedelta(days=days[state]) if state in days else None,
            step=step if state in days else None,
            done_on=THEN.date() if state is TaskState.DONE else None,
            notes=("With a word on how.",) if state is TaskState.OVERDUE else (),
            action=Action("Not done yet" if state is TaskState.DONE else "Done", "#tasks"),
        )
        for state in TaskState
    ]
    mention = replace(lines[1], kind="Mention", title="Answer Lena Lead", url="", due=None, action=None)
    return [shown(line, scope) for line in (*lines, mention)]


def listing(asked: QueryDict) -> Listing[Any]:
    """A long table; its search, its heads and its pages work."""
    rows = [SimpleNamespace(name=name, headcount=headcount) for name, headcount in AGENCIES]
    columns: list[Column[Any]] = [
        Column("name", "Agency", lambda row: row.name),
        Column("headcount", "Headcount", lambda row: row.headcount, figure=True),
        Column("lead", "Lead"),
    ]
    return Listing("examples", rows, columns, asked, text=lambda row: row.name, first="name", size=3)


def documents(lacking: str = "") -> dict[str, Any]:
    """The buttons of a document; with `lacking` the sentence in place of the first."""
    pdf = SimpleNamespace(label="PDF", title="Example as PDF", url="#documents", lacking=lacking)
    word = SimpleNamespace(label="Word", title="Example as Word file", url="#documents", lacking="")
    return {"offers": [pdf, word], "parameters": [("pillar", "people")]}


def filters() -> list[SimpleNamespace]:
    counts = (("All", 5), ("Engaged", 3), ("Left", 0))
    return [SimpleNamespace(label=label, count=n, url="#filters", current=label == "Engaged") for label, n in counts]


def events() -> list[EventLine]:
    """One with few changes, one with many, one from a file."""
    change = Change("annual cost", "$1,000", "$1,200")
    many = tuple(Change(name, "empty", "1") for name in ("cost", "FTE", "volume", "users"))
    when, who = "March 4, 2026, 2:30 pm", "Lena Lead"
    return [
        EventLine(when, who, "Browser", "Changed", "provision Payroll, Health, 2026", (change,)),
        EventLine(when, who, "Browser", "Added", "provision Help desk, Health, 2026", many),
        EventLine(when, "", "Workbook import", "Added", "agency Parks", ()),
    ]


def found() -> Group:
    """Search results, more than are shown."""
    query = parse("pay")
    entries = (
        Entry("Payroll", "", code="PAY-1", note="Payroll · Pays everybody on time"),
        Entry("Accounts payable", ""),
    )
    hits = [
        Hit(query.marked(entry.code), query.marked(entry.name), query.excerpt(entry.note), "#search")
        for entry in entries
    ]
    return Group("Services", "services", 34, hits)
