"""Opinion groups of a round: found once it is over, shown without anybody's name."""

from datetime import timedelta

import pytest

from participa.opinion import grouping, jobs
from participa.opinion.group_views import groups_of
from participa.opinion.grouping import find_groups
from participa.opinion.importing import VotesMatrix, import_conversation, votes_matrix
from participa.opinion.jobs import rounds_to_group
from participa.opinion.models import Round, RoundGroups, Statement
from participa.opinion.polis import Comment, Conversation, Event
from participa.opinion.rules import State
from participa.opinion.service import review
from participa.processes.models import Phase
from participa.settings import Settings
from tests.opinion.rounds import a_round
from tests.people import CLOSES, NOW, Municipality
from tests.visitors import Web

TEXTS = (
    "El agua va primero que todo.",
    "La plaza va antes que las vías.",
    "Las cuentas deben leerse en cada vereda.",
    "El coliseo debe abrir de noche.",
    "El parque no necesita más obras.",
    "La ruta escolar no puede parar.",
    "Las ferias deben durar menos.",
    "El internet debe llegar a las veredas.",
)


async def held(
    town: Municipality, *, people: int = 60, divided: bool = True, alike: int = 0
) -> Round:
    """Bring in a round that is over: halves that say the contrary, except of statement 2.

    So many more people, `alike`, agree with everything, and began a second after one another.
    """
    at = int((NOW - timedelta(days=2)).timestamp() * 1000)
    texts = (*TEXTS, *(f"{text} Otra vez." for text in TEXTS))
    comments = [Comment(n, None, text, 1, at) for n, text in enumerate(texts)]
    events = [
        Event(at + person * 1000, n, person, _says(person, n, divided=divided))
        for person in range(people)
        for n in range(len(TEXTS))
    ]
    events += [
        Event(at + person * 1000, n, people + person, 1)
        for person in range(alike)
        for n in range(len(texts))
    ]
    found = Conversation({}, comments, events)
    return (await import_conversation(town.diego, town.process.id, found, NOW, title="Plaza")).round


def _says(person: int, statement: int, *, divided: bool) -> int:
    if statement == 2:
        return 1
    noise = (person * 7 + statement * 13 + person * person * statement) % 11 == 0
    side = 1 if person % 2 == 0 else -1
    return side * (-1 if statement % 2 else 1) * (-1 if noise else 1) if divided else 1


async def test_groups_are_shown_after_the_end(town: Municipality, web: Web) -> None:
    """Sizes, what all agree on and what divides stand on the page of results, in words."""
    opened = await held(town)
    page = await (await web.visit()).get(f"/opiniones/{opened.id}/resultados")
    assert "Se están buscando grupos" in page.text
    assert await find_groups(town.entity.id, opened.id, NOW)
    page = await (await web.visit()).get(f"/opiniones/{opened.id}/resultados")
    assert page.text.index("En qué coinciden") < page.text.index("Lo que divide")
    assert page.text.count("Grupo A") > 2
    assert "95 % o más de acuerdo" in page.text
    shown = await groups_of(opened)
    assert shown is not None
    assert [group.people for group in shown.groups] == [30, 30]
    assert [line.text for line in shown.common] == [TEXTS[2]]
    assert TEXTS[0] in [line.text for line in shown.dividing]


async def test_no_groups_in_plain_words(town: Municipality, web: Web) -> None:
    """Where everybody says the same the page says that there are no groups, and the totals."""
    opened = await held(town, divided=False)
    await find_groups(town.entity.id, opened.id, NOW)
    page = await (await web.visit()).get(f"/opiniones/{opened.id}/resultados")
    assert "No hay grupos estables." in page.text
    assert "Grupo A" not in page.text
    assert TEXTS[0] in page.text


async def test_nothing_kept_tells_of_a_person(town: Municipality) -> None:
    """What is kept has no person, no place of a person, and no count of votes."""
    opened = await held(town)
    await find_groups(town.entity.id, opened.id, NOW)
    kept = await RoundGroups.of(town.entity.id).get(round_id=opened.id)
    assert set(kept.summary) == {
        "voters", "grouped", "explained", "groups", "common", "bridges", "dividing", "shares",
        "aware", "alike", "once",
    }  # fmt: skip
    assert kept.lens is not None
    assert set(kept.lens) == {"statements", "centre", "axes", "groups", "fewest"}
    assert all(dot[2] >= 5 for group in kept.summary["groups"] for dot in group["dots"])
    shares = [share for row in kept.summary["shares"].values() for share in row if share]
    assert shares
    assert all(set(share) == {"agree", "disagree"} for share in shares)
    assert all(value % 5 == 0 for share in shares for value in share.values())


async def test_an_open_round_has_no_groups(town: Municipality, web: Web) -> None:
    """While somebody can vote nothing is looked for; found groups of a reopened round go."""
    opened = await a_round(town)
    over = await held(town)
    assert await rounds_to_group(town.entity.id, NOW) == [over.id]
    assert await rounds_to_group(town.entity.id, CLOSES) == [opened.id, over.id]
    await find_groups(town.entity.id, opened.id, CLOSES)
    assert await rounds_to_group(town.entity.id, CLOSES) == [over.id]
    await Phase.of(town.entity.id).update(closes_at=CLOSES + timedelta(days=5))
    assert await rounds_to_group(town.entity.id, CLOSES) == [over.id]
    assert not await RoundGroups.of(town.entity.id).filter(round_id=opened.id).exists()
    page = await (await web.visit()).get(f"/opiniones/{opened.id}/resultados")
    assert "Grupos de opinión" not in page.text


async def test_a_statement_taken_out_later(town: Municipality) -> None:
    """Taking a statement out forgets the groups; they are found again without it."""
    opened = await held(town)
    await find_groups(town.entity.id, opened.id, NOW)
    await review(town.carmen, opened.id, 2, State.REJECTED, "Nombra a una persona.", NOW)
    assert await groups_of(opened) is None
    assert await rounds_to_group(town.entity.id, NOW) == [opened.id]
    await find_groups(town.entity.id, opened.id, NOW)
    shown = await groups_of(opened)
    assert shown is not None
    assert shown.common == ()


async def test_a_statement_taken_out_meanwhile(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Groups found with a statement that went out in the meantime are not kept."""
    opened = await held(town)

    async def read(entity_id: int, round_id: int) -> VotesMatrix:
        matrix = await votes_matrix(entity_id, round_id)
        rows = Statement.of(entity_id).filter(round_id=round_id, number=1)
        await rows.update(state=State.REJECTED)
        return matrix

    monkeypatch.setattr(grouping, "votes_matrix", read)
    assert not await find_groups(town.entity.id, opened.id, NOW)
    assert await groups_of(opened) is None


async def test_the_worker_finds_them_in_a_process_apart(
    town: Municipality, database: Settings
) -> None:
    """The job of the worker leaves every closed round with its groups."""
    opened = await held(town)
    await jobs.round_grouper(database)({})
    assert await groups_of(opened) is not None
