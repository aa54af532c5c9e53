"""The preview: what becomes of each row, what is wrong with which cell, what is not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ssoplanner.core.models import Agency, Provision
from ssoplanner.recompute.writer import update
from tests.access.test_canary import digest
from tests.web.browsing import Page
from tests.workbook.importing import PREVIEW, agencies_of, begin, choose, imported, page_url, previewed, table
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db


def lines(world: World, content: bytes, **typed: Any) -> dict[str, tuple[str, str]]:
    """By code: what becomes of the row, and all that is said about it."""
    client, plan = world.client("office"), world.here.plan
    response = client.get(page_url(PREVIEW, plan, previewed(client, plan, content, **typed)))
    return {row.code: (row.fate, said(row)) for row in response.context["rows"]}


def said(row: Any) -> str:
    changes = [f"{one.field}: {one.before} > {one.after}" for one in row.changes]
    problems = [f"{one.column}: {one.sentence}" for one in row.problems]
    return "; ".join([*changes, *problems, *([f"unknown {row.unknown}"] if row.unknown else [])])


def problem(world: World, content: bytes, **typed: Any) -> str:
    """What is wrong with the file's only row."""
    [(fate, text)] = lines(world, content, **typed).values()
    assert fate == "left_out"
    return text


def one(header: str, *cells: str, name: str = "Health", code: str = "DOH") -> bytes:
    return table(["code", "name", *header.split(",")], [code, name, *cells])


def test_rows_are_new_changed_or_nothing_new(world: World) -> None:
    content = table(
        ["code", "name", "headcount", "service desk"],
        ["NEW", "New agency", "1,200", "3"],
        ["own", "Agency own here", "120", "1.5"],
        ["OTHER", "Agency other here", "100", ""],
    )

    assert lines(world, content) == {
        "NEW": ("new", "Headcount: empty > 1,200; Service desk: FTE: empty > 3"),
        "own": ("changed", "Headcount: 100 > 120"),
        "OTHER": ("same", ""),
    }


def test_a_figure_that_replaces_another_shows_both_and_where_they_come_from(world: World) -> None:
    [(fate, text)] = lines(world, one("service desk", "2", code="OWN", name="Agency own here")).values()

    assert fate == "changed"
    assert text.startswith("Service desk: FTE: 1.5 > 2; Service desk: where the figures come from: canary-here-own")
    assert "> Imported from agencies.csv on " in text


def test_an_empty_cell_leaves_what_the_plan_has(world: World) -> None:
    content = table(["code", "name", "headcount", "service desk"], ["OWN", "", "n/a", "-"])

    assert lines(world, content) == {"OWN": ("same", "")}


def test_agencies_that_are_there_can_be_left_as_they_are(world: World) -> None:
    content = table(["code", "name", "headcount"], ["OWN", "Other name", "5"], ["NEW", "New", "6"])

    found = lines(world, content, existing="leave")

    assert (found["OWN"][0], found["NEW"][0]) == ("same", "new")
    client, plan = world.client("office"), world.here.plan
    assert "In the plan already and left as it is." in (
        choose(client, plan, begin(client, plan, content), existing="leave").text
    )


@pytest.mark.parametrize("suppressed", [True, False])
def test_zero_and_inf_in_a_column_of_staff_are_unknown_unless_one_says_otherwise(
    world: World, suppressed: bool
) -> None:
    content = table(
        ["code", "name", "hosting", "salary"], ["A", "One", "0", "100"], ["B", "Two", "inf", "100"], ["C", "3", "", "x"]
    )

    found = lines(world, content, loading="1.5", suppressed="on" if suppressed else None, target_3="salary")

    hidden = ("left_out", "hosting: “inf” is no number. Leave the cell empty where the figure is unknown.")
    assert found["A"] == (
        "new",
        "unknown hosting" if suppressed else "Hosting: FTE: empty > 0; Hosting: annual cost: empty > $0",
    )
    assert found["B"] == (("new", "unknown hosting") if suppressed else hidden)
    assert found["C"] == ("left_out", "salary: “x” is no number such as 1,234.5.")


def test_a_zero_elsewhere_is_a_zero(world: World) -> None:
    assert lines(world, one("headcount,hosting volume", "0", "0"))["DOH"] == (
        "new",
        "Headcount: empty > 0; Hosting: volume a year: empty > 0",
    )


def test_costs_are_computed_to_the_cent_where_all_is_known_and_the_file_has_none(world: World) -> None:
    header = ["code", "name", "service desk", "hosting", "hosting cost", "salary"]
    rows = [["A", "1", "2.5", "1", "7", "61,234.57"], ["B", "2", "1", "2", "", ""], ["C", "3", "", "", "9", "1"]]

    found = lines(world, table(header, *rows), loading="1.335")

    cost = (Decimal("2.5") * Decimal("61234.57") * Decimal("1.335")).quantize(Decimal("0.01"))
    assert f"Service desk: annual cost: empty > ${cost:,}" in found["A"][1]
    assert "Hosting: annual cost: empty > $7" in found["A"][1]
    assert found["B"][1] == "Service desk: FTE: empty > 1; Hosting: FTE: empty > 2"
    assert found["C"][1] == "Hosting: annual cost: empty > $9"


@pytest.mark.parametrize(
    ("content", "typed", "sentence"),
    [
        (one("headcount", "many"), {}, "headcount: “many” is no number such as 1,234.5."),
        (one("headcount", "inf"), {}, "headcount: “inf” is no number. Leave the cell empty where"),
        (one("headcount", "-5"), {}, "headcount: “-5” is below zero."),
        (one("headcount", "1.234,5"), {"numbers": "POINT"}, "headcount: “1.234,5” is no number such as 1,234.5."),
        (one("hosting automated", "120"), {}, "hosting automated: “120” is above 100 %."),
        (one("tier", "Galactic"), {}, "tier: “Galactic” is not one of: Federal, State or provincial,"),
        (one("hosting sop", "perhaps"), {}, "hosting sop: “perhaps” is neither yes nor no."),
        (one("headcount", "5", name="N" * 161), {}, "name: “NNN"),
        (
            one("headcount", "5", code="A-CODE-TOO-LONG"),
            {},
            "code: “A-CODE-TOO-LONG” has 15 characters; at most 12 fit.",
        ),
        (one("headcount", "5", code=""), {}, "code: The code is missing."),
        (one("headcount", "5", name=""), {}, "name: The plan has no agency with the code “DOH” yet, and a new one"),
        (one("hosting sla met,hosting sla total", "7", ""), {}, "hosting sla met: Service targets met, and in all,"),
        (one("hosting sla met,hosting sla total", "7", "5"), {}, "hosting sla met: 7 service targets met is more than"),
        (one("headcount", "5", "stray"), {}, ": This row has more cells than the header: is there a separator"),
        (one("name\ufffd", "5", name="Sant\ufffd"), {}, "name: “Sant\ufffd” holds letters that were lost"),
    ],
)
def test_a_wrong_cell_leaves_its_row_out_with_the_reason(
    world: World, content: bytes, typed: dict[str, str], sentence: str
) -> None:
    assert problem(world, content, **typed).startswith(sentence)


def test_all_that_is_wrong_with_a_row_is_said_at_once(world: World) -> None:
    assert problem(world, one("headcount,budget", "many", "-1", code="")) == (
        "headcount: “many” is no number such as 1,234.5.; budget: “-1” is below zero.; code: The code is missing."
    )


def test_a_cost_that_is_too_large_to_keep_leaves_its_row_out(world: World) -> None:
    content = one("hosting,salary", "99999999", "9999999")

    assert problem(world, content, loading="5") == "hosting: The cost computed from this is too large."


def test_rows_with_the_same_code_are_all_left_out_and_name_each_other(world: World) -> None:
    content = table(["code", "name"], ["DOH", "Health"], ["DOT", "Transport"], ["doh", "Health again"], ["DOH", "H"])
    client, plan = world.client("office"), world.here.plan
    found = previewed(client, plan, content)

    page = Page(client.get(page_url(PREVIEW, plan, found)))

    assert page.text.count("Rows 2, 4 and 5 have the same code. Keep one of them.") == 3
    assert "Left out 3" in page.text and "Will be added 1" in page.text


def test_service_targets_count_together_with_those_that_the_plan_has(world: World) -> None:
    update(world.here.provision, actor=COMMAND, version=1, values={"sla_met": 7, "sla_total": 10})

    def row(met: str) -> bytes:
        return one("service desk sla met", met, code="OWN", name="Agency own here")

    assert lines(world, row("9"))["OWN"][0] == "changed"
    assert "11 service targets met is more than the 10 there are." in problem(world, row("11"))


def test_rows_are_shown_by_what_becomes_of_them_and_in_pages(world: World) -> None:
    rows = [[f"C{number}", "Name", str(number) if number % 2 else "x"] for number in range(120)]
    client, plan = world.client("office"), world.here.plan
    url = page_url(PREVIEW, plan, previewed(client, plan, table(["code", "name", "headcount"], *rows)))

    page = Page(client.get(url))
    second = Page(client.get(f"{url}?kind=left_out&page=2"))

    assert "All rows 120 Will be added 60 Left out 60" in page.text
    assert "Page 1 of 3" in page.text and "Page 2 of 2" in second.text
    assert second.text.count("“x” is no number") == 10
    for odd in ("?kind=nothing", "?page=99", "?page=x", "?kind=%01"):
        assert client.get(url + odd).status_code == 200


def test_looking_changes_nothing_and_totals_are_those_of_the_rows_that_are_taken(world: World) -> None:
    rows = [["A", "1", "1,000", "2.5"], ["B", "2", "500", "x"], ["C", "3", "", "0"], ["D", "4", "7", "1"]]
    client, plan = world.client("office"), world.here.plan
    found = previewed(client, plan, table(["code", "name", "headcount", "hosting"], *rows))
    before = digest()

    page = Page(client.get(page_url(PREVIEW, plan, found)))

    assert "headcount Headcount 1,007 2 1 hosting Hosting: FTE 3.5 2 1" in page.text
    assert digest() == before


def test_figures_of_another_year_are_other_figures(world: World) -> None:
    content = one("service desk", "1.5", code="OWN", name="Agency own here")
    client, plan = world.client("office"), world.here.plan

    assert lines(world, content)["OWN"][0] == "same"
    imported(client, plan, content, fiscal_year="2024")

    figures = Provision.objects.for_plan(plan).filter(agency=world.here.own).values_list("fiscal_year", "fte")
    assert sorted(figures) == [(2024, Decimal("1.50")), (2026, Decimal("1.50"))]


def test_codes_are_the_same_in_any_case_but_an_exact_one_comes_first(world: World) -> None:
    plan = world.here.plan
    twin = update(world.here.other, actor=COMMAND, version=1, values={"code": "own"})

    found = lines(world, one("headcount", "9", code="own", name=""))

    assert found["own"] == ("changed", "Headcount: 100 > 9")
    imported(world.client("office"), plan, one("headcount", "9", code="own", name=""))
    assert {code: agency.headcount for code, agency in agencies_of(plan).items()} == {"own": 9, "OWN": 100}
    assert Agency.objects.for_plan(plan).get(code="own").pk == twin.pk


def test_figures_in_the_other_format_are_guessed_and_read(world: World) -> None:
    content = table(["code", "name", "headcount", "budget"], ["A", "1", "1.200", "1.234.567,50"], delimiter=";")

    assert lines(world, content)["A"][1] == "Headcount: empty > 1,200; Operating budget: empty > $1,234,567.50"
