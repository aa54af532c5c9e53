from django.apps import AppConfig


class StepsConfig(AppConfig):
    name = "ssoplanner.steps"
    label = "steps"

    def ready(self) -> None:
        """Refuse to start with steps that are declared wrong."""
        from ssoplanner.steps.registry import steps  # here: the declarations import models

        steps()
