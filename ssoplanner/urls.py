"""Every address of the application; who may open which stands in the policy tables."""

from django.urls import include, path

from ssoplanner.phases import phase_modules

urlpatterns = [
    path("", include("ssoplanner.web.urls")),
    path("plans/<slug:slug>/", include("ssoplanner.workbook.urls")),
    *(path("plans/<slug:slug>/", include(module)) for module in phase_modules("urls")),
    path("accounts/", include("allauth.urls")),
]
handler403 = "ssoplanner.web.errors.forbidden"
