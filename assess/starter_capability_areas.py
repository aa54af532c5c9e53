"""The starter capabilities as data: (code, name, description, groups), each group (name, description, capabilities)."""

AREAS = (
    (
        "IT",
        "Information technology",
        "Systems, networks and devices, and the people who keep them running.",
        (
            (
                "Technology direction",
                "What is bought and built, by which rules.",
                (
                    ("Technology strategy", "Says where technology is to go in the next years, and what for."),
                    (
                        "Enterprise architecture",
                        "Keeps an overview of systems and data, and the standards they follow.",
                    ),
                    ("Portfolio management", "Chooses among projects, and follows what they cost and bring."),
                    ("Vendor management", "Buys licenses and services, and watches that vendors deliver them."),
                ),
            ),
            (
                "Technology operations",
                "What runs every day.",
                (
                    ("Service desk", "Takes faults and requests, and solves or passes them on."),
                    ("Workplace management", "Provides computers, phones and printers, and replaces them in time."),
                    ("Hosting and cloud", "Runs servers and platforms, in own rooms or rented ones."),
                    ("Network management", "Connects sites and people, by cable and by air."),
                    ("Collaboration services", "Provides mail, calendars, meetings and shared documents."),
                    ("Continuity of systems", "Copies data, and brings systems back after a failure."),
                ),
            ),
            (
                "Applications and data",
                "What people work with.",
                (
                    ("Application development", "Builds applications, and changes those that exist."),
                    ("Application maintenance", "Keeps applications current, safe and known."),
                    ("Data management", "Says who answers for which data, and keeps them clean."),
                    ("Analytics and reporting", "Turns data into figures that people decide on."),
                    ("System integration", "Lets systems exchange data without anybody typing it again."),
                ),
            ),
            (
                "Information security",
                "What keeps strangers out and data whole.",
                (
                    ("Identity and access", "Knows who is who, and who may do what."),
                    ("Security monitoring", "Notices attacks, and answers them."),
                    ("Vulnerability management", "Finds weak spots, and closes them before others do."),
                    ("Security awareness", "Teaches people what to click on and what not."),
                ),
            ),
        ),
    ),
    (
        "HR",
        "Human resources",
        "Finding people, keeping them and parting from them well.",
        (
            (
                "Workforce planning",
                "Which people are needed, in which posts.",
                (
                    ("Workforce forecasting", "Compares the people there are with those who will be needed."),
                    ("Position management", "Describes posts, grades them and keeps their number within the budget."),
                    ("Succession planning", "Prepares for the day on which key people leave."),
                ),
            ),
            (
                "Talent acquisition",
                "From a vacancy to the first day of work.",
                (
                    ("Recruitment", "Announces posts, and draws applications."),
                    ("Selection and appointment", "Assesses those who apply, by merit, and appoints."),
                    ("Background checks", "Checks people before they are trusted with a post."),
                    ("Onboarding", "Gives new people what they need from their first day."),
                ),
            ),
            (
                "Talent development",
                "What people learn and how they do.",
                (
                    ("Training", "Offers courses, and proves who took the required ones."),
                    ("Performance appraisal", "Agrees goals with people, and tells them how they did."),
                    ("Leadership development", "Prepares people to lead others."),
                ),
            ),
            (
                "Employee services",
                "What people ask of their employer.",
                (
                    ("Personnel records", "Keeps each person's file complete and private."),
                    ("Benefits administration", "Enrolls people in health, pension and other plans."),
                    ("Labor relations", "Talks with unions, and settles grievances."),
                    ("Separation and retirement", "Handles leaving, with final pay and handover."),
                ),
            ),
        ),
    ),
    (
        "FIN",
        "Finance",
        "Budget, books, payments and what is owed.",
        (
            (
                "Budget management",
                "What may be spent, and what was.",
                (
                    ("Budget formulation", "Gathers what programs need, and turns it into a proposal."),
                    ("Budget execution", "Releases funds, and stops spending beyond them."),
                    ("Financial planning", "Looks at several years of revenue and spending."),
                ),
            ),
            (
                "Accounting",
                "What the books say.",
                (
                    ("General ledger", "Records every transaction once, and closes each period."),
                    ("Asset accounting", "Records what is owned, with its value and wear."),
                    ("Cost accounting", "Works out what services and programs cost in full."),
                    ("Financial reporting", "Publishes statements that auditors can follow."),
                ),
            ),
            (
                "Payables and receivables",
                "Money going out and coming in.",
                (
                    ("Accounts payable", "Checks invoices, and pays them on the day they are due."),
                    ("Accounts receivable", "Bills what others owe, and matches what they pay."),
                    ("Debt collection", "Follows up on what is overdue."),
                    ("Travel and expenses", "Approves trips, and pays back what they cost."),
                ),
            ),
            (
                "Treasury and control",
                "Cash, grants and safeguards.",
                (
                    ("Cash management", "Keeps enough money in the right accounts."),
                    ("Grants administration", "Applies for grants, awards them and proves their use."),
                    ("Internal control", "Tests whether safeguards work, and mends those that do not."),
                ),
            ),
        ),
    ),
    (
        "PROC",
        "Procurement",
        "Buying what agencies need, from planning to payment.",
        (
            (
                "Sourcing",
                "What to buy, where and on which terms.",
                (
                    ("Demand planning", "Bundles what agencies will need before anybody buys."),
                    ("Market research", "Knows who sells what, at which prices."),
                    ("Solicitation and award", "Invites offers, compares them and chooses."),
                    ("Framework agreements", "Negotiates terms once from which many order."),
                ),
            ),
            (
                "Purchasing",
                "From a need to an order.",
                (
                    ("Requisition and approval", "Turns a need into an approved request."),
                    ("Ordering and receiving", "Sends orders, and confirms what arrived."),
                    ("Purchase cards", "Lets people buy small things, and checks them."),
                ),
            ),
            (
                "Contracts and suppliers",
                "What was agreed, with whom.",
                (
                    ("Contract administration", "Follows changes, acceptance, renewal and end of contracts."),
                    ("Supplier management", "Registers suppliers, and measures how they do."),
                    ("Inventory management", "Keeps supplies in stock, and counts them."),
                    ("Surplus property", "Passes on or sells what is no longer needed."),
                ),
            ),
        ),
    ),
    (
        "PAY",
        "Payroll",
        "Paying people right and on time.",
        (
            (
                "Time and leave",
                "What people worked.",
                (
                    ("Time recording", "Collects hours, shifts and overtime."),
                    ("Leave accounting", "Grants leave, and keeps its balance."),
                    ("Schedule management", "Plans shifts where work never stops."),
                ),
            ),
            (
                "Pay calculation",
                "From hours to pay.",
                (
                    ("Gross to net", "Computes pay by law, contract and agreement."),
                    ("Deductions and garnishments", "Withholds dues, premiums and court orders."),
                    ("Off-cycle payments", "Pays what cannot wait for the next run."),
                ),
            ),
            (
                "Pay delivery",
                "What follows from each run.",
                (
                    ("Payment of wages", "Transfers pay, and provides payslips."),
                    ("Payroll taxes and reporting", "Pays and reports taxes and contributions."),
                    ("Pay inquiries and corrections", "Answers about pay, and corrects it."),
                ),
            ),
        ),
    ),
    (
        "FAC",
        "Facilities",
        "Buildings, vehicles and what happens in them.",
        (
            (
                "Real estate",
                "Which space there is.",
                (
                    ("Space planning", "Decides who works where, and how much room that takes."),
                    ("Lease management", "Rents and gives up space, and watches terms."),
                    ("Capital projects", "Plans and builds new buildings and large repairs."),
                ),
            ),
            (
                "Building operations",
                "What keeps a building usable.",
                (
                    ("Maintenance", "Repairs buildings and equipment, before they fail if possible."),
                    ("Cleaning and grounds", "Keeps rooms, paths and green clean and safe."),
                    ("Energy management", "Buys power, heat and water, and uses less of them."),
                    ("Physical security", "Controls who comes in, and answers alarms."),
                ),
            ),
            (
                "Logistics",
                "What moves.",
                (
                    ("Fleet management", "Buys, lends, maintains and replaces vehicles."),
                    ("Mail and courier", "Receives, sorts and carries letters and parcels."),
                    ("Warehousing", "Stores goods, and sends them where they are needed."),
                ),
            ),
        ),
    ),
    (
        "REC",
        "Records",
        "What is kept, found and destroyed by rule.",
        (
            (
                "Records lifecycle",
                "From the first draft to the archive.",
                (
                    ("Records capture", "Takes documents in, with what is needed to find them."),
                    ("Classification and retention", "Says what is kept for how long, and why."),
                    ("Disposal and archiving", "Destroys what may go, and hands over what must stay."),
                ),
            ),
            (
                "Access to records",
                "Who finds and sees what.",
                (
                    ("Search and retrieval", "Finds a record when it is asked for."),
                    ("Public records requests", "Answers the public within the time that law sets."),
                    ("Privacy management", "Protects what is said of persons, and corrects it."),
                ),
            ),
            (
                "Digitization",
                "From paper to data.",
                (
                    ("Scanning", "Turns paper into pictures and text of proven quality."),
                    ("Electronic forms and signatures", "Takes in data and consent without paper."),
                ),
            ),
        ),
    ),
    (
        "LEG",
        "Legal",
        "Advice, disputes and rules.",
        (
            (
                "Legal advice",
                "What is allowed.",
                (
                    ("Counsel to agencies", "Answers questions of law before something is decided."),
                    ("Contract review", "Reads contracts for what they commit to."),
                    ("Ethics and conflicts of interest", "Advises on gifts, outside work and interests."),
                ),
            ),
            (
                "Disputes",
                "When parties do not agree.",
                (
                    ("Litigation", "Represents agencies in court."),
                    ("Administrative hearings", "Hears appeals against decisions of agencies."),
                    ("Claims and settlements", "Assesses claims, and settles those that are right."),
                ),
            ),
            (
                "Rules",
                "What is written down for all.",
                (
                    ("Rulemaking", "Drafts rules, and takes comments on them."),
                    ("Compliance monitoring", "Checks that agencies follow what binds them."),
                ),
            ),
        ),
    ),
    (
        "COM",
        "Communications",
        "What the public and the staff are told, and what they say.",
        (
            (
                "Public information",
                "What the public reads.",
                (
                    ("Media relations", "Answers journalists, and tells them what is new."),
                    ("Publications and design", "Makes reports, leaflets and pictures that people understand."),
                    ("Website content", "Keeps public pages right, plain and accessible."),
                    ("Campaigns", "Informs many people of one thing at one time."),
                ),
            ),
            (
                "Service to the public",
                "What the public asks.",
                (
                    ("Contact center", "Answers the public by phone, mail and chat."),
                    ("Translation and interpreting", "Makes services understood in other languages and in sign."),
                    ("Feedback and complaints", "Takes what people say, and sees that something follows."),
                ),
            ),
            (
                "Internal communications",
                "What the staff knows.",
                (
                    ("Staff information", "Tells people what changes, before it does."),
                    ("Emergency communications", "Reaches everybody fast when something has happened."),
                ),
            ),
        ),
    ),
)
