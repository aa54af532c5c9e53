from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ssoplanner.web"
    label = "web"

    def ready(self) -> None:
        # They declare kinds of jobs.
        from ssoplanner.web import audit_csv  # noqa: F401
        from ssoplanner.web.roadmap import document  # noqa: F401
