"""What a document may take from outside: our fonts, and nothing else."""

from __future__ import annotations

from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

from ssoplanner.documents.pdf import FONT, font_file


class OnlyFonts(URLFetcher):
    """Answers the addresses of our fonts. A text in a document can make the server fetch nothing."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        path = font_file(url.removeprefix(FONT)) if url.startswith(FONT) and "/" not in url else None
        if path is None:
            raise ValueError(f"a document takes in our fonts only, not {url}")
        return URLFetcherResponse(url, body=path.open("rb"), headers={"Content-Type": "font/woff2"})
