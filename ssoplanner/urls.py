"""Every address of the application; who may open which stands in the policy tables."""

from django.urls import include, path

urlpatterns = [
    path("", include("ssoplanner.web.urls")),
    path("accounts/", include("allauth.urls")),
]
handler403 = "ssoplanner.web.errors.forbidden"
