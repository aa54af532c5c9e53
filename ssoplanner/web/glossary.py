"""The words of the field as this product uses them, in a sentence or two each.

In a text, [[cost pool]] links to the term of that name, and [[service|services]] does so in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify

LINK = re.compile(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")


@dataclass(frozen=True)
class Term:
    name: str
    text: str

    @property
    def anchor(self) -> str:
        return slugify(self.name)

    @property
    def letter(self) -> str:
        return self.name[0].upper()

    @property
    def links(self) -> list[str]:
        """The names of the terms that the text leads to."""
        return [name for name, _ in LINK.findall(self.text)]

    @property
    def plain(self) -> str:
        """The text without links."""
        return LINK.sub(lambda link: link[2] or link[1], self.text)

    @property
    def html(self) -> SafeString:
        """The text with its links to other terms of the page."""
        return format_html_join("", "{}", ((piece,) for piece in self._pieces()))

    def _pieces(self) -> Iterator[str]:
        end = 0
        for link in LINK.finditer(self.text):
            yield self.text[end : link.start()]
            yield format_html('<a href="#{}">{}</a>', slugify(link[1]), link[2] or link[1])
            end = link.end()
        yield self.text[end:]


TEXTS = {
    "Agency": (
        "A part of government that may take part in shared services, such as a department or a commission. It may "
        "hand over [[service|services]], use shared ones, or both."
    ),
    "Agency lead": "The person who fills in the figures of one or more [[agency|agencies]] and answers for them.",
    "Audit history": "The record of every change: who made it, when, and what stood there before. Nobody can alter it.",
    "Automated share": "How much of a [[service]]'s work runs without anybody's hand, from 0 to 100 %.",
    "Baseline": (
        "How things stand before the change: the value of a [[KPI]] that later values are held against. Without one, "
        "no saving can be shown."
    ),
    "Benchmark": (
        "What the same measure came to elsewhere, such as the invoices that one [[FTE]] handles in other states. It "
        "counts only with its population, year and source."
    ),
    "Benefit": (
        "An improvement that the plan promises, in money or in service. It has an owner and is measured against a "
        "[[baseline]]."
    ),
    "Board": "The people who decide for the participating [[agency|agencies]]: on scope, funding and each [[gate]].",
    "Business reference architecture": (
        "A map of what an organization does, independent of who does it and with which [[system]]. It is made of "
        "[[capability|capabilities]]."
    ),
    "Capability": (
        "Something an organization must be able to do, such as paying a supplier. Two [[agency|agencies]] may have "
        "the same one in different forms."
    ),
    "Cost allocation": (
        "The rule by which the cost of shared services is divided among the [[agency|agencies]]. It is compared with "
        "each one's [[stand-alone cost]]."
    ),
    "Cost pool": "Costs that are gathered because they are divided in the same way, by one [[driver]].",
    "Current result": (
        "A figure that includes every change made so far. While a change is still being counted in, the page shows "
        "the last figure and says so."
    ),
    "Discount rate": (
        "The yearly rate by which money in later years counts less than money today. A plan states it with its date "
        "and source."
    ),
    "Driver": "What a cost follows, such as headcount, users or [[volume]]. A [[cost pool]] is shared out by it.",
    "Duplicate system": "One of several [[system|systems]] that do the same job in different [[agency|agencies]].",
    "End user": "A person who works with a [[service]], whether they are on the agency's staff or not.",
    "Fee for service": "A way of funding in which each [[agency]] pays for what it uses, at a published price.",
    "Fiscal year": "The twelve months that a budget covers. The plan says in which month they begin.",
    "FTE": "Full-time equivalent: the work of one person employed full time. Two half-time posts are one FTE.",
    "Gate": (
        "The decision at the end of a [[phase]]: go on, go on under conditions, or stop. The [[board]] takes it on "
        "figures that are kept with it."
    ),
    "Governance": "Who decides what, in which body and by which majority, and who looks after the result.",
    "Heat map": (
        "A table of [[service|services]] against criteria, coloured by score, with the number in each cell. It shows "
        "which services are worth sharing first."
    ),
    "Jurisdiction tier": "The level of government: federal, state or provincial, regional, or municipal.",
    "KPI": (
        "Key performance indicator: a measure that shows whether the plan works. It needs an owner, a [[baseline]] "
        "and a [[target]]."
    ),
    "Onboarding": (
        "The way of an [[agency]] from first talks to using the shared [[service|services]]: candidate, engaged, "
        "committed, onboarded."
    ),
    "Operating model": (
        "How the [[shared services organization]] works: its [[service|services]], people, tools, rules and money."
    ),
    "Performance area": (
        "One of the fields in which the board expects improvement: cost efficiency, service performance, operational "
        "scalability, digital maturity and innovation. A [[KPI]] that serves several is cross-cutting."
    ),
    "Phase": "One of the five parts of the method: assess, design, build, scale, optimize. Each ends with a [[gate]].",
    "Pillar": "One of the four sides that every [[step]] is looked at from: people, process, technology, governance.",
    "Pilot": (
        "The first real use of the shared services, by a few [[agency|agencies]] and for a set time, to learn before "
        "everybody joins."
    ),
    "Plan": (
        "All that belongs to one planned [[shared services organization]]: its agencies, figures, people and "
        "decisions. Plans see nothing of each other."
    ),
    "Program office": (
        "The team that runs the plan: it invites people, keeps the catalogue and sees to every [[release]]."
    ),
    "Provision": (
        "How one [[agency]] provides one [[service]] today, in one [[fiscal year]]: its cost, people, volume and "
        "quality."
    ),
    "Quick win": "A [[service]] that is much worth sharing and easy to share. It goes first and earns trust.",
    "Quorum": "The share of members that must take part so that the [[board]] can decide.",
    "Readiness": (
        "How well an [[agency]] is prepared to share: its culture, digital maturity, capacity, and the agreement of "
        "those who matter."
    ),
    "Release": (
        "The moment when the [[program office]] lets everybody in the plan see a result. Until then agency leads and "
        "viewers do not."
    ),
    "Resolution time": "How long it takes from a request until it is settled, on average and in hours.",
    "Scenario": "A set of assumptions that is calculated through, to compare it with others.",
    "Service": (
        "Something an [[agency]] can ask for and count, such as a payslip or a help desk ticket. It belongs to a "
        "[[service area]]."
    ),
    "Service area": "A group of related [[service|services]], such as IT, finance or payroll.",
    "Service catalogue": "The list of all [[service|services]] that the plan is about, by [[service area]].",
    "Shared services organization": (
        "A unit that does for several [[agency|agencies]] what each did for itself, as a provider that answers to them."
    ),
    "Shift": (
        "One of the twelve changes that the four [[pillar|pillars]] ask for, from one way of working to another. A "
        "plan says on five places how far it has come, and what shows it."
    ),
    "SLA": (
        "Service level agreement: what the provider promises to its customers, such as tickets settled within a day, "
        "and what follows if it fails."
    ),
    "SLA compliance": "How many of the targets of an [[SLA]] were met, as a share of all of them.",
    "SOP": "Standard operating procedure: the written way in which a task is done, the same by everybody.",
    "Stakeholder": (
        "Anybody whom the change touches or who can help or hinder it: staff, unions, legislators, suppliers."
    ),
    "Stand-alone cost": "What an [[agency]] would pay for a [[service]] if it stayed on its own.",
    "Step": (
        "One of the 23 pieces of work of the method, numbered within its [[phase]], such as 1.2. It says what it is "
        "for and when it is done."
    ),
    "System": (
        "Software that an [[agency]] uses for a purpose, such as payroll. The plan keeps its cost and when its "
        "contract ends."
    ),
    "Target": "The value that a [[KPI]] is to reach by a date. For some it is a band between two values.",
    "Volume": "How much of a [[service]] is done in a year, counted in its [[volume unit]].",
    "Volume unit": "What a [[service]] is counted in: tickets, invoices, payslips, hires.",
    "Wave": (
        "A group of [[agency|agencies]] or [[service|services]] that move to the shared organization together, after "
        "the [[pilot]]."
    ),
    "Worker": "The part of the program that computes results in the background after somebody has changed a figure.",
    "Working": "The figures between the inputs and a result, so that a reader can follow how it came about.",
}
TERMS = tuple(Term(name, text) for name, text in TEXTS.items())
