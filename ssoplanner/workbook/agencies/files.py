"""The two files that an import gives out: an empty table to fill in, and the rows that were left out, to be mended."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence

from ssoplanner.core.models import Service
from ssoplanner.web.audit_csv import encoded
from ssoplanner.workbook.agencies.cells import written
from ssoplanner.workbook.agencies.targets import AGENCY, COST, FTE, SALARY, targets
from ssoplanner.workbook.models import ImportSheet

SERVICES_SHOWN = 20
WHY = "Why it was left out"
LeftOut = tuple[int, Sequence[tuple[str, str]]]  # number of the row; column and sentence of each problem


def template_csv(services: Iterable[Service]) -> bytes:
    """A header that the mapping page recognises: the agency's facts, then FTE and cost of the first services."""
    facts = [target.label for target in targets().values() if target.of == AGENCY]
    figures = [
        f"{service.code} {service.name}: {targets()[key].label}"
        for service in list(services)[:SERVICES_SHOWN]
        for key in (FTE, COST)
    ]
    return codecs.BOM_UTF8 + encoded([[*facts, targets()[SALARY].label, *figures]])


def left_out_csv(sheet: ImportSheet, left_out: Iterable[LeftOut]) -> bytes:
    """The rows as they were in the file, each with what is wrong with it in a last column."""
    why = {number: " ".join(_sentence(*problem) for problem in problems) for number, problems in left_out}
    width = len(sheet.header)
    rows = [
        [*(written(cell) for cell in cells[:width]), *[""] * (width - len(cells)), why[number]]
        for number, cells in sheet.rows
        if number in why
    ]
    return codecs.BOM_UTF8 + encoded([[*sheet.header, WHY], *rows])


def _sentence(column: str, sentence: str) -> str:
    return f"{column}: {sentence}" if column else sentence
