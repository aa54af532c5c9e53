"""My tasks: what waits for a person in a plan, from wherever it comes, and the mail about it.

`lines` says what a line and a source are; `own` and `duties` hold the shared sources, a phase's module `tasks` its own
(`SOURCES`). `page` says what the pages show, `reminders` who is written to. Celery imports this package in each worker.
"""

from ssoplanner.web.tasks import timer  # noqa: F401  it starts together with the worker
