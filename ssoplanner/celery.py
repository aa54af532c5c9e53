"""The Celery application. Its messages only ring a bell: what is to be done stands in the database."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

from ssoplanner.recompute.timers import StartTimers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssoplanner.settings")
TRANSPORT_ALIASES["doorbell"] = "ssoplanner.doorbell:Transport"
app = Celery("ssoplanner")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(StartTimers)
