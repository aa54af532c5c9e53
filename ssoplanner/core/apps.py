from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "ssoplanner.core"
    label = "core"
    verbose_name = "Shared model"

    def ready(self) -> None:
        from ssoplanner.core.triggers import install_triggers, remove_triggers

        # Around migrate, not in a migration: SQLite rebuilds a table to alter it, drops its triggers on the way and
        # stumbles over those of other tables that speak of it.
        pre_migrate.connect(remove_triggers, dispatch_uid="ssoplanner.remove_triggers")
        post_migrate.connect(install_triggers, dispatch_uid="ssoplanner.install_triggers")
