from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "ssoplanner.demo"
    label = "demo"
