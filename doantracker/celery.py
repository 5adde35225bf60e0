"""The Celery app and the beat table. Jobs stand in each app's `jobs.py` ("task" is a noun of the domain)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doantracker.settings")

app = Celery("doantracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
