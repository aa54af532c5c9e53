from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "ssoplanner.core"
    label = "core"
    verbose_name = "Shared model"

    def ready(self) -> None:
        from ssoplanner.core.triggers import install_triggers

        # After migrate, not in a migration: SQLite rebuilds a table to alter it and drops its triggers on the way.
        post_migrate.connect(install_triggers, dispatch_uid="ssoplanner.install_triggers")
