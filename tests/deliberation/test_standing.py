"""Where a thread stands: one row says whether what is kept is true, and what that costs."""

import re
from datetime import datetime, timedelta

import pytest

from participa.consultations.rules import PROPOSAL_KIND
from participa.consultations.service import open_proposals, propose
from participa.deliberation import fragments, service
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.standing import phase_at, standing_of
from participa.moderation import service as moderation
from participa.processes.models import Phase, Process
from participa.processes.queries import PhaseSpan
from participa.processes.service import touch
from tests.consultations.consulting import import_text, thread_about
from tests.deliberation.reading import forget
from tests.deliberation.sheets import elements, sheet_of
from tests.deliberation.talking import fill, say, thread_path
from tests.people import CLOSES, NOW, OPENED, Municipality
from tests.statements import counted
from tests.visitors import Visitor, Web

DAY = timedelta(days=1)
only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def _span(begins: int, ends: int, *opens: str) -> PhaseSpan:
    return PhaseSpan(opens, NOW + begins * DAY, NOW + ends * DAY)


@pytest.mark.parametrize(
    ("phases", "state", "changes", "next_change"),
    [
        ([], "never", None, None),
        ([_span(-2, 2, "b")], "never", None, 2),
        ([_span(-2, 2, "a")], "open", None, 2),
        ([_span(0, 2, "a")], "open", None, 2),
        ([_span(-2, 0, "a")], "closed", 0, None),
        ([_span(-4, -2, "a")], "closed", -2, None),
        ([_span(1, 2, "a")], "coming", 1, 1),
        ([_span(-4, -2, "a"), _span(3, 4, "a")], "coming", 3, 3),
        ([_span(-4, -2, "a"), _span(-1, 5, "b")], "closed", -2, 5),
        ([_span(-4, 1, "a"), _span(-1, 5, "a", "b")], "open", None, 1),
    ],
)
def test_what_the_phases_allow(
    phases: list[PhaseSpan], state: str, changes: int | None, next_change: int | None
) -> None:
    """Open, coming, closed or never; since or until when; and when that changes next."""

    def at(days: int | None) -> datetime | None:
        return None if days is None else NOW + days * DAY

    now = phase_at(phases, "a", NOW)
    assert (now.state, now.changes_at, now.next_at) == (state, at(changes), at(next_change))


def test_how_long_that_stays_so() -> None:
    """A wait ends just after the next change, never before it, and is never longer than asked."""
    open_now = phase_at([PhaseSpan(("a",), OPENED, NOW + timedelta(seconds=3))], "a", NOW)
    assert 3.0 < open_now.seconds_left(NOW, 60) < 3.1
    assert open_now.seconds_left(NOW, 2) == 2
    assert 0 < open_now.seconds_left(NOW + DAY, 60) < 0.1
    assert phase_at([], "a", NOW).seconds_left(NOW, 60) == 60


async def test_every_act_moves_the_row(town: Municipality) -> None:
    """Each act raises the thread's number by one; what changes nothing leaves it as it is."""
    thread_id = town.topic.thread_id
    said = await say(town, town.beto, "Sí.", request_key="k")
    numbers = []

    async def note() -> None:
        standing = await standing_of(thread_id)
        assert standing is not None
        numbers.append(standing.number)

    await note()
    await say(town, town.beto, "Sí.", request_key="k")
    await note()
    for wanted in (True, True, False, False):
        await service.set_support(town.ana, said.id, wanted=wanted, now=NOW)
        await note()
    for words in ("Sí, ya.", "Sí, ya."):
        await service.edit(town.beto, said.id, words, now=NOW)
        await note()
    for _twice in range(2):
        await moderation.hide(town.carmen, said.id, rule="1", now=NOW)
        await note()
    await moderation.restore(town.carmen, said.id, now=NOW)
    await note()
    for _twice in range(2):
        await service.remove(town.beto, said.id, now=NOW)
        await note()
    assert numbers == [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 8]


async def test_the_row_says_who_may_look(town: Municipality) -> None:
    """Hidden, unpublished, somebody else's and missing threads stand as what they are."""
    standing = await standing_of(town.topic.thread_id)
    assert standing is not None
    assert standing.target.is_public
    assert standing.entity_id == town.entity.id
    await touch(town.entity.id, town.process.id)
    again = await standing_of(town.topic.thread_id)
    assert again is not None
    assert again.revision == standing.revision + 1
    await Thread.of(town.entity.id).filter(id=town.topic.thread_id).update(is_hidden=True)
    hidden = await standing_of(town.topic.thread_id)
    assert hidden is not None
    assert not hidden.target.is_public
    await Thread.of(town.entity.id).filter(id=town.topic.thread_id).update(is_hidden=False)
    await Process.of(town.entity.id).filter(id=town.process.id).update(is_published=False)
    unpublished = await standing_of(town.topic.thread_id)
    assert unpublished is not None
    assert not unpublished.target.is_public
    neighbour = await standing_of(town.neighbour_topic.thread_id)
    assert neighbour is not None
    assert neighbour.entity_id == town.neighbour.id
    assert await standing_of(999_999) is None


async def _cost(who: Visitor, path: str) -> int:
    with counted() as statements:
        answer = await who.get(path)
    assert answer.status_code == 200
    return len(statements)


async def _places(town: Municipality) -> dict[str, tuple[int, str]]:
    """Make one conversation of each sort: thread and address."""
    await import_text(town.process)
    section = await thread_about(town.process, "meta-1-1-1")
    call = await open_proposals(
        entity_id=town.entity.id, process_id=town.process.id, title="Propuestas"
    )
    proposal = await propose(town.ana, call, title="Un lote", body="Para jugar.", now=NOW)
    assert (await Thread.of(town.entity.id).get(id=proposal.thread_id)).kind == PROPOSAL_KIND
    return {
        "topic": (town.topic.thread_id, thread_path(town)),
        "proposal": (proposal.thread_id, f"/hilos/{proposal.thread_id}"),
        "section": (section.id, f"/apartados/{section.place_id}"),
    }


async def test_a_page_costs_the_same_with_three_and_three_hundred(
    web: Web, town: Municipality
) -> None:
    """Unchanged: one statement for a visitor, three for a citizen, in threads of any sort.

    After something was said: a stated small number more, whatever the length.
    """
    places = await _places(town)
    elsa, ana = await web.visit(), await web.visit(town.ana)
    unchanged: dict[str, set[tuple[int, int]]] = {}
    changed: dict[str, set[tuple[int, int]]] = {}
    for extra in (2, 300):
        for name, (thread_id, path) in places.items():
            await fill(town, extra, thread_id)
            for who in (elsa, ana):
                await who.get(path)
            costs = (await _cost(elsa, path), await _cost(ana, path))
            unchanged.setdefault(name, set()).add(costs)
            await say(town, town.beto, "Uno más.", thread_id=thread_id)
            costs = (await _cost(elsa, path), await _cost(ana, path))
            changed.setdefault(name, set()).add(costs)
    assert unchanged == {name: {(1, 3)} for name in places}
    # Where it stands, what changed, which are on the page, the new one if it is, who speaks, what
    # stands above; for ana, who then reads, the sign-in and her supports, and the fragment is
    # already there.
    assert changed["topic"] == changed["proposal"] == {(6, 6), (5, 6)}
    # What is around a section's conversation counts opinions and marks passages: read again.
    # What its feature shows with the new one is read too, where that is on the page; so are the
    # places that its form offers.
    assert changed["section"] == {(19, 18), (17, 18)}


async def test_a_page_that_is_not_kept_yet(web: Web, town: Municipality) -> None:
    """The first reading of all takes a fixed number of statements too."""
    elsa = await web.visit()
    costs = set()
    for extra in (2, 200):
        await fill(town, extra)
        await elsa.get(thread_path(town))
        forget(web)
        costs.add(await _cost(elsa, thread_path(town)))
    assert costs == {10}


@only_sqlite
async def test_only_what_changed_is_rendered_again(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an event one fragment is made anew for each language, not fifty."""
    said = await fill(town, 30)
    elsa, ana = await web.visit(), await web.visit(town.ana)
    paths = [f"{thread_path(town)}?idioma={language}" for language in ("es", "en")]
    for path in paths:
        await elsa.get(path)
    made: list[int] = []
    real = fragments.made

    def noted(*values: object) -> fragments.Fragment:
        one = real(*values)  # type: ignore[arg-type]
        made.append(one.contribution_id)
        return one

    monkeypatch.setattr(fragments, "made", noted)
    await service.edit(town.beto, _of(said, town.beto.person_id), "Otra cosa.", now=NOW)
    for path in paths:
        for who in (elsa, ana, elsa):
            assert "Otra cosa." in (await who.get(path)).text
    assert made == [_of(said, town.beto.person_id)] * 2


def _of(said: list[Contribution], person_id: int | None) -> int:
    return next(each.id for each in said if each.author_id == person_id)


@only_sqlite
async def test_a_kept_page_knows_when_it_ends(web: Web, town: Municipality) -> None:
    """It is made anew when a phase opens or closes, to the second, and at midnight."""
    await (
        Phase.of(town.entity.id)
        .filter(process_id=town.process.id)
        .update(opens_at=NOW + timedelta(minutes=2), closes_at=CLOSES)
    )
    await touch(town.entity.id, town.process.id)
    elsa = await web.visit()

    async def read() -> tuple[str, str]:
        page = await elsa.get(thread_path(town))
        pill = next(
            each
            for each in elements(page.text)
            if (each.attributes.get("class") or "").startswith("pill pill-")
        )
        return sheet_of(page.text).state, pill.inner

    states = []
    for at in (
        NOW, NOW + timedelta(seconds=119), NOW + timedelta(seconds=120),
        CLOSES - timedelta(seconds=1), CLOSES, CLOSES + DAY,
    ):  # fmt: skip
        web.clock.now = at
        states.append((await read())[0])
    assert states == ["coming", "coming", "open", "open", "closed", "closed"]
    # The days left are counted anew at the entity's own midnight.
    midnight = (CLOSES - 2 * DAY).astimezone(town.entity.zone).replace(hour=0, minute=0)
    # Back in time, where no kept page has been.
    forget(web)
    pills = []
    for at in (midnight - timedelta(minutes=9), midnight - timedelta(seconds=1), midnight):
        web.clock.now = at
        pills.append((await read())[1])
    assert [re.findall(r"en \d días", pill) for pill in pills] == [
        ["en 3 días"], ["en 3 días"], ["en 2 días"]
    ]  # fmt: skip
