"""Who may open the pages of Assess. What they show follows each result's audience."""

from ssoplanner.access.gate import SEES_ALL
from ssoplanner.access.policy import Rule, members
from ssoplanner.core.models import Role
from ssoplanner.web.policy import office_only

JUDGES = (Role.OFFICE, Role.ANALYST)
OFFICE_AND_LEADS = (Role.OFFICE, Role.LEAD)
SEES_AGENCIES = (*SEES_ALL, Role.LEAD)

POLICY: dict[str, Rule] = {
    "current_state": members(),
    "current_state_summary": members(),
    # Leads and viewers read names and offices there, and how many stand behind the plan once that is released. The
    # position of a person, what shows it and what they ask for are for the office, the board and the analysts.
    "reasons": members(),
    "challenge_new": office_only,
    "challenge_edit": office_only,
    "challenge_delete": office_only,
    "sponsor_new": office_only,
    "sponsor_edit": office_only,
    "sponsor_delete": office_only,
    "risks": members(read=SEES_ALL),
    # The office rates for the agencies, board and analysts independently: the view asks which side it is.
    "risk_rate": members(read=SEES_ALL, write=SEES_ALL),
    "auditor_questions": members(read=SEES_ALL),
    "auditor_answer": office_only,
    "technology_map": members(),
    "architecture_agency": members(read=SEES_AGENCIES),
    # Leads for their own agencies: the view asks which one it is.
    "architecture_technology": members(read=OFFICE_AND_LEADS, write=OFFICE_AND_LEADS),
    "technology_save": members(read=(), write=OFFICE_AND_LEADS),
    "capability_grid": members(read=SEES_AGENCIES, write=OFFICE_AND_LEADS),
    "capability_rate": members(read=OFFICE_AND_LEADS, write=OFFICE_AND_LEADS),
    "heat_map": members(),
    "heat_map_agencies": members(read={*SEES_ALL, Role.LEAD}),
    "criteria": members(write={Role.OFFICE}),
    "criterion_new": office_only,
    "criterion_edit": office_only,
    "criterion_delete": office_only,
    "judgements": members(read=SEES_ALL),
    "judgement": members(read=JUDGES, write=JUDGES),
    "architecture": members(),
    "architecture_drawing": members(),
    "capabilities": members(write=JUDGES),
    "capability": members(),
    "capability_new": members(read=JUDGES, write=JUDGES),
    "capability_edit": members(read=JUDGES, write=JUDGES),
    "capability_delete": members(read=JUDGES, write=JUDGES),
    "capability_import": members(read=JUDGES, write=JUDGES),
    "duplicates": members(),
    "duplicate_finding": members(read=JUDGES, write=JUDGES),
    # It compares agencies by name; the page leaves out those that a lead may not know.
    "overlap": members(read=SEES_AGENCIES),
    "candidates": members(),
    "candidate_verdict": members(read=JUDGES, write=JUDGES),
    "readiness": members(),
    "readiness_agency": members(read=SEES_AGENCIES),
    # Anybody who works in the plan may be asked to answer; the view asks whose questionnaire it is.
    "readiness_answer": members(read=SEES_AGENCIES, write=SEES_AGENCIES),
    "readiness_save": members(read=(), write=SEES_AGENCIES),
    "readiness_reopen": office_only,
    # What is being prepared is the program office's; the view leaves it out for others.
    "readiness_questions": members(read=SEES_AGENCIES, write={Role.OFFICE}),
    "questions_publish": office_only,
    "question_new": office_only,
    "question_edit": office_only,
    "question_delete": office_only,
    "readiness_campaigns": members(read=SEES_AGENCIES),
    "readiness_campaign": members(read=SEES_AGENCIES),
    "readiness_campaign_new": office_only,
    "readiness_campaign_edit": office_only,
    "readiness_ask": members(read=OFFICE_AND_LEADS, write=OFFICE_AND_LEADS),
    "readiness_rate": members(read=(), write={Role.OFFICE}),
    "readiness_task": members(read=(), write={Role.OFFICE}),
}
