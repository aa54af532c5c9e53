"""What people say about a step, and what they ask of each other."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ssoplanner.core.models import Agency, Plan, PlanRow, User
from ssoplanner.steps.models.fields import check_step, step_name


class Comment(PlanRow):
    """What somebody said about a step, and whom they mentioned. Written by `ssoplanner.steps.comments`; it stays.

    `settled` are those of the mentioned who put it behind them without an answer.
    """

    step = models.CharField("step", max_length=60, validators=[check_step])
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField("comment", max_length=4000)
    mentions = models.ManyToManyField(User, blank=True, related_name="mentioned_in", verbose_name="mentions")
    settled = models.ManyToManyField(User, blank=True, related_name="mentions_settled", verbose_name="settled by")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["plan", "step", "-id"], name="comment_of_step"),)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="comment_worded"),)

    def __str__(self) -> str:
        return f"on {step_name(self.step)}"


class Task(PlanRow):
    """What somebody is asked to do, by when, and for which step. Written by `ssoplanner.steps.tasks`.

    `origin` names the part of the product that suggested it, and is empty where a person thought of it.
    """

    title = models.CharField("task", max_length=200)
    detail = models.TextField("detail", blank=True, max_length=2000)
    step = models.CharField("step", max_length=60, blank=True, validators=[check_step])
    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, null=True, blank=True, related_name="tasks")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tasks")
    due = models.DateField("due", null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks_asked")
    origin = models.CharField("suggested by", max_length=80, blank=True)
    done_on = models.DateField("done on", null=True, blank=True)

    class Meta:
        ordering = (models.F("due").asc(nulls_last=True), "id")
        indexes = (models.Index(fields=["plan", "owner", "done_on"], name="task_of_owner"),)
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="task_worded"),)

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """That a person was written to about their tasks in a plan on one day, so that nobody is written to twice."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "user", "day"], name="reminder_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
