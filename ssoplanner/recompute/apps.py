from django.apps import AppConfig


class RecomputeConfig(AppConfig):
    name = "ssoplanner.recompute"
    label = "recompute"
    verbose_name = "Recompute engine"
