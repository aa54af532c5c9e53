"""The addresses of imports, below a plan. Each name stands in ssoplanner.workbook.policy too."""

from django.urls import path

from ssoplanner.workbook.agencies import views

urlpatterns = [
    path("agencies/import/", views.agency_import, name="agency_import"),
    path("agencies/import/template.csv", views.agency_import_template, name="agency_import_template"),
    path("agencies/import/<int:import_id>/", views.agency_import_columns, name="agency_import_columns"),
    path("agencies/import/<int:import_id>/sheet/", views.agency_import_sheet, name="agency_import_sheet"),
    path("agencies/import/<int:import_id>/preview/", views.agency_import_preview, name="agency_import_preview"),
    path("agencies/import/<int:import_id>/left-out/", views.agency_import_left_out, name="agency_import_left_out"),
    path("agencies/import/<int:import_id>/discard/", views.agency_import_discard, name="agency_import_discard"),
]
