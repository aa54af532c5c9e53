"""How a page's content becomes a document that people ask for as a job: once declared, it can be had as PDF and Word.

@documents("roadmap", title="Roadmap", text="...", roles=Role)
def roadmap_document(job: Job) -> Document: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any

from ssoplanner.core.models import Role
from ssoplanner.documents.content import Document
from ssoplanner.documents.pdf import missing, write_pdf
from ssoplanner.documents.word import write_word
from ssoplanner.recompute.jobs import Report, job_kind, nothing_lacking
from ssoplanner.recompute.models import Job

Make = Callable[[Job], Document]
Write = Callable[[Document, IO[bytes]], None]


@dataclass(frozen=True)
class FileKind:
    """`words` follow a document's title, `label` stands alone on a button."""

    key: str
    label: str
    words: str
    suffix: str
    content_type: str
    write: Write
    lacking: Callable[[], str] = nothing_lacking


WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = (
    FileKind("pdf", "PDF", "as PDF", ".pdf", "application/pdf", write_pdf, missing),
    FileKind("word", "Word", "as Word file", ".docx", WORD_TYPE, write_word),
)


def documents(key: str, *, title: str, text: str, roles: Iterable[Role], **facts: Any) -> Callable[[Make], Make]:
    """Declare the function below as what makes the document; `facts` are further ones of both jobs."""
    roles = tuple(roles)

    def declare(make: Make) -> Make:
        for kind in KINDS:
            run = job_kind(
                f"{key}-{kind.key}",
                title=f"{title} {kind.words}",
                text=text,
                roles=roles,
                suffix=kind.suffix,
                content_type=kind.content_type,
                name=key,
                lacking=kind.lacking,
                **facts,
            )
            run(_run(make, kind.write))
        return make

    return declare


def _run(make: Make, write: Write) -> Callable[[Job, IO[bytes], Report], None]:
    def run(job: Job, file: IO[bytes], report: Report) -> None:
        report(10, "Reading the plan")
        document = make(job)
        report(40, "Writing the file")
        write(document, file)

    return run
