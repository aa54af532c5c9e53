from django.apps import AppConfig


class StepsConfig(AppConfig):
    name = "ssoplanner.steps"
    label = "steps"
