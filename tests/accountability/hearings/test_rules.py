"""The rules of a hearing: where a question may go, how minutes are divided, what a file holds."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from participa.accountability.hearing.agenda import (
    GUARANTEED,
    Point,
    Theme,
    divide,
    plan,
    point_now,
    times,
)
from participa.accountability.hearing.captions import NotCaptions, read_captions, written
from participa.accountability.hearing.recording_pages import moment_url, passages
from participa.accountability.hearing.rules import (
    Mode,
    Move,
    Phase,
    QuestionState,
    due_on,
    has_room,
    minute_text,
    moved,
    moves_from,
    phase_of,
    read_minute,
    settled,
    state_of,
)
from participa.accountability.hearing.stages import Facts, Stage, current, steps
from participa.kit.ical import CalendarEvent, calendar_file
from participa.petitions.rules import rulebook

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
R, S, L = QuestionState.RECEIVED, QuestionState.SHORTLISTED, QuestionState.LIVE
A, P, M = QuestionState.ANSWERED, QuestionState.PENDING, QuestionState.MERGED


def test_every_state_has_a_way_to_an_answer_or_a_promise() -> None:
    """From wherever a question stands it can be answered or owed, whatever the phase."""
    for state in QuestionState:
        for phase in Phase:
            can = moves_from(state, phase)
            if state in {A, M}:
                assert can == ()
            else:
                assert {Move.ANSWER, Move.OWE} <= set(can)


@pytest.mark.parametrize(
    ("state", "move", "phase", "after"),
    [
        (R, Move.SHORTLIST, Phase.COMING, S),
        (S, Move.SHOW, Phase.COMING, None),
        (S, Move.SHOW, Phase.LIVE, L),
        (R, Move.SHOW, Phase.LIVE, L),
        (L, Move.TAKE_DOWN, Phase.LIVE, S),
        (L, Move.SHOW, Phase.LIVE, None),
        (S, Move.UNLIST, Phase.LIVE, R),
        (R, Move.SHORTLIST, Phase.OVER, None),
        (P, Move.SHOW, Phase.OVER, None),
        (P, Move.ANSWER, Phase.OVER, A),
        (A, Move.OWE, Phase.LIVE, None),
    ],
)
def test_what_the_desk_may_do(
    state: QuestionState, move: Move, phase: Phase, after: QuestionState | None
) -> None:
    """Nothing goes on the screen before or after the hearing; an answer is never made a debt."""
    assert moved(state, move, phase) is after


def test_any_walk_through_the_desk_can_be_settled() -> None:
    """A thousand random walks: whatever was pressed, owing what is left settles every question."""
    chance = random.Random(7)  # noqa: S311 - the same walks each time
    for _walk in range(1000):
        state = R
        for _step in range(8):
            phase = chance.choice([Phase.COMING, Phase.LIVE])
            options = moves_from(state, phase)
            if options:
                state = moved(state, chance.choice(options), phase) or state
        if not settled(state):
            assert moved(state, Move.OWE, Phase.OVER) is P


@pytest.mark.parametrize(
    ("stored", "is_merged", "is_answered", "state"),
    [
        ("", False, False, R),
        ("live", False, False, L),
        ("pending", False, True, A),
        ("live", True, True, M),
        ("answered", False, False, P),
    ],
)
def test_what_the_conversation_shows_wins(
    stored: str, is_merged: bool, is_answered: bool, state: QuestionState
) -> None:
    """An answer counts wherever it was given; one that was taken back is owed again."""
    assert state_of(stored, is_merged=is_merged, is_answered=is_answered) is state


@pytest.mark.parametrize(
    ("held", "asked", "due"),
    [
        # A Friday; 8 December, a Tuesday, is free, and so is the 25th.
        (date(2026, 11, 27), date(2026, 11, 20), date(2026, 12, 21)),
        (date(2026, 11, 28), date(2026, 11, 20), date(2026, 12, 22)),
        (date(2026, 11, 27), date(2026, 12, 1), date(2026, 12, 23)),
    ],
)
def test_the_term_runs_in_business_days(held: date, asked: date, due: date) -> None:
    """Fifteen business days from the hearing, or a later asking; Saturday is Monday."""
    assert due_on(held, asked, rulebook().calendar) == due


def test_phases_follow_what_was_pressed() -> None:
    """Its hour passing does not begin a hearing, nor end it."""
    assert phase_of(None, None) is Phase.COMING
    assert phase_of(NOON, None) is Phase.LIVE
    assert phase_of(NOON, NOON) is Phase.OVER


def test_seats_are_for_who_comes() -> None:
    """The last seat may be taken, not the one after; far away there is always room."""
    assert has_room(10, 9, Mode.IN_PERSON)
    assert not has_room(10, 10, Mode.IN_PERSON)
    assert has_room(10, 10, Mode.VIRTUAL)
    assert has_room(None, 5000, Mode.IN_PERSON)


def _themes(chance: random.Random) -> list[Theme]:
    found = [
        Theme(f"t{n}", chance.randint(1, 30), chance.randint(1, 500))
        for n in range(chance.randint(0, 30))
    ]
    if chance.random() < 0.7:
        found.append(Theme("", chance.randint(1, 9), chance.randint(1, 40), is_others=True))
    return found


def test_minutes_add_up_and_nobody_is_left_out() -> None:
    """Of 500 random hearings: each theme has its guarantee, more voices never get less."""
    chance = random.Random(11)  # noqa: S311 - the same hearings each time
    for _hearing in range(500):
        duration, themes = chance.randint(60, 480), _themes(chance)
        slots = plan(duration, themes)
        assert sum(slot.minutes for slot in slots) == duration
        spoken = [slot for slot in slots if slot.point in {Point.THEME, Point.OTHERS}]
        assert all(slot.minutes >= GUARANTEED for slot in spoken)
        assert sum(slot.questions for slot in spoken) == sum(theme.questions for theme in themes)
        named = [slot for slot in spoken if slot.point is Point.THEME]
        by_voices = sorted(named, key=lambda slot: (slot.voices, slot.minutes))
        assert [s.minutes for s in by_voices] == sorted(s.minutes for s in named)


def test_a_minority_keeps_its_minutes() -> None:
    """Three voices beside three hundred have the guarantee, and are said to be a minority."""
    slots = plan(120, [Theme("vías", 40, 300), Theme("lengua nasa", 2, 3)])
    minority = next(slot for slot in slots if slot.title == "lengua nasa")
    assert (minority.minutes >= GUARANTEED, minority.is_minority) == (True, True)
    assert not next(slot for slot in slots if slot.title == "vías").is_minority


def test_division_refuses_what_does_not_fit() -> None:
    """Six minutes are not two guarantees of five; nothing is divided among nobody."""
    with pytest.raises(ValueError, match="guaranteed"):
        divide(6, [Theme("a", 1, 1), Theme("b", 1, 1)])
    assert divide(6, []) == []


def test_the_point_in_course_follows_the_clock() -> None:
    """Each point begins where the one before ends; before and after there is none."""
    assert times(NOON, [10, 20]) == [NOON, NOON + timedelta(minutes=10)]
    minutes = [(-1, None), (0, 0), (9, 0), (10, 1), (29, 1), (30, None)]
    for minute, point in minutes:
        assert point_now(NOON, [10, 20], NOON + timedelta(minutes=minute)) == point


@pytest.mark.parametrize(
    ("text", "second"),
    [("0:07", 7), ("42:10", 2530), ("1:02:03", 3723), ("123:00", 7380), ("1:60", None),
     ("42", None), ("-1:00", None), ("a:bc", None), ("1:2:3:4", None), ("٤:١٠", None)],
)  # fmt: skip
def test_minutes_are_read_as_players_write_them(text: str, second: int | None) -> None:
    """Minutes and seconds, with hours before them; what is no time is none."""
    assert read_minute(text) == second
    if second is not None:
        assert read_minute(minute_text(second)) == second


VTT = """\ufeffWEBVTT - audiencia

NOTE nada

STYLE
::cue { color: red }

1
00:00:05.000 --> 00:00:08.500 align:start
<v Alcaldesa>Buenos días &amp; bienvenidos

01:02.000 --> 01:03.000
¿Y el <b>puente</b>?
segunda línea
"""


def test_captions_are_read_and_written_again() -> None:
    """Who speaks stays, marks and notes go; what we write is read as the same."""
    cues = read_captions(VTT)
    assert [(cue.start, cue.end) for cue in cues] == [(5000, 8500), (62000, 63000)]
    assert cues[0].words == "Alcaldesa: Buenos días & bienvenidos"
    assert cues[1].words == "¿Y el puente ? segunda línea".replace(" ?", "?")
    assert read_captions(written(cues)) == cues
    assert (
        "<"
        not in written(read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\na &lt;script>")).split(
            "\n", 3
        )[3]
    )


@pytest.mark.parametrize(
    "text", ["", "SRT\n", "WEBVTT\n", "WEBVTT\n\n00:99.000 --> 00:01.000\nx",
             "WEBVTT\n\n00:05.000 --> 00:01.000\nx"],
)  # fmt: skip
def test_what_is_no_captions_file_is_refused(text: str) -> None:
    """It says what is wrong instead of keeping half of it."""
    with pytest.raises(NotCaptions):
        read_captions(text)


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("https://www.youtube.com/watch?v=x&t=4s", "https://www.youtube.com/watch?v=x&t=90s"),
        ("https://youtu.be/x", "https://youtu.be/x?t=90s"),
        ("https://radio.example.org/a.mp3", "https://radio.example.org/a.mp3#t=90"),
        ("", ""),
    ],
)
def test_a_moment_has_an_address(url: str, there: str) -> None:
    """Two great sites take it in the query, files as a media fragment."""
    assert moment_url(url, 90) == there


def test_an_answer_begins_a_passage() -> None:
    """Captions are joined by the minute, and cut where an answer begins."""
    lines = [f"00:{s:02}.000 --> 00:{s:02}.900\np{s}\n" for s in range(0, 59, 10)]
    cues = read_captions("WEBVTT\n\n" + "\n".join(lines))
    assert [p.words for p in passages(cues, "", [25])] == ["p0 p10 p20", "p30 p40 p50"]


def test_stages_say_what_is_missing_and_late() -> None:
    """A report three days before its hearing is late, and stays the first thing to look at."""
    held = date(2026, 11, 30)
    facts = Facts(
        held, held - timedelta(days=60), held - timedelta(days=40), held - timedelta(days=3)
    )
    found = steps(facts)
    assert {step.stage for step in found} == set(Stage)
    report = next(step for step in found if step.done_on == held - timedelta(days=3))
    assert report.is_late(held)
    assert current(found) is Stage.PREPARATION
    assert not found[0].is_late(held)


def test_a_calendar_file_is_what_calendars_read() -> None:
    """CRLF, no line over 75 bytes, text escaped; moved, the same entry has a higher number."""
    event = CalendarEvent(
        "a@b", "Audiencia; lo hecho, lo que falta", NOON, NOON + timedelta(hours=3), NOON,
        place="Coliseo\nSan Roque", description="ñ" * 100, url="https://x.org/1", revision=2,
    )  # fmt: skip
    raw = calendar_file("Rendición", [event])
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)
    whole = raw.decode().replace("\r\n ", "")
    assert "SUMMARY:Audiencia\\; lo hecho\\, lo que falta\r\n" in whole
    assert "LOCATION:Coliseo\\nSan Roque\r\n" in whole
    assert "DTSTART:20261123T170000Z\r\nDTEND:20261123T200000Z\r\nSEQUENCE:2\r\n" in whole
    assert "ñ" * 100 in whole
    assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n")
