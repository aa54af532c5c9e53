"""What a starter question is made of."""

from __future__ import annotations

from dataclasses import dataclass

from ssoplanner.core.models import Tier
from ssoplanner.steps.registry import Pillar

PEOPLE, PROCESS, TECHNOLOGY, GOVERNANCE = Pillar.PEOPLE, Pillar.PROCESS, Pillar.TECHNOLOGY, Pillar.GOVERNANCE


@dataclass(frozen=True)
class StarterQuestion:
    """`levels` says what an agency at level 1, 2, 3, 4 and 5 looks like; no `tiers` means all of them."""

    code: str
    pillars: tuple[Pillar, ...]
    text: str
    levels: tuple[str, str, str, str, str]
    evidence_hint: str
    action: str
    weight: int = 1
    tiers: tuple[Tier, ...] = ()
