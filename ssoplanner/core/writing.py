"""The key to the input tables: rows of a plan are saved and deleted only while it is held.

`ssoplanner.recompute.writer` alone imports `writing` (an import contract says so), so that no save can miss its audit
row, its version or the figures that depend on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class WrittenElsewhere(RuntimeError):
    """A row of a plan was about to be written by something else than the writer."""


@contextmanager
def writing() -> Iterator[None]:
    """Allow rows of a plan to be written inside the block."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def check_writing(what: str) -> None:
    """Raise `WrittenElsewhere` unless the writer is at work."""
    if not _writing.get():
        raise WrittenElsewhere(f"{what} is written through ssoplanner.recompute.writer only")
