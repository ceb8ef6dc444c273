"""The script of the demonstration, whatever the hour it is loaded: no database needed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from participa.accounts.permissions import Actor
from participa.deliberation.models import Contribution
from participa.deliberation.rules import CHANNELS, MODERATION_RULES, STANCES
from participa.deliberation.saying import Said
from participa.deliberation.verdicts import VERDICTS
from participa.demo.acts import Act, Kind, acts_of
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import (
    ClosedConsultation,
    Forums,
    Municipality,
    Neighbour,
    Officials,
    Processes,
    Proposals,
    Results,
    SectionComments,
    content,
    text,
)
from participa.demo.outcome import Loaded
from participa.demo.passwords import new_password
from participa.demo.script import Line, Scene
from participa.entities.models import Entity
from participa.security.passwords import password_problem

BOGOTA = ZoneInfo("America/Bogota")
HOURS = [
    datetime(2026, 11, 23, 0, 4, tzinfo=BOGOTA),
    datetime(2026, 11, 23, 23, 56, tzinfo=BOGOTA),
    datetime(2028, 2, 29, 12, 0, tzinfo=BOGOTA),
    datetime(2027, 1, 1, 5, 0, tzinfo=BOGOTA),
]


async def never(_actor: Actor, _said: Said, _now: datetime) -> Contribution:
    """Stand for what opens a thread: here nothing is ever opened."""
    raise AssertionError


def cast_of(town: Municipality) -> Cast:
    """Give a municipality's people as they would be, without storing them."""
    officials = content(Officials, "officials.toml").official
    keys = [part.key for part in town.person]
    keys += [role for role in town.logins if role == "citizen"]
    names = {office.key: office.name for office in town.office}
    answering = [each.office for each in officials] + [
        login.office for login in town.logins.values() if login.office
    ]
    return Cast(
        entity=Entity(id=1, slug="x"),
        people={key: Actor(1, number, key) for number, key in enumerate(keys, 1)},
        offices={
            key: Actor(1, 900 + number, key, names[key])
            for number, key in enumerate(answering)
            if key in names
        },
        staff={},
        places={part.key: part.name for part in town.territory},
    )


def scenes(moment: datetime) -> dict[str, tuple[Scene, list[Line]]]:
    """Give everything that is said, by where."""
    calendar = Calendar(moment.astimezone(UTC), BOGOTA)
    town, vicinity = (
        content(Municipality, "municipality.toml"),
        content(Neighbour, "neighbour.toml"),
    )
    closed, comments = (
        content(ClosedConsultation, "consultation.toml"),
        content(SectionComments, "section_comments.toml"),
    )
    now = Scene(cast_of(town), calendar, calendar.now)
    then = Scene(cast_of(town), calendar, calendar.end_of(-closed.consultation.closed_days_ago))
    next_door = Scene(cast_of(vicinity), calendar, calendar.now)

    def forums(scene: Scene, parts: Forums | Neighbour) -> list[Line]:
        return [
            line for part in parts.forum for topic in part.topic
            for line in scene.topic(part.key, topic, never)
        ]  # fmt: skip

    proposals = content(Proposals, "proposals.toml").proposal
    return {
        "forums": (now, forums(now, content(Forums, "forums.toml"))),
        "proposals": (now, [line for each in proposals for line in now.proposal(each, never)]),
        "plan": (now, list(now.comments("plan", comments.comment))),
        "decree": (
            then,
            [
                *then.comments("decree", closed.contribution),
                *then.comments("decree", comments.decree_comment),
            ],
        ),
        "neighbour": (next_door, forums(next_door, vicinity)),
    }


def acts_at(moment: datetime) -> list[tuple[Scene, Act]]:
    """Give everything that happens when loading at a moment."""
    return [
        (scene, act) for scene, lines in scenes(moment).values() for act in acts_of(scene, lines)
    ]


@pytest.mark.parametrize("moment", HOURS)
def test_nothing_happens_in_the_future(moment: datetime) -> None:
    """Whatever the hour of loading, every act is past, and a closed space has been quiet since."""
    for scene, act in acts_at(moment):
        assert act.at < moment
        assert act.at <= scene.until, act.line.key


@pytest.mark.parametrize("moment", HOURS)
def test_acts_fall_into_the_phases_that_open_them(moment: datetime) -> None:
    """Every act falls into the phase of its process in which it was possible."""
    calendar = Calendar(moment.astimezone(UTC), BOGOTA)
    parts = content(Processes, "processes.toml")
    for where, (scene, lines) in scenes(moment).items():
        if where == "neighbour":
            continue
        process = parts.decree if where == "decree" else parts.plan
        phase = next(phase for phase in process.phase if phase.opens)
        opens_at, closes_at = calendar.start_of(phase.from_day), calendar.end_of(phase.to_day)
        for act in acts_of(scene, lines):
            assert opens_at <= act.at < closes_at, act.line.key


@pytest.mark.parametrize("moment", HOURS)
def test_answers_come_after_what_they_answer(moment: datetime) -> None:
    """An answer is said after its parent, in the same thread, while the parent can be read."""
    for scene, lines in scenes(moment).values():
        said = {line.key: line for line in lines}
        assert len(said) == len(lines), "a key is used twice"
        taken = {
            act.line.key: act.at
            for act in acts_of(scene, lines)
            if act.kind in {Kind.REMOVE, Kind.HIDE}
        }
        for line in lines:
            if line.reply_to is not None:
                parent = said[line.reply_to]
                assert (parent.thread, True) == (line.thread, parent.at < line.at), line.key
                assert line.at < taken.get(parent.key, line.at + timedelta(1)), line.key


def test_supports_come_from_distinct_others_after_the_words() -> None:
    """A support is never the author's own, never doubled, and never before the words."""
    seen: set[tuple[int, str, int | None]] = set()
    supports = [(s, act) for s, act in acts_at(HOURS[0]) if act.kind is Kind.SUPPORT]
    assert len(supports) > 1000
    for scene, act in supports:
        mark = (id(scene.cast), act.line.key, act.person_id)
        assert mark not in seen
        seen.add(mark)
        assert act.person_id != act.line.actor.person_id
        assert act.at > act.line.at


def test_words_use_the_houses_terms() -> None:
    """Stances, channels, rules and decisions in the content are those the house knows."""
    for _scene, act in acts_at(HOURS[0]):
        words = act.line.words
        assert words.stance is None or words.stance in STANCES, act.line.key
        assert words.channel in CHANNELS, act.line.key
        assert not words.hidden_rule or words.hidden_rule in MODERATION_RULES
        assert (words.channel == "workshop") == (words.people_count > 1), act.line.key
        assert words.author is not None or words.office is not None or words.channel != "web"
    for theme in content(Results, "results.toml").theme:
        assert bool(theme.decision) == bool(theme.answer) == bool(theme.office)
        assert not theme.decision or theme.decision in VERDICTS


def test_the_plan_is_commented_widely() -> None:
    """The comments on the plan reach at least fifteen sections, with answers among them."""
    comments = content(SectionComments, "section_comments.toml").comment
    assert len({comment.section for comment in comments}) >= 15
    assert len(comments) >= 36
    assert sum(comment.reply_to is not None for comment in comments) >= 8
    answered = {comment.reply_to for comment in comments if comment.office is not None}
    assert any(comment.author == "citizen" and comment.key in answered for comment in comments)


def test_passwords_can_be_used_to_register() -> None:
    """A password of four words passes the house's own rules, and no two are the same."""
    made = {new_password() for _each in range(50)}
    assert len(made) == 50
    for password in made:
        assert len(password.split()) == 4
        assert password_problem(password, "Elvira Santamaría", "elvira@example.org") is None
    words = text("words.txt").split()
    assert len(words) == len(set(words)) > 256


def test_passwords_are_told_once() -> None:
    """What was made now is told with its address; afterwards only how to make others."""
    told = Loaded(
        url="http://127.0.0.1:8000",
        neighbour_url="http://vecina.localhost:8000",
        emails={"citizen": "elvira@example.org"},
        processes=("plan",),
        report_url="http://127.0.0.1:8000/informes/1",
        is_new=True,
        passwords={"citizen": "cielo barro luna pozo"},
    )
    assert any("cielo barro luna pozo" in line for line in told.lines())
    assert told.as_dict()["logins"] == {
        "citizen": {"email": "elvira@example.org", "password": "cielo barro luna pozo"}
    }
    again = replace(told, is_new=False, passwords={})
    assert "--new-passwords" in again.lines()[-1]
    assert "cielo" not in " ".join(again.lines())
    assert again.as_dict()["logins"] == {
        "citizen": {"email": "elvira@example.org", "password": None}
    }
