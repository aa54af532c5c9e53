"""What agencies read while they rate: each aspect of technology with its five levels, and the words of the scales.

The words are our own. Level 3 of an aspect is what sharing a service needs at least, so what is below it is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assess.models import Aspect

# What a level of technology means in a word or two, from 1 to 5.
LEVEL_WORDS = ("Not there", "In parts", "Enough to share", "Good", "Leading")
IMPORTANCE_WORDS = ("Marginal", "Useful", "Important", "Very important", "Vital")
# Maturity over all pillars, as a target and as the mean of what was given.
OVERALL_WORDS = ("At the beginning", "In parts", "Working", "Managed", "Leading")
MATURITY_WORDS: Mapping[str, tuple[str, ...]] = {
    "people": ("Nobody skilled", "A few individuals", "A trained team", "A team with cover", "Experts others ask"),
    "process": ("No fixed way", "Habit", "Written down", "Measured", "Improved all the time"),
    "technology": ("By hand", "Stand-alone tools", "One working system", "Connected", "Automated throughout"),
    "governance": ("Nobody decides", "Case by case", "An owner decides", "Rules are kept", "Reviewed by results"),
}


@dataclass(frozen=True)
class AspectText:
    """`asks` is the question, `levels` describe 1 to 5, `shows` names what would show a level."""

    key: str
    asks: str
    levels: tuple[str, str, str, str, str]
    shows: str

    @property
    def label(self) -> str:
        return str(Aspect(self.key).label)


ASPECTS = (
    AspectText(
        Aspect.NETWORKS,
        "Can staff at every site reach a service that is run elsewhere?",
        (
            "Sites are connected poorly or not at all; what runs elsewhere cannot be used.",
            "The main sites have a steady connection. Smaller ones lose it, or it is too slow for daily work.",
            "All sites that would use a shared service reach it fast enough, and faults are mended in agreed time.",
            "Important sites have a second line, load is measured, and capacity is added before it is short.",
            "The network adapts by itself, sites change over without anybody noticing, and it is tested regularly.",
        ),
        "A list of sites with their lines, a measurement, the contract with its times to repair.",
    ),
    AspectText(
        Aspect.HOSTING,
        "Where do systems run, and what happens when that place fails?",
        (
            "Servers stand in offices. Nobody knows how long it takes to bring one back.",
            "There is a machine room with backups, but nobody has tried to restore from them lately.",
            "Systems run in a data centre or cloud with backups that were restored in a test, so they can be moved.",
            "A second place takes over within hours, and versions and capacity are kept up to date by plan.",
            "Systems are built anew from a description at any time; the second place takes over within minutes.",
        ),
        "The last test of recovery, the hosting contract, a list of systems with where they run.",
    ),
    AspectText(
        Aspect.INTEGRATION,
        "How do systems pass data on to other systems?",
        (
            "People type it over, or send files by mail.",
            "Some files are exchanged by fixed jobs; each pair of systems has a way of its own.",
            "The main systems offer documented interfaces, so that a shared service can be connected to them.",
            "A common platform carries and watches the connections, and a failed one is noticed at once.",
            "Interfaces are published, versioned and used by others, who connect to them without asking.",
        ),
        "A list of interfaces, their documentation, one that another organization uses.",
    ),
    AspectText(
        Aspect.IDENTITY,
        "Is it certain who signs in, from what device, and what they may do?",
        (
            "Each system has passwords of its own. Accounts of people who left are still open.",
            "There is a central directory, but important systems stand outside it, or a password alone is enough.",
            "Each person has one account with a second factor, which ends when they leave and can be linked to others.",
            "Access follows the role, devices are checked too, and rights are reviewed on fixed dates.",
            "Each request is checked by person, device and situation, inside the own network as well as outside.",
        ),
        "An audit, a report on second factors, the last review of access.",
    ),
    AspectText(
        Aspect.DATA_QUALITY,
        "Can others rely on the data as it is?",
        (
            "Nobody knows how complete or correct it is.",
            "Errors are known and mended when somebody trips over them.",
            "The data that a shared service needs has an owner, rules check it, and its known errors are on a list.",
            "Errors are measured and fall, and are mended where they arise.",
            "Quality is promised in figures to those who use the data, and the promise is kept.",
        ),
        "A check of the data with its date, the list of known errors, who owns which data.",
    ),
    AspectText(
        Aspect.INTEROPERABILITY,
        "Does the data mean the same to others?",
        (
            "Codes and terms are the agency's own, and are written down nowhere.",
            "They are written down. Each exchange needs a translation made for it.",
            "Common codes and formats are used for what is shared, or a translation into them is kept up to date.",
            "Standards of the state or the field are used throughout, and departures from them are justified.",
            "The agency helps to shape the standards, and new data follows them from the beginning.",
        ),
        "A data dictionary, the standards in use, an exchange that works today.",
    ),
    AspectText(
        Aspect.WILLINGNESS,
        "Do those who decide over the data want to share it?",
        (
            "Sharing is refused, or nobody dares to decide.",
            "It is done where a law demands it, case by case and late.",
            "Management has said in writing which data it shares for a shared service, and who decides in doubt.",
            "Sharing is the rule; whoever holds data back gives a reason.",
            "The agency offers data on its own account, and shows what others gain by it.",
        ),
        "A letter or decision of the management, an agreement that was signed, an example from last year.",
    ),
    AspectText(
        Aspect.AUTHORITY,
        "May the agency share the data by law?",
        (
            "Nobody has examined it, or a law forbids it.",
            "It is being examined. Some data may be shared, for the rest it is open.",
            "For the data that a shared service needs, statute or agreement allows it, and counsel has confirmed it.",
            "Agreements with the partners are in force, with purposes, retention and audit.",
            "A lasting legal basis covers new purposes too, and what is shared is published.",
        ),
        "The statute with its section, an opinion of counsel, a data sharing agreement.",
    ),
)


@cache
def aspects_by_key() -> Mapping[str, AspectText]:
    """Aspect -> its text, in the order in which they are asked."""
    return {str(text.key): text for text in ASPECTS}


def level_word(level: int) -> str:
    """What a level of technology means in a word or two."""
    return LEVEL_WORDS[level - 1]


def scale() -> list[tuple[int, str]]:
    """The levels of technology with their words."""
    return list(enumerate(LEVEL_WORDS, start=1))
