"""Which files come in, how they are read, and the sentence for each that does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ssoplanner.recompute import clock
from ssoplanner.workbook import tasks
from ssoplanner.workbook.agencies import upload as uploading
from ssoplanner.workbook.models import AgencyImport, ImportSheet
from tests.access.test_canary import digest
from tests.web.browsing import Page
from tests.workbook.importing import UPLOAD, begin, columns_page, page_url, table, upload, workbook
from tests.world import World

pytestmark = pytest.mark.django_db
ROWS = [["code", "name", "headcount"], ["DOH", "Santé", "1,200"], ["DOT", "Transport", "7"]]


def text(*rows: list[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return table(*rows, delimiter=delimiter).decode().encode(encoding)


def sheet_of(found: AgencyImport) -> ImportSheet:
    return found.sheets.get(position=found.sheet)


def refusal(world: World, content: bytes, name: str = "agencies.csv") -> str:
    """What is said beside the field; nothing is kept."""
    client = world.client("office")
    before = digest()
    response = upload(client, world.here.plan, content, name)
    assert response.status_code == 422
    assert digest() == before
    [sentence] = response.context["form"].errors["file"]
    assert sentence in Page(response).text
    return str(sentence)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (text(*ROWS), "a.csv"),
        (text(*ROWS, delimiter=";"), "a.csv"),
        (text(*ROWS, delimiter="\t"), "a.csv"),
        (text(*ROWS, delimiter="|"), "A.CSV"),
        (text(*ROWS, encoding="utf-8-sig"), "a.csv"),
        (text(*ROWS, encoding="utf-16"), "a.csv"),
        (text(*ROWS, delimiter=";", encoding="cp1252"), "a.csv"),
        (text(*ROWS).replace(b"\r\n", b"\n"), "a.csv"),
        (text(["State agencies, 2026"], [], *ROWS, []), "a.csv"),
        (workbook(Agencies=ROWS), "a.xlsx"),
    ],
    ids=["comma", "semicolon", "tab", "bar", "bom", "utf-16", "windows", "unix", "title", "xlsx"],
)
def test_every_usual_kind_of_file_gives_the_same_rows(world: World, content: bytes, name: str) -> None:
    found = begin(world.client("office"), world.here.plan, content, name)

    sheet = sheet_of(found)
    assert sheet.header == ROWS[0]
    assert [cells for _, cells in sheet.rows] == ROWS[1:]
    assert (found.file_name, found.user, found.mapping) == (name, world.user("office"), {})


def test_rows_keep_the_number_that_they_have_in_the_file(world: World) -> None:
    content = text(["Agencies"], ["code", "name"], [], ["A", "One"], ["", " "], ["B", "Two"])

    found = begin(world.client("office"), world.here.plan, content)

    assert sheet_of(found).rows == [[4, ["A", "One"]], [6, ["B", "Two"]]]


def test_cells_of_a_workbook_keep_their_kind(world: World) -> None:
    content = workbook(S=[["code", "name", "headcount", "sop"], [101, "Health", 12.5, True], ["B", "Roads", "", "x"]])

    found = begin(world.client("office"), world.here.plan, content, "a.xlsx")

    assert sheet_of(found).rows == [[2, [101.0, "Health", 12.5, True]], [3, ["B", "Roads", None, "x"]]]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "The file is empty. Choose another one."),
        (b"Dear all,\nno table", "a.txt", "The name of the file ends in neither .xlsx nor .csv."),
        (
            b"name/code\nHealth/DOH\n",
            "a.csv",
            "The whole table stands in one column. Columns are told apart by a comma",
        ),
        (b"a~b~c\n1~2~3\n", "a.csv", "The whole table stands in one column."),
        (b"code;name;headcount\nA,Health,5\nB,Roads,6\n", "a.csv", "The header is separated by another character"),
        (b"code,name\n", "a.csv", "There is no row below the header. Fill in a row for each agency"),
        (b"code,name\n\n , \n", "a.csv", "There is no row below the header."),
        (text(*ROWS, encoding="utf-16-le"), "a.csv", "The file holds binary data, not text."),
        (b"code,name\nA,\x81\x8d\n", "a.csv", "The file is not readable text. Save it in your spreadsheet program as"),
        (b'code,name\nA,"Health\n', "a.csv", "A quotation mark in the file is out of place"),
        (text(*ROWS), "a.xlsx", "The name of the file ends in .xlsx, but the file does not begin as a workbook does."),
        (workbook(One=[["only"], ["one"]]), "a.xlsx", "The whole table stands in one column."),
        (workbook(One=[]), "a.xlsx", "There is no row below the header."),
    ],
)
def test_what_is_no_table_of_agencies_is_refused_with_the_way_out(
    world: World, content: bytes, name: str, sentence: str
) -> None:
    assert refusal(world, content, name).startswith(sentence)


def test_no_file_at_all_is_said_at_the_field(world: World) -> None:
    response = world.client("office").post(page_url(UPLOAD, world.here.plan))

    assert response.status_code == 422
    assert "File: Choose a file." in Page(response).text


@pytest.mark.parametrize("columns", [2, 12, 30])
def test_a_hundred_thousand_rows_are_counted_and_refused(world: World, columns: int) -> None:
    row = ",".join("x" * columns) + "\n"

    said = refusal(world, (row * 100_001).encode())

    assert said.startswith("The file has 100,000 rows; at most 5,000 are read at once. Split it into several files")


def test_limits_are_said_before_and_hold_to_the_row(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    rows = [[f"C{number}", "Name"] for number in range(5_001)]
    wide = [[f"c{number}" for number in range(61)], ["1"] * 61]

    assert "At most 5,000 rows and 60 columns are read at once, from a file of at most 20 MB." in (
        Page(client.get(page_url(UPLOAD, plan))).text
    )
    assert refusal(world, table(["code", "name"], *rows)).startswith("The file has 5,001 rows; at most 5,000 are read")
    assert refusal(world, workbook(Big=[["code", "name"], *rows]), "a.xlsx").startswith(
        "The sheet “Big” has 5,001 rows; at most 5,000 are read at once."
    )
    assert (
        refusal(world, table(*wide))
        == "The file has 61 columns; at most 60 are read. Remove columns that are not needed."
    )
    assert sheet_of(begin(client, plan, table(["code", "name"], *rows[:-1]))).row_count == 5_000


def test_a_file_with_more_text_than_is_kept_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MAX_KEPT_CHARS", 30)

    assert refusal(world, text(*ROWS)).startswith("The file holds more text than is kept.")


def test_one_person_keeps_only_so_many_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MOST_KEPT", 1)

    assert "Discard one that you do not need any more" in refusal(world, text(*ROWS))
    assert begin(world.client("analyst"), world.here.plan, text(*ROWS)).user == world.user("analyst")


def test_another_sheet_of_a_workbook_can_be_taken(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    big = [["code", "name"], *[["A", "B"]] * 5_001]
    content = workbook(Notes=[["read me"]], Big=big, Agencies=ROWS, Other=[["code", "name"], ["X", "Y"]])
    found = begin(client, plan, content, "a.xlsx")
    assert sheet_of(found).name == "Agencies"
    page = columns_page(client, plan, found)
    assert "Big – The sheet “Big” has 5,001 rows; at most 5,000 are read at once." in page.text

    for position in ("1", "9", "x", "-1", "3"):  # too large, not there three times, and the one that is meant
        client.post(page_url("agency_import_sheet", plan, found), {"sheet": position})
        found.refresh_from_db()
        assert sheet_of(found).name == ("Other" if position == "3" else "Agencies")
    assert found.mapping == {}


def test_a_file_in_an_old_encoding_is_read_and_says_so(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    found = begin(client, plan, text(*ROWS, encoding="cp1252"))

    page = columns_page(client, plan, found)

    assert "Santé" in page.text
    assert "The file is not UTF-8 and was read as Windows-1252." in page.text
    assert "Windows-1252" not in columns_page(client, plan, begin(client, plan, text(*ROWS))).text


def test_what_was_read_waits_for_its_person_and_is_forgotten_after_a_week(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, plan = world.client("analyst"), world.here.plan
    found = begin(client, plan, text(*ROWS), "mine.csv")
    listed = page_url(UPLOAD, plan)
    assert "mine.csv Columns not chosen yet" in Page(client.get(listed)).text

    later = clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "mine.csv" not in Page(client.get(listed)).text
    assert client.get(page_url("agency_import_columns", plan, found)).status_code == 404
    tasks.timer.work()
    assert not AgencyImport.objects.exists() and not ImportSheet.objects.exists()


def test_a_file_is_discarded_at_once(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    found = begin(client, plan, text(*ROWS), "gone.csv")

    response = client.post(page_url("agency_import_discard", plan, found), follow=True)

    assert "gone.csv is discarded." in Page(response).text
    assert not ImportSheet.objects.filter(agency_import_id=found.pk).exists()


def test_a_link_from_elsewhere_never_leads_out_of_the_plan(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    kept = {}
    for then in ("/plans/here/set-up/agencies/", "/plans/there/", "//evil.example", "https://evil.example/plans/here/"):
        kept[then] = begin(client, plan, text(*ROWS), then=then).then
    assert [then for then, found in kept.items() if found] == ["/plans/here/set-up/agencies/"]
    page = Page(client.get(f"{page_url(UPLOAD, plan)}?then=/plans/here/set-up/agencies/"))
    assert page.values["then"] == ["/plans/here/set-up/agencies/"]


def test_the_empty_table_is_recognised_when_it_comes_back(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    empty = client.get(page_url("agency_import_template", plan))
    assert empty["Content-Disposition"] == 'attachment; filename="here-agencies.csv"'

    filled = empty.content + ",".join(["DOH"] * 15).encode() + b"\r\n"
    page = columns_page(client, plan, begin(client, plan, filled, "here-agencies.csv"))

    targets = [page.values[f"target_{index}"][0] for index in range(15)]
    assert targets[:2] == ["agency.code", "agency.name"] and targets[10] == "salary"
    assert targets[11:] == ["provision.fte", "provision.annual_cost"] * 2
    service, spare = str(world.here.service.pk), str(world.here.spare_service.pk)
    assert [page.values[f"service_{index}"][0] for index in range(11, 15)] == [service, service, spare, spare]
