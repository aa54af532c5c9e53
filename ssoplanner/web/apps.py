from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ssoplanner.web"
    label = "web"

    def ready(self) -> None:
        from ssoplanner.web import audit_csv  # noqa: F401  it declares a kind of job
