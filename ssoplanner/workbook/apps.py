from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    name = "ssoplanner.workbook"
    label = "workbook"
