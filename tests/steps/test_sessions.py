"""The ten sessions: two a phase, over every step of the method, each a whole agenda."""

from __future__ import annotations

from ssoplanner.phases import PHASES
from ssoplanner.steps.registry import steps, steps_by_key
from ssoplanner.steps.sessions import SESSIONS, sessions_of


def test_there_are_ten_in_order_two_for_each_phase() -> None:
    assert [session.number for session in SESSIONS] == list(range(1, 11))
    assert [session.phase for session in SESSIONS] == [phase.key for phase in PHASES for _ in range(2)]
    assert [session.number for session in sessions_of("design")] == [3, 4]
    assert sessions_of("none") == ()


def test_every_step_belongs_to_a_session_of_its_own_phase() -> None:
    covered = {key for session in SESSIONS for key in session.steps if key.startswith(f"{session.phase}.")}
    assert covered == {step.key for step in steps()}


def test_every_key_exists() -> None:
    named = {key for session in SESSIONS for key in session.steps}
    assert named <= steps_by_key().keys()


def test_each_is_an_agenda_that_people_can_meet_over() -> None:
    for session in SESSIONS:
        assert 90 <= session.minutes <= 180, session.title
        assert 3 <= len(session.agenda) <= 6 and all(10 <= item.minutes <= 60 for item in session.agenda), session.title
        assert session.roles and session.guests and session.bring and session.decides, session.title
        assert session.purpose.endswith(".") and session.purpose.count(". ") == 0, session.title
        assert not any(phrase.endswith(".") for phrase in (*session.bring, *session.decides, *session.guests))


def test_nothing_is_said_twice() -> None:
    texts = [item.text for session in SESSIONS for item in session.agenda]
    texts += [phrase for session in SESSIONS for phrase in session.decides] + [s.title for s in SESSIONS]
    assert len(set(texts)) == len(texts)
