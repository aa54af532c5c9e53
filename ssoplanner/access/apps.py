from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ssoplanner.access"
    label = "access"
    verbose_name = "Access"

    def ready(self) -> None:
        from ssoplanner.access import sessions

        sessions.connect()
