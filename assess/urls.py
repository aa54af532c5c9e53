"""The addresses of Assess, below the plan's. Each name stands in assess.policy too."""

from django.urls import path

from assess import (
    views,
    views_heat,
    views_questions,
    views_readiness,
    views_readiness_pages,
    views_reasons,
    views_risks,
)

urlpatterns = [
    path("current-state/", views.current_state, name="current_state"),
    path("current-state/summary/", views.current_state_summary, name="current_state_summary"),
    path("why/", views_reasons.why, name="reasons"),
    path("why/challenges/new/", views_reasons.challenge_new, name="challenge_new"),
    path("why/challenges/<int:challenge_id>/", views_reasons.challenge_edit, name="challenge_edit"),
    path("why/challenges/<int:challenge_id>/remove/", views_reasons.challenge_delete, name="challenge_delete"),
    path("why/executives/new/", views_reasons.sponsor_new, name="sponsor_new"),
    path("why/executives/<int:sponsor_id>/", views_reasons.sponsor_edit, name="sponsor_edit"),
    path("why/executives/<int:sponsor_id>/remove/", views_reasons.sponsor_delete, name="sponsor_delete"),
    path("risks/", views_risks.risks, name="risks"),
    path("risks/<str:risk_key>/<str:rater>/", views_risks.risk_rate, name="risk_rate"),
    path("auditor-questions/", views_risks.auditor_questions, name="auditor_questions"),
    path("auditor-questions/<str:auditor_key>/", views_risks.auditor_answer, name="auditor_answer"),
    path("heat-map/", views_heat.heat_map, name="heat_map"),
    path("heat-map/agencies/", views_heat.heat_map_agencies, name="heat_map_agencies"),
    path("heat-map/criteria/", views_heat.criteria, name="criteria"),
    path("heat-map/criteria/new/", views_heat.criterion_new, name="criterion_new"),
    path("heat-map/criteria/<int:criterion_id>/", views_heat.criterion_edit, name="criterion_edit"),
    path("heat-map/criteria/<int:criterion_id>/remove/", views_heat.criterion_delete, name="criterion_delete"),
    path("heat-map/judgements/", views_heat.judgements, name="judgements"),
    path(
        "heat-map/judgements/<int:service_id>/<int:criterion_id>/",
        views_heat.judgement,
        name="judgement",
    ),
    path("readiness/", views_readiness_pages.readiness, name="readiness"),
    path("readiness/agencies/<int:agency_id>/", views_readiness_pages.readiness_agency, name="readiness_agency"),
    path("readiness/answer/<int:sheet_id>/", views_readiness.readiness_answer, name="readiness_answer"),
    path("readiness/answer/<int:sheet_id>/<int:question_id>/", views_readiness.readiness_save, name="readiness_save"),
    path("readiness/answer/<int:sheet_id>/open-again/", views_readiness.readiness_reopen, name="readiness_reopen"),
    path("readiness/questions/", views_questions.readiness_questions, name="readiness_questions"),
    path("readiness/questions/publish/", views_questions.questions_publish, name="questions_publish"),
    path("readiness/questions/new/", views_questions.question_new, name="question_new"),
    path("readiness/questions/<int:draft_question_id>/", views_questions.question_edit, name="question_edit"),
    path(
        "readiness/questions/<int:draft_question_id>/remove/", views_questions.question_delete, name="question_delete"
    ),
    path("readiness/campaigns/", views_readiness_pages.readiness_campaigns, name="readiness_campaigns"),
    path("readiness/campaigns/new/", views_readiness_pages.readiness_campaign_new, name="readiness_campaign_new"),
    path("readiness/campaigns/<int:campaign_id>/", views_readiness_pages.readiness_campaign, name="readiness_campaign"),
    path(
        "readiness/campaigns/<int:campaign_id>/change/",
        views_readiness_pages.readiness_campaign_edit,
        name="readiness_campaign_edit",
    ),
    path("readiness/campaigns/<int:campaign_id>/ask/", views_readiness_pages.readiness_ask, name="readiness_ask"),
    path(
        "readiness/campaigns/<int:campaign_id>/rate/<int:agency_id>/",
        views_readiness_pages.readiness_rate,
        name="readiness_rate",
    ),
    path("readiness/tasks/<int:question_id>/", views_readiness_pages.readiness_task, name="readiness_task"),
]
