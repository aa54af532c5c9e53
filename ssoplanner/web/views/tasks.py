"""My tasks, everybody's for the program office, and what is done with one: add, change, finish, open again, remove."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.core.models import Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.steps.comments import settle_mention
from ssoplanner.steps.models import Comment, Task
from ssoplanner.steps.registry import steps_by_key
from ssoplanner.steps.tasks import (
    WORKS,
    adds_tasks,
    check_changes_task,
    check_removes_task,
    finish_task,
    owned_steps,
    removes_task,
    reopen_task,
)
from ssoplanner.web.forms.tasks import TaskForm
from ssoplanner.web.steps import step_url
from ssoplanner.web.tasks import page
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url


def my_tasks(request: PlanRequest, slug: str) -> HttpResponse:
    """All that waits for the member; with `who=all` the program office sees who has what to do."""
    member = request.member
    everybody = member.runs_plan and request.GET.get("who") == "all"
    found = page.everybodys(member.plan) if everybody else page.my_tasks(member)
    context = {
        **found,
        "everybody": everybody,
        "works": member.has(*WORKS),
        "may_see_all": member.runs_plan,
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/my_tasks.html", context)


def task_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a task for oneself; for others where one may ask them. `step` in the address is what it is for."""
    member, step = request.member, request.GET.get("step", "")
    step = step if step in steps_by_key() else ""
    if not adds_tasks(member, owned_steps(member), step):
        raise NotYourRole("As a viewer you read what is released: you neither get tasks nor give any.")
    form = TaskForm(request.POST or None, instance=Task(plan=member.plan, step=step), member=member)
    intro = (
        f"For {steps_by_key()[step]}." if step else "It is kept for you until it is done, and you are reminded of it."
    )
    crumbs = plan_crumb(member.plan, ("My tasks", plan_url(member, "my_tasks")))
    return form_page(request, form, done=_home(member, step), title="Add a task", intro=intro, crumbs=crumbs)


def task_edit(request: PlanRequest, slug: str, task_id: int) -> HttpResponse:
    """Change a task: its owner, who asked for it, the program office."""
    member, task = request.member, _task(request.member, task_id)
    check_changes_task(member, task)
    form = TaskForm(request.POST or None, instance=task, member=member)
    removal = {"delete_url": plan_url(member, "task_delete", task_id=task.pk), "delete_label": "Remove this task"}
    crumbs = plan_crumb(member.plan, ("My tasks", plan_url(member, "my_tasks")))
    more = removal if removes_task(member, task) else {}
    intro = f"Asked by {task.asked_by}." if task.asked_by and task.asked_by != member.user else ""
    return form_page(request, form, done=_home(member), title=str(task), intro=intro, crumbs=crumbs, **more)


def task_delete(request: PlanRequest, slug: str, task_id: int) -> HttpResponse:
    """Remove a task: who asked for it, and the program office."""
    member, task = request.member, _task(request.member, task_id)
    check_removes_task(member, task)
    back = plan_url(member, "task_edit", task_id=task.pk)
    return delete_page(request, task, done=_home(member), back=back)


def task_done(request: PlanRequest, slug: str, task_id: int) -> HttpResponse:
    """Note that a task is done."""
    task = _task(request.member, task_id)
    check_changes_task(request.member, task)
    finish_task(task, actor=_actor(request))
    messages.success(request, f"Done: {task}.")
    return redirect(_back(request, task.step))


def task_reopen(request: PlanRequest, slug: str, task_id: int) -> HttpResponse:
    """Note that it is to be done after all."""
    task = _task(request.member, task_id)
    check_changes_task(request.member, task)
    reopen_task(task, actor=_actor(request))
    messages.success(request, f"Open again: {task}.")
    return redirect(_back(request, task.step))


def mention_done(request: PlanRequest, slug: str, comment_id: int) -> HttpResponse:
    """Put a mention behind oneself without an answer."""
    mine = Comment.objects.for_plan(request.member.plan).filter(mentions=request.user)
    comment = get_object_or_404(mine, pk=comment_id)
    try:
        settle_mention(comment, user=request.user, actor=_actor(request))
    except ValidationError as error:  # the mention was taken back meanwhile
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The mention is behind you. The comment stays on its step.")
    return redirect(_home(request.member))


def _task(member: Member, task_id: int) -> Task:
    found: Task = get_object_or_404(page.visible_tasks(member), pk=task_id)
    return found


def _actor(request: PlanRequest) -> Actor:
    return Actor(user=request.user, source=Source.BROWSER)


def _home(member: Member, step: str = "") -> str:
    return f"{step_url(member.plan, step)}#tasks" if step else plan_url(member, "my_tasks")


def _back(request: PlanRequest, step: str) -> str:
    """To the page with the button: that of the step, or one's own tasks."""
    from_step = request.POST.get("then") == "step" and step in steps_by_key()
    return _home(request.member, step if from_step else "")
