"""The title of a topic or proposal is withheld with the words that open it, wherever it stands."""

import importlib

import pytest
from tortoise.connection import get_connection

from participa.db import CONNECTION
from participa.deliberation.models import Contribution, Departure, Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import publish, remove
from participa.facilitation.moves import move
from participa.facilitation.service import conclude, reopen
from participa.moderation.service import hide, restore
from tests.consultations.test_coauthors import proposed
from tests.people import NOW, Municipality
from tests.visitors import Visitor, Web

WORDS = "Una cancha"


async def showing(visitor: Visitor, said: Contribution, beside: Contribution) -> list[str]:
    """Name the public pages that say the title of a proposal."""
    thread = await Thread.get(id=said.thread_id)
    pages = (
        f"/hilos/{said.thread_id}", f"/consultas/{thread.place_id}/propuestas",
        f"/aportes/{said.receipt_number}", f"/aportes/{beside.receipt_number}",
        f"/hilos/{beside.thread_id}", f"/hilos/{said.thread_id}/actuaciones",
        "/procesos/plan/respuestas", "/procesos/plan/respuestas.csv", "/procesos/plan",
        f"/hilos/{said.thread_id}/conclusiones",
    )  # fmt: skip
    found = []
    for page in pages:
        answer = await visitor.get(page)
        assert answer.status_code in {200, 404}, page
        if WORDS in answer.text:
            found.append(page)
    return found


async def with_something_moved(town: Municipality) -> tuple[Contribution, Contribution]:
    """Make a proposal, move a comment into it, and close it."""
    said = await proposed(town)
    other = await publish(town.beto, town.topic.thread_id, Said("Con baños."), now=NOW)
    await move(town.carmen, other.id, said.thread_id, reason="Habla de esto.", now=NOW)
    await conclude(town.carmen, said.thread_id, "Queda así.", now=NOW)
    await reopen(town.carmen, said.thread_id, reason="Falta gente.", now=NOW)
    return said, await Contribution.get(id=town.topic.id)


async def test_a_hidden_proposal_has_no_title_until_it_is_shown_again(
    town: Municipality, web: Web
) -> None:
    """Lists, thread, trace, table, log and what was moved say its receipt; then its title again."""
    said, beside = await with_something_moved(town)
    elsa = await web.visit()
    before = await showing(elsa, said, beside)
    assert len(before) >= 6
    await hide(town.carmen, said.id, rule="1", now=NOW)
    assert await showing(elsa, said, beside) == []
    carmen = await web.visit(town.carmen)
    assert WORDS in (await carmen.get(f"/aportes/{said.receipt_number}")).text
    await hide(town.carmen, said.id, rule="1", now=NOW)
    await restore(town.carmen, said.id, now=NOW)
    assert await showing(elsa, said, beside) == before


async def test_a_proposal_taken_back_leaves_no_title(town: Municipality, web: Web) -> None:
    """Who takes their words back takes the title along, hidden or not: no column keeps it."""
    said, beside = await with_something_moved(town)
    await hide(town.carmen, said.id, rule="1", now=NOW)
    await remove(town.ana, said.id, now=NOW)
    assert await showing(await web.visit(), said, beside) == []
    thread = await Thread.get(id=said.thread_id)
    assert (thread.title, thread.withheld_title) == (said.receipt_number, "")


@pytest.mark.parametrize("goes", ["hidden", "taken back"])
async def test_an_upgrade_withholds_the_titles_of_before(
    town: Municipality, web: Web, goes: str
) -> None:
    """What was hidden or taken back before titles were withheld lends its title no longer."""
    said, beside = await with_something_moved(town)
    if goes == "hidden":
        await hide(town.carmen, said.id, rule="1", now=NOW)
    else:
        await remove(town.ana, said.id, now=NOW)
    # As the older programme left it.
    await Thread.filter(id=said.thread_id).update(title=WORDS, withheld_title="")
    await Departure.filter(to_title=said.receipt_number).update(to_title=WORDS)
    upgrade = importlib.import_module("participa.deliberation.migrations.0007_merges")
    for statement in (upgrade.DEPARTURES, upgrade.TITLES):
        await get_connection(CONNECTION).execute_script(statement)
    assert await showing(await web.visit(), said, beside) == []
    assert (await Departure.all().get()).to_title == said.receipt_number
    assert (await Thread.get(id=beside.thread_id)).title == "El puente"
    if goes == "hidden":
        await restore(town.carmen, said.id, now=NOW)
    kept = WORDS if goes == "hidden" else said.receipt_number
    assert (await Thread.get(id=said.thread_id)).title == kept
