"""The systems of the fictional state. They tell why it plans at all: the same work runs on several of them."""

from __future__ import annotations

from dataclasses import dataclass

Day = tuple[int, int, int]


@dataclass(frozen=True)
class DemoSystem:
    name: str
    vendor: str
    function: str
    agencies: tuple[str, ...]
    service: str  # by its key in the starter catalogue
    cost_thousands: int
    contract_end: Day
    end_of_support: Day | None = None


SYSTEMS = (
    # Payroll: four systems for eleven agencies, one of them written in-house and soon without anybody who knows it.
    DemoSystem("PayRight", "Northgate Payroll", "Payroll", ("DOH", "DHS"), "payroll", 1_240, (2027, 6, 30)),
    DemoSystem(
        "Wages 9", "Bellwether Systems", "Payroll", ("DOT", "DOC"), "payroll", 1_610, (2027, 3, 31), (2027, 12, 31)
    ),
    DemoSystem("StatePay", "Own development", "Payroll", ("DOR", "DLI", "DED"), "payroll", 890, (2029, 12, 31)),
    DemoSystem(
        "Payday",
        "Own development",
        "Payroll",
        ("DEQ", "DPR", "AGO", "SLA"),
        "payroll",
        310,
        (2026, 12, 31),
        (2026, 12, 31),
    ),
    # Service desk: four for one and the same ticket.
    DemoSystem("HelpNow", "Quartz Software", "Service desk", ("DOH", "DED", "DEQ"), "help-desk", 410, (2028, 6, 30)),
    DemoSystem("Ticketline", "Harbor IT", "Service desk", ("DOT", "DOC", "DPR"), "help-desk", 520, (2027, 1, 31)),
    DemoSystem("DeskPoint", "Quartz Software", "Service desk", ("DOR", "DLI"), "help-desk", 180, (2028, 9, 30)),
    DemoSystem("AskIT", "Own development", "Service desk", ("DHS",), "help-desk", 95, (2027, 6, 30), (2028, 3, 31)),
    DemoSystem(
        "LedgerOne",
        "Summit Finance",
        "Accounts payable",
        ("DOH", "DOR", "DLI"),
        "accounts-payable",
        1_950,
        (2030, 6, 30),
    ),
    DemoSystem(
        "FinTrack",
        "Old Mill Software",
        "Accounts payable",
        ("DOT", "DHS", "AGO"),
        "accounts-payable",
        1_480,
        (2027, 5, 31),
        (2027, 5, 31),
    ),
    DemoSystem(
        "Voucher 2000",
        "Old Mill Software",
        "Accounts payable",
        ("DOC", "DPR"),
        "accounts-payable",
        720,
        (2026, 12, 31),
        (2026, 12, 31),
    ),
    DemoSystem(
        "BuyRoom", "Summit Finance", "Purchasing", ("DOH", "DOT", "DHS", "DED"), "purchasing", 640, (2028, 12, 31)
    ),
    DemoSystem("OrderBook", "Harbor IT", "Purchasing", ("DOC", "DEQ", "DPR"), "purchasing", 380, (2027, 8, 31)),
    DemoSystem(
        "PeopleFile", "Northgate Payroll", "Personnel records", ("DOH", "DHS"), "onboarding", 560, (2027, 6, 30)
    ),
    DemoSystem(
        "StaffBase", "Bellwether Systems", "Personnel records", ("DOT", "DOC", "DPR"), "onboarding", 610, (2028, 3, 31)
    ),
    DemoSystem("HR Cloud", "Summit Finance", "Personnel records", ("DOR", "DLI"), "onboarding", 240, (2030, 6, 30)),
    DemoSystem(
        "ShiftPlan", "Bellwether Systems", "Time recording", ("DOC", "DOT"), "time-attendance", 430, (2027, 3, 31)
    ),
    DemoSystem(
        "TimeCard", "Northgate Payroll", "Time recording", ("DOH", "DHS", "DED"), "time-attendance", 350, (2027, 6, 30)
    ),
    DemoSystem("Clock 5", "Own development", "Time recording", ("DEQ", "AGO"), "time-attendance", 60, (2028, 12, 31)),
    DemoSystem(
        "BayMail",
        "Harbor IT",
        "E-mail",
        ("DOH", "DOT", "DHS", "DED", "DEQ", "DPR"),
        "collaboration",
        1_720,
        (2027, 9, 30),
    ),
    DemoSystem("SecurePost", "Quartz Software", "E-mail", ("DOC", "AGO"), "collaboration", 690, (2028, 6, 30)),
    DemoSystem("OneDesk Suite", "Quartz Software", "E-mail", ("DOR", "DLI"), "collaboration", 480, (2029, 3, 31)),
    DemoSystem(
        "KeyRing", "Harbor IT", "Identity and access", ("DOH", "DOT", "DHS"), "identity-access", 520, (2027, 9, 30)
    ),
    DemoSystem(
        "Passport",
        "Quartz Software",
        "Identity and access",
        ("DOR", "DLI", "DED"),
        "identity-access",
        210,
        (2029, 3, 31),
    ),
    DemoSystem(
        "Archive 7", "Old Mill Software", "Records", ("SLA", "AGO", "DHS"), "records", 330, (2027, 5, 31), (2028, 5, 31)
    ),
    DemoSystem("FileVault", "Summit Finance", "Records", ("DOR", "DLI", "DOH"), "records", 450, (2030, 6, 30)),
    DemoSystem("LearnBay", "Own development", "Learning", ("DOH", "DOT", "DOC"), "learning", 140, (2028, 6, 30)),
    DemoSystem("Campus", "Summit Finance", "Learning", ("DOR", "DLI", "DED"), "learning", 190, (2030, 6, 30)),
)
