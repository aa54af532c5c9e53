"""The words of the field: the same page for everybody, within the frame of a plan or without one."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ssoplanner.web.glossary import TERMS


def glossary(request: HttpRequest, slug: str = "") -> HttpResponse:
    """All terms, by letter."""
    letters = [(letter, list(terms)) for letter, terms in groupby(TERMS, key=lambda term: term.letter)]
    return render(request, "web/glossary.html", {"letters": letters, "count": len(TERMS)})
