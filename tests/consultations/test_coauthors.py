"""Co-authors of a proposal: invited by a private link, shown, counted once, free to leave."""

import asyncio
import re
from datetime import timedelta

import pytest

from participa.accounts.permissions import Actor
from participa.consultations.coauthors import (
    LINK_LIFE,
    MOST,
    LinkUnknown,
    coauthors_of,
    join,
    leave,
    make_link,
)
from participa.consultations.models import Coauthor, Consultation
from participa.consultations.service import propose
from participa.deliberation.models import Contribution, Support
from participa.deliberation.rules import State
from participa.deliberation.service import set_support
from participa.processes.models import Process
from participa.web.refusals import Conflict, NotFound, PhaseClosed
from tests.consultations.test_proposals import call_in
from tests.people import CLOSES, NEIGHBOUR_HOST, NOW, Municipality, person
from tests.visitors import Web, page_text


async def proposed(town: Municipality) -> Contribution:
    """Let Ana propose something."""
    call = await call_in(town.process)
    return await propose(town.ana, call, title="Una cancha", body="Con luces.", now=NOW)


async def names(actor: Actor, said: Contribution) -> list[str]:
    """List the co-authors."""
    found = await coauthors_of(actor.entity_id, [said.thread_id])
    return [each.name for each in found.get(said.thread_id, [])]


async def test_from_invitation_to_signature(town: Municipality, web: Web) -> None:
    """The author makes a link, another opens it and signs: both stand on proposal and list."""
    said = await proposed(town)
    ana, beto, elsa = await web.visit(town.ana), await web.visit(town.beto), await web.visit()
    url = f"/propuestas/{said.thread_id}/autores"
    assert url in (await elsa.get(f"/hilos/{said.thread_id}")).text
    assert "Hacer un enlace" not in page_text(await beto.get(url))
    page = await ana.post(f"{url}/enlace")
    assert page.headers["cache-control"] == "no-store"
    link = re.search(r'value="https://[^/]+(/propuestas/invitacion/[\w-]+)"', page.text)
    assert link is not None
    assert link[1] not in (await ana.get(url)).text
    assert (await elsa.get(link[1])).headers["location"].startswith("/ingresar?next=")
    shown = await beto.get(link[1])
    assert "Ana le invita a firmar" in page_text(shown)
    assert shown.headers["cache-control"] == "no-store"
    for _time in range(2):
        signed = await beto.post(link[1])
        assert signed.headers["location"].startswith(f"/hilos/{said.thread_id}")
    assert await names(town.beto, said) == ["Beto"]
    assert "Ana, Beto" in page_text(await elsa.get(f"/hilos/{said.thread_id}"))
    call = await Consultation.of(town.entity.id).get(plan_id=None)
    assert "Ana, con Beto" in page_text(await elsa.get(f"/consultas/{call.id}/propuestas"))


async def test_nobody_counts_twice(town: Municipality, web: Web) -> None:
    """Who signs supports no longer, and cannot support what they signed."""
    said = await proposed(town)
    await set_support(town.beto, said.id, wanted=True, now=NOW)
    await join(town.beto, await make_link(town.ana, said.thread_id, NOW), NOW)
    assert await Support.of(town.entity.id).count() == 0
    beto = await web.visit(town.beto)
    pressed = await beto.post(f"/aportes/{said.receipt_number}/apoyo", {"hacer": "apoyar"})
    assert pressed.status_code == 409
    assert (await Contribution.of(town.entity.id).get(id=said.id)).support_count == 0


async def test_a_co_author_leaves_or_is_taken_off(town: Municipality, web: Web) -> None:
    """They themselves or the author, at any time and twice; nobody else."""
    said = await proposed(town)
    token = await make_link(town.ana, said.thread_id, NOW)
    url = f"/propuestas/{said.thread_id}/autores"
    beto_id = str(town.beto.person_id)
    for who in (town.beto, town.ana):
        await join(town.beto, token, NOW)
        carmen, visitor = await web.visit(town.carmen), await web.visit(who)
        assert (await carmen.post(f"{url}/quitar", {"person": beto_id})).status_code == 404
        for _time in range(2):
            assert (await visitor.post(f"{url}/quitar", {"person": beto_id})).status_code == 303
        assert await names(town.ana, said) == []
    with pytest.raises(NotFound):
        await leave(town.elsa, said.thread_id, town.beto.person_id or 0)


async def test_links_that_do_not_work(town: Municipality, web: Web) -> None:
    """Replaced, too old, invented, of a hidden proposal, at another entity: all sound the same."""
    said = await proposed(town)
    old = await make_link(town.ana, said.thread_id, NOW)
    token = await make_link(town.ana, said.thread_id, NOW)
    for wrong, at in ((old, NOW), ("x", NOW), (token, NOW + LINK_LIFE)):
        with pytest.raises(LinkUnknown):
            await join(town.beto, wrong, at)
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    assert (await nora.get(f"/propuestas/invitacion/{token}")).status_code == 404
    await Contribution.of(town.entity.id).filter(id=said.id).update(state=State.HIDDEN)
    beto = await web.visit(town.beto)
    assert (await beto.post(f"/propuestas/invitacion/{token}")).status_code == 404
    assert await Coauthor.of(town.entity.id).count() == 0


async def test_who_may_not(town: Municipality) -> None:
    """Only the author invites; the author does not sign; closed means closed; ten are enough."""
    said = await proposed(town)
    for other in (town.beto, town.diego, town.elsa):
        with pytest.raises(NotFound):
            await make_link(other, said.thread_id, NOW)
    token = await make_link(town.ana, said.thread_id, NOW)
    with pytest.raises(Conflict):
        await join(town.ana, token, NOW)
    with pytest.raises(PhaseClosed):
        await make_link(town.ana, said.thread_id, CLOSES)
    people = [await person(town.entity, f"Vecina {n}") for n in range(MOST + 1)]
    results = await asyncio.gather(
        *(join(each, token, NOW + timedelta(minutes=1)) for each in people), return_exceptions=True
    )
    assert sum(isinstance(each, Conflict) for each in results) == 1
    assert len(await names(town.ana, said)) == MOST


async def test_a_link_shows_nothing_that_was_taken_off_the_site(
    town: Municipality, web: Web
) -> None:
    """Once the process is a draft again, its proposals are not told to who holds a link."""
    said = await proposed(town)
    token = await make_link(town.ana, said.thread_id, NOW)
    await Process.of(town.entity.id).filter(id=town.process.id).update(is_published=False)
    beto = await web.visit(town.beto)
    page = await beto.get(f"/propuestas/invitacion/{token}")
    assert page.status_code == 404
    assert "Una cancha" not in page.text
    assert (await beto.post(f"/propuestas/invitacion/{token}")).status_code == 404
