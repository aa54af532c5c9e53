from django.apps import AppConfig


class BuildConfig(AppConfig):
    name = "build"
    verbose_name = "Build"
