"""A document as PDF, by WeasyPrint, tagged so that a screen reader finds its way (PDF/UA-1).

WeasyPrint draws text with Pango, a library of the system that pip does not bring. Where it is missing nothing breaks
but this: `missing` says so, and the Word file is offered instead.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string

from ssoplanner.documents.content import Document
from ssoplanner.recompute.jobs import CannotMake

STYLE = Path(__file__).with_name("document.css")
NO_PANGO = (
    "This server cannot make PDFs, because its library Pango is not installed. Take the Word file, and tell whoever "
    "runs the server: on Debian and Ubuntu it is the package libpango-1.0-0."
)
PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll")
FONT = "font:"  # the addresses in document.css


@cache
def missing() -> str:
    """Why no PDF can be made on this machine; nothing if it can. Asks for the library only, not for WeasyPrint."""
    for name in PANGO:
        with suppress(OSError):
            ctypes.CDLL(name)
            return ""
    return NO_PANGO


def write_pdf(document: Document, file: IO[bytes]) -> None:
    """Write the document. Raises CannotMake."""
    rendered(document).write_pdf(file, pdf_variant="pdf/ua-1")


def rendered(document: Document) -> Any:
    """The pages as WeasyPrint lays them out. Raises CannotMake."""
    if reason := missing():
        raise CannotMake(reason)
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from ssoplanner.documents.fetching import OnlyFonts

    fetcher, fonts = OnlyFonts(), FontConfiguration()
    style = weasyprint.CSS(string=STYLE.read_text(encoding="utf-8"), font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=html(document), url_fetcher=fetcher)
    return page.render(stylesheets=[style], font_config=fonts, pdf_tags=True, presentational_hints=True)


def html(document: Document) -> str:
    """The document as a page, on its way to paper."""
    return render_to_string("documents/document.html", {"document": document})


def font_file(name: str) -> Path | None:
    """Where a font of ours lies: among the assets, or among what was collected for production."""
    found = finders.find(f"fonts/{name}")
    if found:
        return Path(found)
    collected = Path(staticfiles_storage.path(f"fonts/{name}"))
    return collected if collected.exists() else None
