"""Capabilities from files: the federal standards as they are published, tables, and files that are wrong."""

from __future__ import annotations

import html
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from assess.capability_import import CannotImport, bring_in, preview, sealed, unsealed
from assess.capability_import_files import MAX_JSON_BYTES, Content, read_capabilities
from assess.capability_tree import tree, walk
from assess.models import Capability
from ssoplanner.core.models import AuditEvent, Plan
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import update
from ssoplanner.uploads.refusal import UploadRefused
from tests.web.browsing import Page
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db
PAGE = "/plans/here/capabilities/import/"
STANDARD = {
    "Business-Standards": "Sample Standards",
    "Business_Lifecycle": [
        {
            "type": "smp-010",
            "data": [
                {"Identifier": "SMP.010.010", "Activity": "Plan", "Description": "Says what."},
                {"ID": "SMP.010.020", "Activity": "Do", "Description": "Does it."},
            ],
        },
        {"type": "smp-020", "data": [{"Identifier": "SMP.020.010", "Activity": "Check", "Description": ""}]},
    ],
    "Business_Capabilities": [
        {"Capability ID": "SMP.010.010.011", "Function Name": "SMP.010 Beginning", "Activity Name": "Plan"}
    ],
}


def read(content: bytes | str, name: str) -> Content:
    return read_capabilities(BytesIO(content if isinstance(content, bytes) else content.encode()), name)


def standard(**other: Any) -> Content:
    return read(json.dumps({**STANDARD, **other}), "sample.json")


@pytest.fixture
def plan(db: None) -> Plan:
    return new_plan(name="Fresh", actor=COMMAND)


def shape(plan: Plan) -> list[str]:
    return [f"{node.level} {node.row.code}" for node in walk(tree(Capability.objects.for_plan(plan)))]


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


# --- Federal standards ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "activities", "functions"),
    [("acq", 23, 5), ("erm", 16, 4), ("fm", 51, 10), ("hr_hcs", 18, 4), ("its", 63, 14)],
)
def test_each_published_standard_comes_in_whole_and_once(
    real_data: Path, plan: Plan, name: str, activities: int, functions: int
) -> None:
    file = real_data / "fibf" / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    content = read(file.read_bytes(), file.name)
    assert content.problems == []
    levels = [line.split()[0] for line in shape_of(plan, content)]
    assert [levels.count(level) for level in "123"] == [1, functions, activities]
    again = bring_in(plan, COMMAND, content)
    assert (len(again.added), len(again.changed), again.same) == (0, 0, 1 + functions + activities)


def shape_of(plan: Plan, content: Content) -> list[str]:
    bring_in(plan, COMMAND, content)
    return shape(plan)


def test_all_published_standards_stand_side_by_side(real_data: Path, plan: Plan) -> None:
    files = sorted((real_data / "fibf").glob("*.json"))
    if not files:
        pytest.skip("no published standard is there")
    for file in files:
        bring_in(plan, COMMAND, read(file.read_bytes(), file.name))
    tops = Capability.objects.for_plan(plan).filter(parent=None)
    assert tops.count() == len(files)
    leaves = Capability.objects.for_plan(plan).filter(children=None)
    assert not leaves.filter(description="").exists()
    assert not Capability.objects.for_plan(plan).filter(source="").exists()


def test_a_function_has_its_name_from_the_statements_or_else_its_code(plan: Plan) -> None:
    content = standard()
    bring_in(plan, COMMAND, content)
    names = dict(Capability.objects.for_plan(plan).values_list("code", "name"))
    assert names == {
        "SMP": "Sample Standards",
        "SMP.010": "Beginning",
        "SMP.010.010": "Plan",
        "SMP.010.020": "Do",
        "SMP.020": "SMP.020",
        "SMP.020.010": "Check",
    }
    assert any("does not name the function SMP.020" in note for note in content.notes)
    assert any("1 capability statements" in note or "capability statements" in note for note in content.notes)


def test_a_name_that_people_gave_to_a_function_stays(plan: Plan) -> None:
    bring_in(plan, COMMAND, standard())
    row = Capability.objects.for_plan(plan).get(code="SMP.020")
    update(row, actor=COMMAND, version=row.version, values={"name": "Ending"})
    assert not preview(plan, standard()).does_something


def test_other_words_change_the_capability_and_leave_its_place(plan: Plan) -> None:
    bring_in(plan, COMMAND, standard())
    row = Capability.objects.for_plan(plan).get(code="SMP.010.020")
    other = Capability.objects.for_plan(plan).get(code="SMP.020")
    update(row, actor=COMMAND, version=row.version, values={"parent": other, "name": "Doing"})
    done = bring_in(plan, COMMAND, standard())
    assert [change.fields for change in done.changed] == [{"name": ("Doing", "Do")}]
    row.refresh_from_db()
    assert (row.name, row.parent) == ("Do", other)
    assert AuditEvent.objects.for_plan(plan).filter(model="capability", row_id=row.pk, action="update").count() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"a": 1,\n  "b": }', "damaged at line 2, column 8"),
        ("", "The file is empty"),
        ("[1, 2]", "no FIBF standard"),
        ('{"Business_Lifecycle": {}}', "no FIBF standard"),
        ('{"Business_Lifecycle": [{"data": []}]}', "holds no activity"),
        ("[" * 100_000, "too deep"),
        (b"\x00\x01", "binary data"),
        ("x" * (MAX_JSON_BYTES + 1), "larger than 2 MB"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused_with_what_would_be_right(
    content: bytes | str, said: str
) -> None:
    with pytest.raises(UploadRefused, match=said) as refusal:
        read(content, "sample.json")
    assert refusal.value.remedy.endswith(".")


def test_what_is_wrong_in_a_standard_is_said_with_its_place_and_the_rest_comes_in(plan: Plan) -> None:
    odd = [
        {"type": "smp-010", "data": [{"Activity": "Nameless"}, {"Identifier": "SMP.010.010"}, "text", 7]},
        {"type": "smp-020", "data": None},
        {"data": [{"Identifier": "SMP.030.010", "Activity": "Check", "Description": None}]},
    ]
    content = standard(Business_Lifecycle=odd)
    assert [problem.where for problem in content.problems] == [
        "Group 1, entry 1",
        "Group 1, entry 2",
        "Group 1, entry 3",
        "Group 1, entry 4",
        "Group 2",
    ]
    bring_in(plan, COMMAND, content)
    assert shape(plan) == ["1 SMP", "2 SMP.030", "3 SMP.030.010"]


# --- Tables ---------------------------------------------------------------------------------------------------------


def table(*rows: str) -> Content:
    return read("\n".join(("Code,Name,Description,Parent", *rows)), "table.csv")


def test_a_table_comes_in_whatever_the_order_of_its_rows(plan: Plan) -> None:
    content = table("A.1.1,Leaf,What,A.1", "A.1,Group,,A", "A,Area,,", "B,Other,,")
    bring_in(plan, COMMAND, content)
    assert shape(plan) == ["1 A", "2 A.1", "3 A.1.1", "1 B"]
    assert not preview(plan, content).does_something


def test_a_workbook_comes_in_too(plan: Plan) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Our capabilities", None), ("ID", "Capability", "Parent code"), (1, "Area", None), (2, "Part", 1)):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    bring_in(plan, COMMAND, read(file.getvalue(), "table.xlsx"))
    assert shape(plan) == ["1 1", "2 2"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("A,,,",), "Row 2: A has no name"),
        ((",Area,,",), "Row 2: It has no code"),
        (("A,Area,,Z",), "Row 2: Its parent Z is neither in the file nor in the plan"),
        (("A,Area,,", "A,Again,,"), "Row 3: Row 2 has the code A already"),
        (("A,Area,,B", "B,Other,,A"), "Row 2: A would stand under itself"),
        (("A,1,,", "B,2,,A", "C,3,,B", "D,4,,C"), "Row 5: D would stand on level 4"),
        (("A,Area,,Z", "B,Below,,A"), "Row 3: Its parent A is left out"),
        ((f"A,{'x' * 161},,",), "Row 2: Its name has 161 characters; at most 160 fit"),
    ],
)
def test_a_row_that_is_wrong_is_left_out_with_its_number(plan: Plan, rows: tuple[str, ...], said: str) -> None:
    found = preview(plan, table(*rows, "OK,Fine,,"))
    assert any(f"{one.where}: {one.text}".startswith(said) for one in found.problems), found.problems
    assert "OK" in [row.code for row in found.added]
    bring_in(plan, COMMAND, table(*rows, "OK,Fine,,"))
    assert Capability.objects.for_plan(plan).filter(code="OK").exists()


def test_nothing_comes_below_a_capability_that_agencies_rated(world: World) -> None:
    found = preview(world.here.plan, table("N,New,,C1"))
    assert "Agencies have rated" in found.problems[0].text


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(UploadRefused, match="No row of the file names the columns"):
        read("a,b\n1,2", "table.csv")


# --- The page -------------------------------------------------------------------------------------------------------


def upload(client: Client, content: str, name: str = "table.csv") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content.encode())})


def test_a_preview_changes_nothing_and_bringing_it_in_does_once(world: World) -> None:
    analyst, plan = world.client("analyst"), world.here.plan
    seen = upload(analyst, "code,name,parent\nN,New one,\nN.1,Below,N\nX,Lost,Z")
    text = words(seen)
    assert "2 would be added, 0 changed; 0 are the same already, 1 left out." in text
    assert "Row 4: Its parent Z is neither" in text
    assert not Capability.objects.for_plan(plan).filter(code="N").exists()
    kept = Page(seen).values["content"]
    done = analyst.post(PAGE, {"content": kept}, follow=True)
    assert "2 added, 0 changed, 1 left out" in words(done)
    before = AuditEvent.objects.for_plan(plan).count()
    assert "0 added, 0 changed" in words(analyst.post(PAGE, {"content": kept}, follow=True))
    assert AuditEvent.objects.for_plan(plan).count() == before


def test_a_refusal_stands_beside_the_field(world: World) -> None:
    answer = upload(world.client("office"), "{\n oops", "standard.json")
    assert answer.status_code == 422
    assert "damaged at line 2, column 2" in words(answer)


def test_a_preview_that_was_changed_or_is_another_plan_s_is_refused(world: World) -> None:
    text = sealed(world.there.plan, table("A,Area,,"))
    with pytest.raises(CannotImport, match="another plan"):
        unsealed(world.here.plan, text)
    answer = world.client("office").post(PAGE, {"content": f"{text}x"}, follow=True)
    assert "did not come back whole" in words(answer)
    assert unsealed(world.there.plan, text) == table("A,Area,,")


def test_leads_board_and_viewers_bring_nothing_in(world: World) -> None:
    for actor in ("lead", "board", "viewer"):
        assert upload(world.client(actor), "code,name\nA,B").status_code == 403
