"""Rows belong to a plan, and a query that does not say which plan is refused.

A query counts as scoped when it went through `for_plan`, started at a related manager (`plan.agencies`), or filters by
`plan` itself. Whoever really means every plan says why: `unscoped("...")`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from ssoplanner.core.writing import check_writing

if TYPE_CHECKING:
    from ssoplanner.core.models.plan import Plan

PLAN_LOOKUPS = {"plan", "plan_id", "plan__in", "plan__slug", "plan_id__in"}


class UnscopedQuery(RuntimeError):
    """A query over rows of plans did not say which plan it means."""


class ScopedQuerySet(models.QuerySet[Any]):
    """Refuses to read before it is scoped, and to write outside the writer."""

    _scoped = False

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def unscoped(self, reason: str) -> Self:
        """All plans' rows. `reason` says to the reader of the code why that is right here."""
        if not reason:
            raise UnscopedQuery("an unscoped query needs a reason")
        return self._marked()

    def _marked(self) -> Self:
        clone: Self = self._chain()  # type: ignore[attr-defined]
        clone._scoped = True
        return clone

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def _filter_or_exclude_inplace(self, negate: bool, args: Any, kwargs: dict[str, Any]) -> None:
        if not negate and PLAN_LOOKUPS & kwargs.keys():
            self._scoped = True
        super()._filter_or_exclude_inplace(negate, args, kwargs)  # type: ignore[misc]

    def _check_scoped(self) -> None:
        if not self._scoped:
            raise UnscopedQuery(f"{self.model.__name__}: say which plan is meant, with for_plan(plan)")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._check_scoped()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Any:
        self._check_scoped()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self._check_scoped()
        return super().count()

    def exists(self) -> bool:
        self._check_scoped()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._check_scoped()
        return super().aggregate(*args, **kwargs)

    def explain(self, *, format: str | None = None, **options: Any) -> str:
        self._check_scoped()
        return super().explain(format=format, **options)

    def update(self, **kwargs: Any) -> int:
        check_writing(self.model.__name__)
        self._check_scoped()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        check_writing(self.model.__name__)
        self._check_scoped()
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        check_writing(self.model.__name__)
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        check_writing(self.model.__name__)
        return super().bulk_update(*args, **kwargs)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The default manager of everything that belongs to a plan."""

    def get_queryset(self) -> ScopedQuerySet:
        queryset: ScopedQuerySet = super().get_queryset()
        # A related manager stands on one row (its `instance`), and that row's plan is its scope.
        return queryset._marked() if getattr(self, "instance", None) is not None else queryset
