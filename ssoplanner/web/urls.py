"""The addresses of the shared pages. Each name stands in ssoplanner.web.policy too."""

from django.urls import include, path

from ssoplanner.web.views import account, agencies, kpis, people, plans, public, services, systems

in_plan = [
    path("", plans.plan, name="plan"),
    path("settings/", plans.plan_settings, name="plan_settings"),
    path("history/", plans.history, name="history"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agencies.agency_new, name="agency_new"),
    path("agencies/<int:agency_id>/", agencies.agency, name="agency"),
    path("agencies/<int:agency_id>/edit/", agencies.agency_edit, name="agency_edit"),
    path("agencies/<int:agency_id>/remove/", agencies.agency_delete, name="agency_delete"),
    path("agencies/<int:agency_id>/provisions/new/", agencies.provision_new, name="provision_new"),
    path("provisions/<int:provision_id>/", agencies.provision_edit, name="provision_edit"),
    path("provisions/<int:provision_id>/remove/", agencies.provision_delete, name="provision_delete"),
    path("services/", services.services, name="services"),
    path("services/new/", services.service_new, name="service_new"),
    path("services/<int:service_id>/", services.service_edit, name="service_edit"),
    path("services/<int:service_id>/remove/", services.service_delete, name="service_delete"),
    path("services/areas/new/", services.area_new, name="area_new"),
    path("services/areas/<int:area_id>/", services.area_edit, name="area_edit"),
    path("services/areas/<int:area_id>/remove/", services.area_delete, name="area_delete"),
    path("systems/", systems.systems, name="systems"),
    path("systems/new/", systems.system_new, name="system_new"),
    path("systems/<int:system_id>/", systems.system_edit, name="system_edit"),
    path("systems/<int:system_id>/remove/", systems.system_delete, name="system_delete"),
    path("kpis/", kpis.kpis, name="kpis"),
    path("kpis/new/", kpis.kpi_new, name="kpi_new"),
    path("kpis/<int:kpi_id>/", kpis.kpi_edit, name="kpi_edit"),
    path("kpis/<int:kpi_id>/remove/", kpis.kpi_delete, name="kpi_delete"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/<int:membership_id>/", people.membership_edit, name="membership_edit"),
    path("people/<int:membership_id>/remove/", people.membership_delete, name="membership_delete"),
    path("people/invitations/<int:invitation_id>/resend/", people.invitation_resend, name="invitation_resend"),
    path("people/invitations/<int:invitation_id>/withdraw/", people.invitation_withdraw, name="invitation_withdraw"),
]

urlpatterns = [
    path("", plans.plans, name="plans"),
    path("account/", account.account, name="account"),
    path("invitations/<str:token>/", account.invitation, name="invitation"),
    path("plans/<slug:slug>/", include(in_plan)),
    path("healthz", public.healthz, name="healthz"),
    path(".well-known/security.txt", public.security_txt, name="security_txt"),
    path("robots.txt", public.robots_txt, name="robots_txt"),
]
