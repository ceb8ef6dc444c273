"""The demonstration as loaded: as much as was promised, and everything that holds of real rows."""

from collections import Counter, defaultdict
from datetime import datetime

import pytest
from tortoise import Tortoise
from tortoise.models import Model

from participa.accounts.models import LoginSession, Person, RoleGrant
from participa.accounts.permissions import Role
from participa.accounts.service import sign_in
from participa.channels.models import Recorded, Recording
from participa.consultations.models import Anchor
from participa.consultations.rules import SECTION_KIND
from participa.deliberation.models import (
    Contribution,
    Merge,
    Pin,
    ReceiptCounter,
    Revision,
    Support,
    Thread,
    ThreadEvent,
)
from participa.deliberation.rules import CHANNELS, State, depth
from participa.deliberation.voices import heard_in_process
from participa.demo import load_demo, loading
from participa.demo.content import Municipality, Neighbour, content
from participa.entities.models import Entity, EntityRow
from participa.entities.service import create_entity
from participa.forums.models import Forum
from participa.insights.models import Cluster, ReportMember, ResultReport
from participa.insights.service import BUILD_REPORT
from participa.jobs.models import Job
from participa.kit.receipts import parse_receipt
from participa.plans.changes import Change, changed_sections
from participa.plans.models import Plan, SectionText
from participa.settings import Settings
from participa.web.refusals import Conflict
from tests.demo.conftest import Demo
from tests.people import NOW
from tests.people import Municipality as Town

AHEAD = {"opens_at", "closes_at", "held_at", "expires_at"}
pytestmark = pytest.mark.xdist_group("demo")


def models() -> list[type[Model]]:
    """List every table's model."""
    apps = (Tortoise.apps or {}).values()
    return [model for app in apps for model in app.values() if not model._meta.abstract]


async def row_counts() -> dict[str, int]:
    """Count the rows of every table."""
    return {model._meta.db_table: await model.all().count() for model in models()}


async def test_comments_are_about_passages(demo: Demo, chirata: Entity) -> None:
    """Each kind is there, moved to the second version, and some wait for an official."""
    anchors = await Anchor.of(chirata.id)
    assert Counter(each.remark for each in anchors) == {
        "observation": 3, "amendment": 2, "question": 1,
    }  # fmt: skip
    assert {each.seen_on for each in anchors} == {2}
    assert {"exact", "doubtful"} <= {each.state for each in anchors}
    assert await Pin.of(chirata.id).count() == 1
    assert await Merge.of(chirata.id).count() == 1
    assert await Thread.of(chirata.id).exclude(pinned_at=None).count() == 1


async def test_the_plan_has_a_second_version(demo: Demo, chirata: Entity) -> None:
    """It puts a goal in and rewords four; the goal that was renumbered kept its conversation."""
    plan = await Plan.of(chirata.id).get(process__slug="plan-de-desarrollo")
    changes = await changed_sections(chirata.id, plan.id, 2)
    assert Counter(str(each.change) for each in changes) == {"changed": 4, "new": 1, "moved": 1}
    (moved,) = (each.entry for each in changes if each.change is Change.MOVED)
    thread = await Thread.of(chirata.id).get(kind=SECTION_KIND, place_id=moved.section_id)
    assert (moved.number, thread.title) == ("2.2.2.3", "2.2.2.3 Familias reubicadas")
    assert thread.contribution_count > 0


async def test_there_is_as_much_as_promised(demo: Demo, chirata: Entity) -> None:
    """A plan of 40 sections, 3 forums with 150 contributions, 300 in the closed consultation."""
    plan = SectionText.of(chirata.id).filter(version__plan__process__slug="plan-de-desarrollo")
    assert await plan.count() >= 40
    assert {section.kind for section in await plan} == {"eje", "programa", "subprograma", "meta"}
    assert await Forum.of(chirata.id).count() == 3
    everything = Contribution.of(chirata.id)
    assert await everything.filter(thread__kind="forums.topic").count() >= 150
    assert (
        await everything.filter(thread__kind="consultations.proposal", is_opening=True).count() >= 8
    )
    decree = await everything.filter(thread__process__slug="decreto-movilidad-y-plaza")
    assert len(decree) >= 300
    assert {row.channel for row in decree} == {"web", "telephone", "paper", "workshop"}
    assert all(row.people_count > 1 for row in decree if row.channel == "workshop")
    assert {row.state for row in await everything} == set(State)
    assert await everything.filter(edit_count__gt=0).exists()
    assert await everything.exclude(office="").count() >= 30


async def test_the_plan_was_heard_by_every_channel(demo: Demo, chirata: Entity) -> None:
    """A mesa of 23 left four contributions; a call, a paper form and an organisation one each."""
    rows = Recording.of(chirata.id).select_related("organisation").order_by("id")
    found = {row.kind: row for row in await rows}
    assert list(found) == ["workshop", "telephone", "paper", "organisation"]
    assert found["workshop"].people_count == 23
    left = [await Recorded.of(chirata.id).filter(recording=each).count() for each in found.values()]
    assert left == [4, 1, 1, 1]
    heard = await heard_in_process(chirata.id, found["paper"].process_id)
    assert list(heard.channels) == list(CHANNELS)
    assert heard.all.organisations == 1


async def test_the_report_is_published_and_accounts_for_all(demo: Demo, chirata: Entity) -> None:
    """The closed consultation has its report, number 1, in which nobody is missing."""
    report = await ResultReport.of(chirata.id).get()
    assert (report.state, report.number) == ("published", 1)
    assert demo.loaded.report_url == f"{demo.url}/informes/1"
    received = Contribution.of(chirata.id).filter(process_id=report.process_id)
    assert report.ledger["received"] == await received.count()
    assert await ReportMember.of(chirata.id).count() == await received.filter(office="").count()
    themes = await Cluster.of(chirata.id).filter(report_id=report.id)
    assert sum(bool(theme.name) for theme in themes) >= 5
    assert sum(bool(theme.answer_decision and theme.answer_office) for theme in themes) >= 2
    assert not await Job.filter(name=BUILD_REPORT, done_at=None).exists()


async def test_counters_equal_recounts(demo: Demo) -> None:
    """What threads and contributions say of themselves is what their rows add up to."""
    for entity in await Entity.all():
        rows = await Contribution.of(entity.id)
        by_thread = Counter(row.thread_id for row in rows)
        replies = Counter(row.parent_id for row in rows)
        supports = Counter([s.contribution_id for s in await Support.of(entity.id)])
        revisions = Counter([r.contribution_id for r in await Revision.of(entity.id)])
        openings = {row.thread_id: row for row in rows if row.is_opening}
        for row in rows:
            assert row.reply_count == replies[row.id]
            assert row.support_count == supports[row.id]
            assert row.edit_count == revisions[row.id]
        for thread in await Thread.of(entity.id):
            assert thread.contribution_count == by_thread[thread.id]
            opening = openings.get(thread.id)
            assert thread.support_count == (opening.support_count if opening else 0)


async def test_events_are_numbered_without_gaps_in_the_order_of_time(demo: Demo) -> None:
    """Each thread's events are 1, 2, 3… as they happened, one for each thing that happened."""
    for entity in await Entity.all():
        events: dict[int, list[ThreadEvent]] = defaultdict(list)
        for event in await ThreadEvent.of(entity.id).order_by("number"):
            events[event.thread_id].append(event)
        for thread in await Thread.of(entity.id):
            own = events[thread.id]
            assert [event.number for event in own] == list(range(1, thread.last_number + 1))
            assert [event.at for event in own] == sorted(event.at for event in own)
            active = [event for event in own if event.kind not in {"pinned", "unpinned"}]
            assert not active or thread.last_activity_at == active[-1].at
        told = {(e.contribution_id, e.number) for own in events.values() for e in own
                if e.kind == "published"}  # fmt: skip
        assert told == {(row.id, row.number) for row in await Contribution.of(entity.id)}
        supported = [e for own in events.values() for e in own if e.kind == "supported"]
        aside = sum(len(each.set_aside) for each in await Merge.of(entity.id))
        pressed = await Support.of(entity.id).filter(merge_id=None).count()
        assert len(supported) == pressed + aside


async def test_every_reply_is_in_its_thread(demo: Demo) -> None:
    """An answer stands in its parent's thread, right under it in the order of reading."""
    for entity in await Entity.all():
        rows = {row.id: row for row in await Contribution.of(entity.id)}
        assert any(depth(row.path) >= 2 for row in rows.values())
        for row in rows.values():
            if row.parent_id is None:
                assert depth(row.path) == 0
                continue
            parent = rows[row.parent_id]
            assert row.thread_id == parent.thread_id
            assert row.path.startswith(parent.path)
            assert depth(row.path) == depth(parent.path) + 1
            assert row.created_at > parent.created_at


async def test_receipts_have_no_gaps_and_rise_with_the_hours(demo: Demo) -> None:
    """All receipts of an entity, whatever for, are 1, 2, 3…; in a process they rise with time."""
    kinds = [model for model in models() if "receipt_number" in model._meta.fields_map]
    for entity in await Entity.all():
        given: list[int] = []
        for model in kinds:
            rows = await model.filter(entity_id=entity.id).values_list("receipt_number")
            given += [sequence(str(number)) for (number,) in rows]
        assert sorted(given) == list(range(1, len(given) + 1))
        counter = await ReceiptCounter.of(entity.id).get(year=NOW.year)
        assert counter.given == len(given)
        rose: dict[int, list[int]] = defaultdict(list)
        for row in await Contribution.of(entity.id).order_by("created_at", "id"):
            rose[row.process_id].append(sequence(row.receipt_number))
        assert all(numbers == sorted(numbers) for numbers in rose.values())


def sequence(number: str) -> int:
    """Give a receipt's place in its year."""
    receipt = parse_receipt(number)
    assert receipt is not None
    return receipt.sequence


async def test_supports_come_from_the_entitys_other_people(demo: Demo) -> None:
    """Nobody supports their own words, and a support is younger than the words."""
    for entity in await Entity.all():
        people = {person.id for person in await Person.of(entity.id)}
        for support in await Support.of(entity.id).select_related("contribution"):
            assert support.person_id in people
            assert support.person_id != support.contribution.author_id
            assert support.created_at > support.contribution.created_at


async def test_nothing_is_dated_in_the_future(demo: Demo) -> None:
    """Only the dates of phases, of the hearing and of an invitation lie ahead of the loading."""
    for model in models():
        dates = [
            name for name, each in model._meta.fields_map.items()
            if each.field_type is datetime and name not in AHEAD
        ]  # fmt: skip
        if model.__name__ == "Entity" or not dates:
            continue
        for values in await model.all().values_list(*dates):
            assert all(value is None or value <= NOW for value in values), model.__name__


async def test_the_neighbours_rows_are_its_own(demo: Demo) -> None:
    """No row of one entity points to a row of another, and the neighbour is really there."""
    neighbour = await Entity.get(slug="malvira")
    assert await Contribution.of(neighbour.id).count() == 9
    for model in models():
        if not issubclass(model, EntityRow):
            continue
        for name in sorted(model._meta.fk_fields - {"entity"}):
            target = model._meta.fields_map[name].related_model  # type: ignore[attr-defined]
            if issubclass(target, EntityRow):
                pairs = await model.all().values_list("entity_id", f"{name}__entity_id")
                strangers = [pair for pair in pairs if pair[1] not in {None, pair[0]}]
                assert strangers == [], (model.__name__, name)


async def test_only_the_four_can_sign_in(demo: Demo, chirata: Entity) -> None:
    """Each log-in enters with its own password and role; nobody else has any, in either town."""
    for role, email in demo.loaded.emails.items():
        password = demo.loaded.passwords[role]
        assert await sign_in(entity_id=chirata.id, email=email, password=password, now=NOW)
        person = await Person.of(chirata.id).get(email=email)
        held = await RoleGrant.of(chirata.id).filter(person_id=person.id)
        assert [grant.role for grant in held] == ([role] if role in set(Role) else [])
        assert password not in person.password_hash
    others = [
        person for entity in await Entity.all() for person in await Person.of(entity.id)
        if person.email not in demo.loaded.emails.values()
    ]  # fmt: skip
    assert len(others) > 70
    assert all(person.email is None and person.password_hash == "" for person in others)


async def test_everybody_is_marked_as_invented(demo: Demo) -> None:
    """Entities and people of the demonstration say what they are."""
    assert not await Entity.filter(is_demo=False).exists()
    for entity in await Entity.all():
        assert not await Person.of(entity.id).filter(is_demo=False).exists()


async def test_the_citizen_has_a_story(demo: Demo, chirata: Entity) -> None:
    """The citizen's log-in has said things, was answered, and counts in the report."""
    person = await Person.of(chirata.id).get(email=demo.loaded.emails["citizen"])
    own = await Contribution.of(chirata.id).filter(author_id=person.id)
    assert len(own) >= 5
    answers = Contribution.of(chirata.id).filter(parent_id__in=[row.id for row in own])
    assert await answers.exclude(office="").exists()
    members = ReportMember.of(chirata.id).filter(contribution_id__in=[row.id for row in own])
    assert await members.count() == 2
    proposal = next(row for row in own if row.is_opening)
    assert proposal.reply_count == await answers.filter(parent_id=proposal.id).count() == 1


async def test_loading_again_changes_nothing(demo: Demo) -> None:
    """A second loading adds no row and tells no password."""
    before = await row_counts()
    again = await load_demo(demo.settings)
    assert again is not None
    assert await row_counts() == before
    assert (again.is_new, again.passwords) == (False, {})
    assert (again.url, again.report_url) == (demo.url, demo.loaded.report_url)


async def test_new_passwords_replace_the_old(demo: Demo, chirata: Entity) -> None:
    """Asked for new passwords, only these change; the old ones and their sign-ins are over."""
    email, old = demo.loaded.emails["citizen"], demo.loaded.passwords["citizen"]
    assert await sign_in(entity_id=chirata.id, email=email, password=old, now=NOW)
    before = await row_counts()
    renewed = await load_demo(demo.settings, new_passwords=True, now=NOW)
    assert renewed is not None
    assert await row_counts() == before
    assert not await sign_in(entity_id=chirata.id, email=email, password=old, now=NOW)
    assert not await LoginSession.of(chirata.id).filter(ended_at=None).exists()
    new = renewed.passwords["citizen"]
    assert await sign_in(entity_id=chirata.id, email=email, password=new, now=NOW)


async def test_a_visitor_who_registered_is_no_obstacle(demo: Demo, chirata: Entity) -> None:
    """Somebody who registered in the demonstration does not make its repetition fail."""
    await Person.create(entity=chirata, display_name="Visita", created_at=NOW)
    assert await load_demo(demo.settings) is not None


async def test_real_people_are_never_joined(database: Settings, town: Town) -> None:
    """Where a real municipality lives nothing is loaded, and the refusal says why."""
    before = await row_counts()
    with pytest.raises(Conflict, match="La Loma"):
        await load_demo(database)
    assert await row_counts() == before


async def test_a_real_entity_beside_the_demonstration_is_refused(demo: Demo) -> None:
    """Also a repetition is refused once somebody put a real municipality beside it."""
    await create_entity(slug="real", name="Real", base_url="https://real.test")
    with pytest.raises(Conflict, match="Real"):
        await load_demo(demo.settings)


async def test_if_empty_leaves_any_entity_alone(database: Settings, town: Town) -> None:
    """At the first start of a municipality that has its entity, nothing is said or done."""
    before = await row_counts()
    assert await load_demo(database, if_empty=True) is None
    assert await row_counts() == before


async def test_an_interrupted_loading_leaves_nothing(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When loading breaks on the way, not a single row stays behind."""

    async def breaks(*_arguments: object) -> None:
        assert await Person.all().count() > 70
        raise RuntimeError("the power went")

    monkeypatch.setattr(loading, "fill_town", breaks)
    with pytest.raises(RuntimeError, match="power"):
        await load_demo(database, now=NOW)
    assert set((await row_counts()).values()) == {0}


def test_the_two_municipalities_have_content_of_their_own() -> None:
    """No person, office or territory is shared between the two files."""
    town, neighbour = (
        content(Municipality, "municipality.toml"),
        content(Neighbour, "neighbour.toml"),
    )
    for name in ("person", "office", "territory"):
        keys = [{each.key for each in getattr(side, name)} for side in (town, neighbour)]
        assert not keys[0] & keys[1]
