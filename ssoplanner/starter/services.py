"""The starter catalogue: services that administrations commonly share, by area, with what each is counted in.

A key in it is for good: plans keep it in `Service.standard`, and benchmarks find the service by it. In the area IT only
the help desk is counted in tickets, because that is how calculations know the help desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class StarterService:
    """`unit` is what is counted, in the singular; it makes its plural with an s."""

    code: str
    standard: str
    name: str
    unit: str
    covers: str


@dataclass(frozen=True)
class StarterArea:
    code: str
    name: str
    services: tuple[StarterService, ...]


@cache
def starter_services() -> Mapping[str, tuple[StarterArea, StarterService]]:
    """Key -> area and service, in the order of the catalogue."""
    return {service.standard: (area, service) for area in AREAS for service in area.services}


def _area(code: str, name: str, *services: tuple[str, str, str, str]) -> StarterArea:
    """An area with its services, numbered in their order."""
    numbered = enumerate(services, start=1)
    return StarterArea(code, name, tuple(StarterService(f"{code}-{number:02}", *one) for number, one in numbered))


AREAS = (
    _area(
        "FIN",
        "Finance",
        ("accounts-payable", "Accounts payable", "invoice", "Receiving, matching, approving and paying invoices."),
        ("accounts-receivable", "Accounts receivable", "bill", "Billing what others owe and matching what they pay."),
        ("collections", "Debt collection", "overdue bill", "Reminding, collecting and writing off overdue debts."),
        ("travel-expenses", "Travel and expenses", "claim", "Approving trips, checking claims and paying them back."),
        ("general-ledger", "General ledger and closing", "posting", "Keeping the books and closing month and year."),
        ("fixed-assets", "Fixed assets", "asset", "Recording, counting and depreciating what the agency owns."),
        ("treasury", "Treasury and payments", "payment", "Making payments; bank accounts and cash."),
        ("grants", "Grants administration", "grant", "Awarding grants, paying them out and checking their use."),
        ("budgeting", "Budget preparation and control", "budget line", "Preparing the budget and watching spending."),
        ("cost-accounting", "Cost accounting", "cost center", "Working out what services and programs really cost."),
        ("financial-reporting", "Financial reporting", "report", "Statements and reports for managers and the public."),
        ("internal-control", "Internal control", "control test", "Testing controls and following up audit findings."),
    ),
    _area(
        "FAC",
        "Facilities and real estate",
        ("maintenance", "Building maintenance", "work order", "Repairs and regular upkeep of buildings."),
        ("cleaning", "Cleaning", "square meter", "Cleaning of offices and public areas, waste included."),
        ("space-planning", "Space planning", "workplace", "Deciding who works where and how much room that takes."),
        ("leases", "Leases and real estate", "lease", "Renting, buying, letting and giving up space."),
        ("building-security", "Building security", "guard hour", "Guards, badges and alarms."),
        ("energy", "Energy and utilities", "meter", "Buying power, heat and water, and using less of them."),
        ("moves", "Moves", "move", "Moving people with their furniture and equipment."),
        ("construction", "Construction projects", "project", "New buildings and large repairs."),
        ("meeting-rooms", "Meeting rooms", "booking", "Booking, setting up and equipping rooms."),
    ),
    _area(
        "HR",
        "Human resources",
        ("hiring", "Hiring", "hire", "From a vacancy to the first working day."),
        ("onboarding", "Onboarding and leaving", "arrival", "What a person needs at the start and returns at the end."),
        ("classification", "Job classification", "position", "Describing positions and setting their grade."),
        ("personnel-records", "Personnel records", "personnel action", "Appointments, promotions and transfers."),
        ("benefits", "Benefits administration", "enrolled employee", "Enrolling people in health and other plans."),
        ("learning", "Training and development", "training day", "Courses, their booking and their proof."),
        ("performance", "Performance appraisal", "appraisal", "Running the yearly round of goals and appraisals."),
        ("employee-relations", "Employee and labor relations", "case", "Grievances, discipline and talks with unions."),
        ("leave", "Leave and absence", "leave request", "Vacation, illness and parental leave."),
        ("workers-compensation", "Workers’ compensation", "claim", "Claims after accidents at work."),
        ("retirement", "Retirement", "retirement", "Advising and processing people who retire."),
        ("background-checks", "Background checks", "check", "Checking people before they are trusted with a post."),
    ),
    _area(
        "IT",
        "Information technology",
        ("help-desk", "Help desk", "ticket", "First answer to requests and faults; it hands on what it cannot solve."),
        ("workplace-devices", "Workplace devices", "device", "Buying, setting up and replacing computers and phones."),
        ("collaboration", "E-mail and collaboration", "account", "Mail, calendars, meetings and shared documents."),
        ("hosting", "Server and cloud hosting", "server", "Running servers, in one’s own rooms or in a cloud."),
        ("storage-backup", "Storage and backup", "terabyte", "Keeping data, and getting it back when it is lost."),
        ("network", "Data network", "site", "Cable, wireless and the links between sites."),
        ("telephony", "Telephony", "line", "Desk phones, mobile contracts and call routing."),
        ("application-support", "Application support", "application", "Keeping applications running and current."),
        ("application-development", "Application development", "change", "New applications and changes to old ones."),
        ("identity-access", "Identity and access", "user account", "Accounts, rights and sign-in."),
        ("security-operations", "Security monitoring", "incident", "Watching for attacks, and answering them."),
        ("data-analytics", "Data and analytics", "dashboard", "Bringing data together and showing what it says."),
        ("websites", "Websites and online forms", "website", "Building and running public sites and forms."),
        ("printing", "Printing and scanning", "printer", "Shared printers and scanners, paper and toner included."),
    ),
    _area(
        "LEG",
        "Legal, records and communications",
        ("legal-advice", "Legal advice", "question", "Opinions on contracts, rules and decisions."),
        ("litigation", "Litigation support", "case", "Preparing lawsuits and appeals."),
        ("records", "Records management", "file", "Filing, keeping and disposing of records by schedule."),
        ("public-records", "Public records requests", "request", "Answering the public’s requests for records."),
        ("digitization", "Digitization", "page", "Scanning paper and making it searchable."),
        ("contact-center", "Public contact center", "call", "Answering the public by phone, mail and chat."),
        ("translation", "Translation and interpreting", "assignment", "Texts, and interpreters for hearings."),
        ("media", "Media and public information", "publication", "News, publications and campaigns."),
    ),
    _area(
        "LOG",
        "Fleet, mail and logistics",
        ("vehicle-pool", "Vehicle pool", "vehicle", "Buying, lending out and replacing vehicles."),
        ("vehicle-repair", "Vehicle maintenance", "repair order", "Inspections, repairs and tires."),
        ("fuel", "Fuel and charging", "fuel card", "Cards, pumps and charging points."),
        ("mail", "Mail room", "mail item", "Receiving, sorting and sending letters and parcels."),
        ("courier", "Courier and transport", "shipment", "Carrying documents and goods between sites."),
        ("print-shop", "Print shop", "print job", "Printing and binding in large numbers."),
        ("warehousing", "Warehousing", "pallet", "Storing goods and sending them out."),
    ),
    _area(
        "PAY",
        "Payroll",
        ("payroll", "Payroll", "payslip", "Computing and paying wages, off-cycle runs included."),
        ("time-attendance", "Time and attendance", "timesheet", "Recording hours, shifts and overtime."),
        ("deductions", "Deductions and garnishments", "deduction order", "Court orders, dues and other deductions."),
        ("payroll-tax", "Payroll taxes", "tax return", "Withholding, paying and reporting taxes."),
        ("pay-corrections", "Pay questions and corrections", "question", "Answering about pay, and correcting it."),
        ("pensions", "Pension payments", "pension payment", "Paying pensions to those who have retired."),
    ),
    _area(
        "PRO",
        "Procurement",
        ("purchasing", "Purchasing", "order", "From an agency’s request to an order under existing terms."),
        ("tenders", "Tenders and awards", "tender", "Competitive procedures from the plan to the award."),
        ("contracts", "Contract management", "contract", "Changes, acceptance and the end of contracts."),
        ("framework-agreements", "Framework agreements", "agreement", "Agreements from which every agency may order."),
        ("suppliers", "Supplier management", "supplier", "Registering suppliers and keeping an eye on how they do."),
        ("purchase-cards", "Purchase cards", "card", "Cards for small purchases, and checking their use."),
        ("inventory", "Stores and inventory", "stock item", "Keeping supplies in stock and counting them."),
        ("surplus", "Surplus property", "surplus item", "Passing on, selling or scrapping what is not needed."),
    ),
)
