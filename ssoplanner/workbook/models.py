"""What was read from an uploaded file, kept until it is imported or a week has passed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ssoplanner.core.models import Plan, User


class AgencyImport(models.Model):
    """A file with agencies on its way into a plan: what was read, what its columns mean, what became of it.

    `sheet` is the position of the sheet that is imported. `mapping` is empty until the person has said what the columns
    mean (see `agencies.mapping`), `result` until the import is done.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    encoding = models.CharField(max_length=12, blank=True)
    sheet = models.PositiveSmallIntegerField(default=0)
    mapping = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    then = models.CharField("page of the plan to go on to", max_length=200, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["plan", "user", "-created_at"], name="import_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | ~Q(mapping={}), name="import_applied_with_columns"
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class ImportSheet(models.Model):
    """One sheet of the file. `rows` is a list of [number of the row in the file, its cells], without empty rows.

    A cell is text, a number, a boolean or null. `problem` says why a sheet cannot be imported; such a one has no rows.
    """

    agency_import = models.ForeignKey(AgencyImport, on_delete=models.CASCADE, related_name="sheets")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120, blank=True)
    header = models.JSONField(default=list, blank=True)
    rows = models.JSONField(default=list, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["agency_import", "position"], name="import_sheet_once"),)

    def __str__(self) -> str:
        return self.name
