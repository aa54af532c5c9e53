from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ssoplanner.web"
    label = "web"
