"""The people of the demo plan, one for each role, and how they sign in. Local use only."""

from __future__ import annotations

from dataclasses import dataclass

from ssoplanner.core.models import Role

PASSWORD = "illustrative-2026"  # published on purpose: the demo loads on a local installation only


@dataclass(frozen=True)
class SignIn:
    """A made-up person: what they do in the plan, and which agencies (codes) they lead."""

    role: str
    name: str
    email: str
    key: Role
    agencies: tuple[str, ...] = ()
    password: str = PASSWORD


SIGN_INS = (
    SignIn("Program office", "Ana Ortiz", "office@example.gov", Role.OFFICE),
    SignIn("Agency lead (Health)", "Ben Achebe", "health@example.gov", Role.LEAD, ("DOH",)),
    SignIn("Agency lead (Parks, Library)", "Carla Voss", "parks@example.gov", Role.LEAD, ("DPR", "SLA")),
    SignIn("Board member", "Dev Raman", "board@example.gov", Role.BOARD),
    SignIn("Analyst", "Edda Lindqvist", "analyst@example.gov", Role.ANALYST),
    SignIn("Viewer", "Farid Nassar", "viewer@example.gov", Role.VIEWER),
)
