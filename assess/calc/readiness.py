"""How ready one agency is to share services, from the questionnaires that its respondents submitted.

- Mean of a question: the mean of the levels (1-5) that the respondents gave.
- Score of a dimension or pillar: the mean of its questions' means, weighted by the questions' weights.
- Overall: the mean of the dimensions that have a score, each counting the same.
- Gap: target - score; below zero where the target is passed.
- Spread: the largest score of a dimension from one respondent - the smallest, from two respondents on.
- Agreement: Krippendorff's alpha on the ordinal level over all questions, the respondents being the raters.
- Answered, with evidence: how many answers give a level, and how many of those name evidence, of all that were asked.

Scores are levels from 1 to 5. "Don't know" and "not applicable" are counted, and left out of every mean with their
weight. The program office's own rating stands apart, under `independent`. `before` is the same agency in the campaign
before this one. Refused: nothing; without a submitted questionnaire there are no scores.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from assess.calc.agreement import krippendorff_alpha
from ssoplanner.calc.weighted_mean import weighted_mean

Levels = Mapping[int, int]  # question -> level


@dataclass(frozen=True)
class QuestionInput:
    """A question that the agency is asked."""

    id: int
    code: str
    dimension: str
    pillars: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Answers:
    """What one respondent submitted; `dimensions` are those that were theirs to answer."""

    dimensions: frozenset[str]
    levels: Levels = field(default_factory=dict)
    unknown: frozenset[int] = frozenset()
    not_applicable: frozenset[int] = frozenset()
    with_evidence: frozenset[int] = frozenset()


@dataclass(frozen=True)
class CampaignInput:
    id: int
    targets: Mapping[str, float]
    questions: tuple[QuestionInput, ...]
    own: tuple[Answers, ...]
    independent: tuple[Answers, ...] = ()


@dataclass(frozen=True)
class AgencyInput:
    """`dimensions` in their order; `asked` respondents got a questionnaire in the newest campaign."""

    dimensions: tuple[str, ...]
    pillars: tuple[str, ...]
    campaign: CampaignInput | None = None
    asked: int = 0
    before: CampaignInput | None = None


@dataclass(frozen=True)
class DimensionState:
    score: float | None
    target: float | None
    gap: float | None
    answered: int
    unknown: int
    not_applicable: int
    of: int
    with_evidence: int
    spread: float | None


@dataclass(frozen=True)
class Scores:
    campaign: int
    overall: float | None
    dimensions: Mapping[str, float | None]


@dataclass(frozen=True)
class QuestionColumns:
    """The questions that somebody answered with a level, one place each."""

    question: list[int]
    code: list[str]
    dimension: list[str]
    mean: list[float]
    lowest: list[int]
    highest: list[int]
    count: list[int]


@dataclass(frozen=True)
class Readiness:
    campaign: int | None
    respondents: int
    submitted: int
    overall: float | None
    dimensions: Mapping[str, DimensionState]
    pillars: Mapping[str, float | None]
    independent: Scores | None
    agreement: float | None
    questions: QuestionColumns
    before: Scores | None


def readiness(agency: AgencyInput) -> Readiness:
    """The scores of the newest campaign, with what they rest on."""
    campaign = agency.campaign or CampaignInput(0, {}, (), ())
    means = _means(campaign.questions, campaign.own)
    scores = _scores(campaign, campaign.own, agency.dimensions)
    return Readiness(
        campaign=agency.campaign.id if agency.campaign else None,
        respondents=agency.asked,
        submitted=len(campaign.own),
        overall=scores.overall,
        dimensions={key: _dimension(campaign, key, scores.dimensions[key]) for key in agency.dimensions},
        pillars={key: _score(campaign.questions, means, pillar=key) for key in agency.pillars},
        independent=_scores(campaign, campaign.independent, agency.dimensions) if campaign.independent else None,
        agreement=_agreement(campaign),
        questions=_columns(campaign),
        before=_scores(agency.before, agency.before.own, agency.dimensions) if agency.before else None,
    )


def _levels(question: int, answers: Iterable[Answers]) -> list[int]:
    return [one.levels[question] for one in answers if question in one.levels]


def _means(questions: Iterable[QuestionInput], answers: Collection[Answers]) -> dict[int, float]:
    given = {question.id: _levels(question.id, answers) for question in questions}
    return {pk: fmean(levels) for pk, levels in given.items() if levels}


def _score(
    questions: Iterable[QuestionInput], means: Mapping[int, float], *, dimension: str = "", pillar: str = ""
) -> float | None:
    """The weighted mean of the questions of one dimension or of one pillar."""
    chosen = (one for one in questions if one.dimension == dimension or pillar in one.pillars)
    return weighted_mean((means.get(one.id), one.weight) for one in chosen)


def _scores(campaign: CampaignInput, answers: Collection[Answers], dimensions: Iterable[str]) -> Scores:
    means = _means(campaign.questions, answers)
    found = {key: _score(campaign.questions, means, dimension=key) for key in dimensions}
    known = [score for score in found.values() if score is not None]
    return Scores(campaign.id, fmean(known) if known else None, found)


def _dimension(campaign: CampaignInput, key: str, score: float | None) -> DimensionState:
    asked = frozenset(question.id for question in campaign.questions if question.dimension == key)
    own = [one for one in campaign.own if key in one.dimensions]
    target = campaign.targets.get(key)
    return DimensionState(
        score=score,
        target=target,
        gap=None if score is None or target is None else target - score,
        answered=sum(len(asked & one.levels.keys()) for one in own),
        unknown=sum(len(asked & one.unknown) for one in own),
        not_applicable=sum(len(asked & one.not_applicable) for one in own),
        of=len(asked) * len(own),
        with_evidence=sum(len(asked & one.levels.keys() & one.with_evidence) for one in own),
        spread=_spread(campaign, key, own),
    )


def _spread(campaign: CampaignInput, key: str, own: Sequence[Answers]) -> float | None:
    each = [_score(campaign.questions, dict(one.levels), dimension=key) for one in own]
    known = [score for score in each if score is not None]
    return max(known) - min(known) if len(known) > 1 else None


def _agreement(campaign: CampaignInput) -> float | None:
    ratings = {
        place: [one.levels.get(question.id) for question in campaign.questions]
        for place, one in enumerate(campaign.own)
    }
    return krippendorff_alpha(ratings, "ordinal") if len(ratings) > 1 else None


def _columns(campaign: CampaignInput) -> QuestionColumns:
    rows = [(question, _levels(question.id, campaign.own)) for question in campaign.questions]
    known = [(question, levels) for question, levels in rows if levels]
    return QuestionColumns(
        question=[question.id for question, _ in known],
        code=[question.code for question, _ in known],
        dimension=[question.dimension for question, _ in known],
        mean=[fmean(levels) for _, levels in known],
        lowest=[min(levels) for _, levels in known],
        highest=[max(levels) for _, levels in known],
        count=[len(levels) for _, levels in known],
    )
