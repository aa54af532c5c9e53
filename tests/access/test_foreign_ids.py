"""Ids of another plan, or of an agency that a lead does not lead, are refused wherever a page takes an id.

Each test walks the policy table and the forms. What it meets for the first time, a link in a form or an id in an
address, fails it until the tables below say which foreign rows to try there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from assess.models import Capability
from ssoplanner.access.policy import Audience, policy
from ssoplanner.core.models import Agency, Role, Service, ServiceArea, System, User
from ssoplanner.recompute.jobs import ask
from ssoplanner.recompute.writer import update
from ssoplanner.steps.models import Body
from ssoplanner.web.forms.decisions import VoteForm
from ssoplanner.web.forms.rows import RowForm
from tests.access.test_canary import digest
from tests.access.urls import address, readiness_ids
from tests.web.browsing import Page, Values, now, own_pages
from tests.world import COMMAND, PlanRows, World, canary, make

pytestmark = pytest.mark.django_db

WRITERS = {"office": Role.OFFICE, "lead": Role.LEAD}
# Every link of every form, and who meets it.
LINKS = {
    ("service_new", "area"): {"office"},
    ("service_edit", "area"): {"office"},
    ("provision_new", "service"): {"office", "lead"},
    ("system_new", "agencies"): {"office", "lead"},
    ("system_new", "services"): {"office", "lead"},
    ("system_edit", "agencies"): {"office", "lead"},
    ("system_edit", "services"): {"office", "lead"},
    ("kpi_new", "owner"): {"office"},
    ("kpi_edit", "owner"): {"office"},
    ("invite", "agencies"): {"office"},
    ("membership_edit", "agencies"): {"office"},
    ("step", "mentions"): {"office", "lead"},
    ("step_edit", "owner"): {"office", "lead"},
    ("risk_new", "owner"): {"office", "lead"},
    ("risk_edit", "owner"): {"office"},
    ("gate_prepare", "body"): {"office"},
    ("decision_edit", "body"): {"office"},
    ("condition_new", "owner"): {"office"},
    ("condition_edit", "owner"): {"office"},
    ("challenge_new", "owner"): {"office"},
    ("challenge_edit", "owner"): {"office"},
    ("sponsor_new", "agency"): {"office"},
    ("sponsor_edit", "agency"): {"office"},
    ("readiness_campaign_new", "agencies"): {"office"},
    ("readiness_campaign_edit", "agencies"): {"office"},
    ("readiness_ask", "agency"): {"office", "lead"},
    ("readiness_ask", "respondent"): {"office", "lead"},
    ("task_new", "owner"): {"office", "lead"},  # the lead owns the step
    ("task_new", "agency"): {"office", "lead"},
    ("task_edit", "owner"): {"office", "lead"},
    ("task_edit", "agency"): {"office", "lead"},
    ("capability_rate", "systems"): {"office", "lead"},
    ("capability_new", "parent"): {"office"},
    ("capability_new", "services"): {"office"},
    ("capability_edit", "parent"): {"office"},
    ("capability_edit", "services"): {"office"},
    ("cost_pool_new", "service"): {"office"},
    ("cost_pool_edit", "service"): {"office"},
}
# What an empty form needs besides, so that nothing but the foreign id stands in the way.
FILLED = {
    "agency_new": {"code": "NEW", "name": "New"},
    "area_new": {"code": "NEW", "name": "New"},
    "service_new": {"code": "NEW", "name": "New", "volume_unit": "piece"},
    "provision_new": {"fiscal_year": "2030"},
    "system_new": {"name": "New", "function": "New"},
    "kpi_new": {"code": "NEW", "name": "New", "unit": "piece", "area": "cost"},
    "benchmark_new": {"metric": "N", "unit": "piece", "figure": "1", "population": "P", "year": "2024", "source": "S"},
    "step": {"text": "New"},
    "step_evidence_new": {"title": "New"},
    "task_new": {"title": "New", "step": "assess.readiness"},
    "risk_new": {"title": "New", "probability": "3", "impact": "3"},
    "challenge_new": {"title": "New"},
    "condition_new": {"text": "New", "due": "2099-01-05"},
    "criterion_new": {"name": "New", "axis": "ease"},
    "capability_new": {"code": "NEW", "name": "New"},
    "cost_pool_new": {"name": "New", "kind": "fixed", "amount": "1", "first_year": "2030"},
    "candidate_verdict": {"verdict": "later", "reason": "New"},
    "duplicate_finding": {"is_duplicate": "yes", "reason": "New"},
    "sponsor_new": {"name": "New", "office": "New"},
    "readiness_campaign_new": {"title": "New", "opens": "2030-01-01", "closes": "2030-02-01"},
    "readiness_reopen": {"reopened": "New"},
    "questions_publish": {"note": "New"},
    "question_new": {"dimension": "digital", "text": "New", "pillars": "people", "levels": ["1", "2", "3", "4", "5"]},
    "invite": {"name": "New", "email": "new@example.org", "role": "lead"},
}
# Pages that write without such a form: their only ids stand in the address, which the last tests try,
WITHOUT_FORM = {
    "set_up",
    "figures",
    "release",
    "invitation_resend",
    "invitation_withdraw",
    "job_new",
    "job_cancel",
    "job_retry",
}
WITHOUT_FORM |= {"kpi_baseline", "benchmark_library", "benchmark_delete"}
WITHOUT_FORM |= {f"{kind}_delete" for kind in ("agency", "provision", "service", "area", "system", "kpi", "membership")}
WITHOUT_FORM |= {"step_criteria", "step_evidence_delete", "task_delete", "task_done", "task_reopen", "mention_done"}
# Closing has minutes only; whoever opens or withdraws a vote names nothing but the decision.
WITHOUT_FORM |= {"decision_open", "decision_round", "decision_close", "decision_withdraw", "condition_delete"}
WITHOUT_FORM |= {"risk_delete", "challenge_delete", "sponsor_delete"}
# Nobody owns the risk of the world: a lead has no form for it, the office does.
WITHOUT_FORM |= {"risk_edit"}
WITHOUT_FORM |= {"criterion_delete", "criteria"}  # all weights at once, by rows of the plan at hand
WITHOUT_FORM |= {"readiness_questions", "question_delete"}  # as the criteria
WITHOUT_FORM |= {"readiness_answer", "readiness_save", "readiness_rate", "readiness_task"}
# or they take keys of a catalogue that is the same for every plan,
WITHOUT_FORM |= {"service_starter"}
# or they take cells as JSON, with ids that tests/web/test_grids.py tries.
WITHOUT_FORM |= {"agencies_grid", "agency_grid", "service_grid", "systems_grid", "kpis_grid", "capability_grid"}
WITHOUT_FORM |= {"cost_pool_delete"}
WITHOUT_FORM |= {"capability_delete", "candidate_verdict", "duplicate_finding"}
# Ids that move a capability, and a signed file: test_capabilities.py and test_capability_import.py try them.
WITHOUT_FORM |= {"capabilities", "capability_import"}
WITHOUT_FORM |= {"architecture_technology", "technology_save"}  # fields by aspect, of the agency in the address
# Files: the services that their columns may be about are tried by tests/workbook/test_import_access.py.
LISTINGS = (
    "sponsors",
    "functions",
    "pairs",
    "candidates",
    "map-table",
    "judgements",
    "readiness",
    "chase",
    "raid",
    "agencies",
    "services",
    "staffing",
    "unsourced",
)
LISTINGS += ("technology", "pools")
IMPORTS = {"agency_import", "agency_import_columns", "agency_import_sheet", "agency_import_preview"}
WITHOUT_FORM |= IMPORTS | {"agency_import_discard"}
BOOKKEEPING = {"csrfmiddlewaretoken", "version", "shown", "settled", "calculation", "then", "seen", "figures_in"}
BOOKKEEPING |= {"stored"}  # that there was a judgement when the page was drawn
BOOKKEEPING |= {"were"}  # keys of criteria that were ticked
QUERIES = {"service", "status", "kind", "pillar", "page", "token", "have", "year", "then"}
QUERIES |= {"who", "step"}  # one word of ours, and the key of a step
# How long tables are sorted and turned over: names of columns and numbers of pages, never an id.
# What the X-ray is filtered by: words of ours.
QUERIES |= {"show", "brief", "for"}  # words of ours; and an agency, which tests/assess/test_readiness_pages.py tries
QUERIES |= {"depth", "within", "q", "parent"}  # of the tree: tests/assess/test_capabilities.py tries foreign ones
QUERIES |= {"version"}  # the number of a question set
QUERIES |= {"figure"}  # the key of one of a result's figures
QUERIES |= {"group", "area", "metric"}  # words of ours, and the code of a service area
QUERIES |= {"severity", "about", "mends", "rule"}
QUERIES |= {f"{table}-{part}" for table in LISTINGS for part in ("sort", "page")}


@pytest.fixture
def secrets(world: World) -> dict[str, set[str]]:
    """What each actor must not read: names in the other plan; for the lead, the other agency's too."""
    there = world.there
    for row, name in ((there.service, "service"), (there.area, "area"), (there.spare_service, "spare")):
        update(row, actor=COMMAND, version=1, values={"name": canary(f"there-{name}")})
    update(world.here.plan, actor=COMMAND, version=1, values={"leads_see_agencies": False})
    make(Service, world.here.plan, area=world.here.area, code="IT-9", name="Own", volume_unit="piece")
    make(Capability, world.here.plan, code="C9", name="Nobody rated it")
    hidden = {"canary-there-", "Agency own there", "Agency other there", "of there"}
    return {"office": hidden, "lead": hidden | {"Agency other here", canary("here-other")}}


def foreign_rows(world: World, actor: str) -> dict[type, list[Any]]:
    """By model: rows that the actor must not link to."""
    here, there = world.here, world.there
    mine: list[Any] = [here.other] if actor == "lead" else []
    return {
        System: [there.system, here.other_system],
        Agency: [there.own, there.other, *mine],
        Service: [there.service],
        ServiceArea: [there.area],
        User: [there.people["lead"], world.stranger],
        Capability: [there.capability],
        Body: [there.body],
    }


def own_row(rows: PlanRows, model: type) -> Any:
    """A row that the actor may link to, where it is not linked yet if possible."""
    people = {User: rows.people["board"]}
    register = {Agency: rows.own, System: rows.system, Service: rows.spare_service, ServiceArea: rows.area}
    if model is Body:
        return rows.body
    if model is Capability:
        found = Capability.objects.for_plan(rows.plan).filter(code="C9").first()
        return found or make(Capability, rows.plan, code="C9", name="Nobody rated it")
    return {**register, **people}[model]


def written_pages(client: Client, world: World, actor: str) -> Iterator[tuple[str, str, Any]]:
    """(name, address, answer) of every page of the plan that the actor may write to."""
    for name, rule in policy().items():
        if rule.audience is Audience.MEMBERS and WRITERS[actor] in rule.write:
            path = address(name, world.here)
            yield name, path, client.get(path)


def forms_of(client: Client, world: World, actor: str) -> Iterator[tuple[str, str, Values, RowForm]]:
    """(name, address, what it would send, the form) of every form that the actor may save."""
    for name, path, answer in written_pages(client, world, actor):
        if form := form_of(answer):
            yield name, path, {**Page(answer).values, **FILLED.get(name, {})}, form


def form_of(answer: Any) -> RowForm | None:
    form = answer.context and answer.context.get("form")
    return form if isinstance(form, RowForm) else None


def links_of(form: forms.BaseForm) -> dict[str, forms.ModelChoiceField]:  # type: ignore[type-arg]
    return {name: field for name, field in form.fields.items() if isinstance(field, forms.ModelChoiceField)}


def with_own_links(values: Values, form: RowForm, rows: PlanRows) -> Values:
    """The values with an allowed row in every link."""
    return values | {name: [str(own_row(rows, field.queryset.model).pk)] for name, field in links_of(form).items()}


# --- Links in forms -------------------------------------------------------------------------------------------------


def test_every_form_and_every_link_in_it_is_listed(world: World) -> None:
    met: dict[tuple[str, str], set[str]] = {}
    seen, without = set(), set()
    for actor in WRITERS:
        for name, _, answer in written_pages(world.client(actor), world, actor):
            form = form_of(answer)
            if form is None:
                without.add(name)
                continue
            seen.add(type(form))
            for link in links_of(form):
                met.setdefault((name, link), set()).add(actor)
    assert met == LINKS
    assert without <= WITHOUT_FORM
    assert seen == set(form_classes(RowForm)) - {VoteForm}  # a vote is for the board alone, and links to nothing


def form_classes(base: type[RowForm]) -> Iterator[type[RowForm]]:
    """Those that no other form is made of."""
    for one in base.__subclasses__():
        yield from form_classes(one) if one.__subclasses__() else [one]


@pytest.mark.parametrize("actor", WRITERS)
def test_a_foreign_id_in_a_form_is_refused_and_stores_nothing(
    world: World, actor: str, secrets: dict[str, set[str]]
) -> None:
    client, tried = world.client(actor), set()
    before, foreign = digest(), foreign_rows(world, actor)
    for name, path, values, form in forms_of(client, world, actor):
        good = with_own_links(values, form, world.here)
        for link, field in links_of(form).items():
            for row in foreign[field.queryset.model]:
                sent: list[list[str]] = [[str(row.pk)]]
                if isinstance(field, forms.ModelMultipleChoiceField):
                    sent.append([*good[link], str(row.pk)])
                for ids in sent:
                    answer = client.post(path, {**good, link: ids})
                    assert answer.status_code == 422, (name, link, row)
                    assert set(answer.context["form"].errors) == {link}, (name, answer.context["form"].errors)
                    assert "Select a valid choice." in Page(answer).text
                    assert [text for text in secrets[actor] if text in answer.content.decode()] == []
                    assert digest() == before, (name, link, row)
            tried.add((name, link))
    assert tried == {link for link, actors in LINKS.items() if actor in actors}


@pytest.mark.parametrize("actor", WRITERS)
def test_what_is_no_id_at_all_is_refused_too(world: World, actor: str) -> None:
    client = world.client(actor)
    own_row(world.here, Capability)  # which is made when it is first asked for
    before = digest()
    for name, path, values, form in forms_of(client, world, actor):
        for link in links_of(form):
            for odd in ("9" * 40, "²"):
                good = with_own_links(values, form, world.here)
                assert client.post(path, {**good, link: [odd]}).status_code == 422, (name, link, odd)
    assert digest() == before


@pytest.mark.parametrize("actor", WRITERS)
def test_ids_that_no_form_asks_for_are_not_read(world: World, actor: str) -> None:
    """The same forms with allowed links are saved, and foreign ids under other names reach nothing."""
    client, here, there = world.client(actor), world.here, world.there
    before, saved = contents(world, actor), []
    smuggled = {"id": here.other.pk, "pk": here.other.pk, "plan": there.plan.pk, "plan_id": there.plan.pk}
    smuggled |= {"agency": here.other.pk, "agency_id": here.other.pk, "user": world.stranger.pk, "slug": "there"}
    for name, path, values, form in forms_of(client, world, actor):
        good = with_own_links(values, form, here)
        with transaction.atomic():
            answer = client.post(path, {**{k: v for k, v in smuggled.items() if k not in form.fields}, **good})
            assert answer.status_code == 302, (name, form.errors)
            assert answer["Location"].startswith("/plans/here/")
            assert contents(world, actor) == before, name
            assert now(here.provision).agency == here.own and now(here.memberships["lead"]).user != world.stranger
            transaction.set_rollback(True)
        saved.append(name)
    assert len(saved) >= (5 if actor == "lead" else 13)


def contents(world: World, actor: str) -> list[Any]:
    """All that the actor must not reach, field by field: the other plan; for the lead, the other agency's rows too."""
    here, there = world.here, world.there
    models = {type(row) for row in vars(there).values() if hasattr(row, "plan_id")} | {type(there.memberships["lead"])}
    rows = [row for model in models for row in model._base_manager.filter(plan=there.plan)]
    rows += [now(row) for row in (here.other, here.other_provision, here.other_system) if actor == "lead"]
    found = [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]
    owned = [here.other.provisions.count(), here.other.systems.count()] if actor == "lead" else []
    return [found, owned]


# --- Ids in addresses -----------------------------------------------------------------------------------------------


def foreign_keys(rows: PlanRows) -> dict[str, Any]:
    """By parameter of an address: the id of a row of the plan; for the kind of an export one that there is not."""
    assert rows.invitation is not None and rows.job is not None and rows.agency_import is not None
    keys: dict[str, Any] = {
        "agency_id": rows.own,
        "provision_id": rows.provision,
        "system_id": rows.system,
        "service_id": rows.service,
    }
    keys |= {"area_id": rows.area, "kpi_id": rows.kpi, "benchmark_id": rows.benchmark}
    keys |= {"invitation_id": rows.invitation, "job_id": rows.job}
    keys |= {"membership_id": rows.memberships["board"], "import_id": rows.agency_import}
    keys |= {"evidence_id": rows.evidence, "partition": rows.own}
    keys |= {"task_id": rows.task, "comment_id": rows.comment}
    keys |= {"risk_id": rows.risk, "challenge_id": rows.challenge, "sponsor_id": rows.sponsor}
    keys |= {"criterion_id": rows.criterion, "capability_id": rows.capability}
    keys |= {"decision_id": rows.decision, "condition_id": rows.condition, "cost_pool_id": rows.cost_pool}
    return (
        {name: row.pk for name, row in keys.items()}
        | {"kind": "none-such", "step_key": "assess.none-such", "shift_key": "people.none-such"}
        | readiness_ids(rows)
        | {"calculation": "assess.none-such", "phase_key": "none-such"}
        | {"aspect": "none-such"}
        | {"risk_key": "none-such", "rater": "none-such", "auditor_key": "none-such"}
    )


@pytest.mark.parametrize("actor", WRITERS)
def test_a_foreign_id_in_any_address_of_any_page_is_refused(
    world: World, actor: str, secrets: dict[str, set[str]]
) -> None:
    client, here = world.client(actor), world.here
    theirs = ask(plan=here.plan, user=here.people["analyst"], kind="audit")
    tries: list[dict[str, Any]] = [foreign_keys(world.there), {"job_id": theirs.pk}]
    if actor == "lead":
        rows = {
            "agency_id": here.other,
            "partition": here.other,
            "provision_id": here.other_provision,
            "system_id": here.other_system,
            "task_id": here.other_task,
            "sheet_id": here.other_sheet,
        }
        tries.append({name: row.pk for name, row in rows.items()})
    before, refused = digest(), set()
    for name, kwargs, method in addresses(client, world):
        assert kwargs.keys() <= {"slug", *tries[0]}, f"say which foreign rows to try in {name}"
        for foreign in ({"slug": "there"}, *tries):
            swapped = {key: foreign.get(key, value) for key, value in kwargs.items()}
            if swapped == kwargs:
                continue
            answer = client.generic(method, reverse(name, kwargs=swapped))
            assert answer.status_code in {403, 404}, (name, swapped, answer.status_code)
            assert any(words in Page(answer).text for words in ("Page not found", "This page is not open to you"))
            assert [text for text in secrets[actor] if text in answer.content.decode()] == [], (name, swapped)
            refused.add(name)
    assert digest() == before
    assert len(refused) > (15 if actor == "lead" else 25)


def addresses(client: Client, world: World) -> Iterator[tuple[str, dict[str, Any], str]]:
    """(URL name, its parameters, the method) of each address of a plan that the client's pages hold, once."""
    seen = set()
    for page_name, page in own_pages(client, world):
        assert {re.sub(r"\A[qw]\d+-", "", name) for name in page.hidden} <= BOOKKEEPING, (page_name, page.hidden)
        assert page.htmx_values == [], page_name
        for attribute, where in page.addresses:
            target = urlsplit(where)
            assert {key for key, _ in parse_qsl(target.query)} <= QUERIES, where
            match = resolve(target.path) if target.path.startswith("/plans/") else None
            method = "GET" if attribute in {"href", "hx-get"} else "POST"
            if match is not None and (match.url_name, method) not in seen:
                seen.add((match.url_name, method))
                yield match.url_name or "", match.kwargs, method


def test_a_foreign_service_in_a_query_is_not_chosen(world: World, secrets: dict[str, set[str]]) -> None:
    for actor in WRITERS:
        path = address("provision_new", world.here)
        page = Page(world.client(actor).get(f"{path}?service={world.there.service.pk}"))
        assert page.values["service"] == [""]
        assert [text for text in secrets[actor] if text in page.html] == []
