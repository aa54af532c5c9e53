"""The addresses of Assess, below the plan's. Each name stands in assess.policy too."""

from django.urls import path

from assess import views

urlpatterns = [
    path("current-state/", views.current_state, name="current_state"),
    path("current-state/summary/", views.current_state_summary, name="current_state_summary"),
]
