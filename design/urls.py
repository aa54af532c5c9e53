"""The addresses of Design, below the plan's. Each name stands in design.policy too."""

from django.urls import path

from design import views

urlpatterns = [
    path("costs/", views.costs, name="costs"),
    path("costs/shares/", views.shares, name="shares"),
    path("costs/new/", views.cost_pool_new, name="cost_pool_new"),
    path("costs/<int:cost_pool_id>/", views.cost_pool_edit, name="cost_pool_edit"),
    path("costs/<int:cost_pool_id>/remove/", views.cost_pool_delete, name="cost_pool_delete"),
]
