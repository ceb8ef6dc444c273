"""Calls for proposals: read in pages by cursor, proposed by form, nothing typed is lost."""

import re
from datetime import timedelta
from time import perf_counter

import pytest

from participa.consultations.listing import Wanted, draw, has_start, wanted
from participa.consultations.models import Consultation
from participa.consultations.proposals import PAGE_SIZE, proposal_page
from participa.consultations.rules import PROPOSAL_KIND, PROPOSE
from participa.consultations.service import open_proposals, propose
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import State
from participa.deliberation.saying import Said
from participa.deliberation.service import publish, set_support
from participa.processes.models import Process
from tests.consultations.consulting import import_text, statements
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.visitors import Web, page_text


async def call_in(process: Process) -> Consultation:
    """Open a call for proposals in a process."""
    return await open_proposals(
        entity_id=process.entity_id,
        process_id=process.id,
        title="Ideas para el lote",
        question="¿Qué hacemos con el lote?",
        categories=("Deporte", "Cultura"),
    )


async def many(call: Consultation, count: int) -> None:
    """Store so many proposals, moved and supported unevenly, several alike."""
    await Thread.bulk_create(
        [
            Thread(
                entity_id=call.entity_id, process_id=call.process_id, kind=PROPOSAL_KIND,
                place_id=call.id, activity=PROPOSE, title=f"Propuesta {n}",
                support_count=n % 7, contribution_count=1, created_at=NOW,
                last_activity_at=NOW - timedelta(minutes=n // 3, microseconds=n % 2),
            )
            for n in range(count)
        ]
    )  # fmt: skip
    threads = await Thread.of(call.entity_id).filter(kind=PROPOSAL_KIND).order_by("id")
    await Contribution.bulk_create(
        [
            Contribution(
                entity_id=call.entity_id, thread_id=thread.id, process_id=call.process_id,
                number=1, path="0001", is_opening=True, body_source="Hola.",
                body_html="<p>Hola.</p>", sanitiser_version=1,
                receipt_number=f"PA-2026-{thread.id:06}-0", created_at=NOW,
            )
            for thread in threads
        ],
        batch_size=500,
    )  # fmt: skip


def cursor(url: str) -> str:
    """Read the cursor out of an address."""
    found = re.search(r"desde=([\d.]+)", url)
    assert found is not None
    return found[1]


def asking(order: str = "", start: str = "", **more: str) -> Wanted:
    """Ask for proposals as an address does."""
    return wanted(
        {"orden": order, "desde": start, **more},
        ["Deporte", "Cultura"],
        {},
        lot=draw("p1", NOW.date()),
    )


@pytest.mark.parametrize("order", ["recientes", "apoyadas", "azar"])
async def test_pages_show_every_proposal_once(town: Municipality, order: str) -> None:
    """Going from page to page one meets each proposal exactly once, in order."""
    call = await call_in(town.process)
    await many(call, 53)
    seen: list[str] = []
    start, pages = "", 0
    while True:
        page = await proposal_page(call, asking(order, start))
        seen += [item.url for item in page.items]
        pages += 1
        if page.next_url is None:
            break
        assert len(page.items) == PAGE_SIZE
        start = cursor(page.next_url)
    assert pages == 3
    assert len(seen) == len(set(seen)) == page.proposal_count == 53
    threads = {f"/hilos/{t.id}": t for t in await Thread.of(town.entity.id)}
    if order == "azar":
        assert seen != sorted(seen, key=lambda url: threads[url].id)
        return
    keys = [
        (threads[url].support_count if order == "apoyadas" else threads[url].last_activity_at,
         threads[url].id)
        for url in seen
    ]  # fmt: skip
    assert keys == sorted(keys, reverse=True)


async def test_many_cost_what_few_cost(town: Municipality) -> None:
    """Any page of seven thousand proposals takes the same statements, and no time to notice."""
    call = await call_in(town.process)
    await many(call, 7_749)
    for order, start in (
        ("recientes", ""),
        ("recientes", f"{round((NOW - timedelta(minutes=2000)).timestamp()) * 1_000_000}.5000"),
        ("apoyadas", "3.4000"),
        ("azar", "1000000000.1"),
    ):
        began = perf_counter()
        async with statements() as run:
            page = await proposal_page(call, asking(order, start))
        assert len(run) == 7
        assert len(page.items) == PAGE_SIZE
        assert perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "start", ["x", "1", ".", "1.x", "9" * 40 + ".1", "5.99999999999", "-1.2", "²"]
)
@pytest.mark.parametrize("order", ["apoyadas", "recientes", "azar", "nada"])
def test_a_nonsense_cursor_is_the_beginning(order: str, start: str) -> None:
    """No cursor from an address breaks the list."""
    assert not has_start(asking(order, start))


async def test_the_list_says_what_matters(town: Municipality, web: Web) -> None:
    """Author, category, supports, comments and the entity's answer stand on each proposal."""
    call = await call_in(town.process)
    opening = await propose(
        town.ana, call, title="Una cancha", body="Con **luces**.", category="Deporte", now=NOW
    )
    await set_support(town.beto, opening.id, wanted=True, now=NOW)
    await publish(town.diego, opening.thread_id,
                  Said("Se estudia.", office="Secretaría de Planeación"), now=NOW)  # fmt: skip
    page = await (await web.visit()).get(f"/consultas/{call.id}/propuestas")
    text = page_text(page)
    for words in ("¿Qué hacemos con el lote?", "1 propuesta", "Una cancha", "Con luces.", "Ana",
                  "Deporte", "1 apoyo", "1 comentario", "Con respuesta de la entidad",
                  "Hacer una propuesta"):  # fmt: skip
        assert words in text
    assert f'href="/hilos/{opening.thread_id}"' in page.text


async def test_hidden_words_stay_hidden(town: Municipality, web: Web) -> None:
    """What a moderator hid is not quoted by the list."""
    call = await call_in(town.process)
    opening = await propose(town.ana, call, title="Una cancha", body="Insulto.", now=NOW)
    opening.state = State.HIDDEN
    await opening.save()
    page = await (await web.visit()).get(f"/consultas/{call.id}/propuestas")
    assert "Insulto." not in page.text
    assert "Oculto por moderación" in page.text


async def test_proposing_by_form(town: Municipality, web: Web) -> None:
    """A proposal sent by a citizen is shown on its own page with its receipt; twice is once."""
    call = await call_in(town.process)
    url = f"/consultas/{call.id}/propuestas/nueva"
    ana = await web.visit(town.ana)
    assert "Enviar mi propuesta" in (await ana.get(url)).text
    values = {
        "title": "Una cancha",
        "body": "Con luces.",
        "category": "Deporte",
        "request_key": "k1",
    }
    sent = [await ana.post(url, values) for _time in range(2)]
    assert sent[0].headers["location"] == sent[1].headers["location"]
    page = await ana.follow(sent[0])
    assert page.status_code == 200
    assert "Con luces." in page.text
    assert await Thread.of(town.entity.id).filter(kind=PROPOSAL_KIND).count() == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": "", "body": "Con luces."}, "Escriba un título."),
        ({"title": "Una cancha", "body": " "}, "Escriba su aporte."),
        ({"title": "Una cancha", "body": "Con luces.", "category": "Otra"}, "Elija una de las"),
        ({"title": "x" * 161, "body": "Con luces."}, "Acorte el texto."),
        ({"title": "Una cancha", "body": ">" * 100 + " luces"}, "una dentro de otra"),
    ],
)
async def test_what_must_be_mended_is_kept(
    town: Municipality, web: Web, values: dict[str, str], message: str
) -> None:
    """A form with a mistake comes back as it was filled in, with what to do beside the field."""
    call = await call_in(town.process)
    ana = await web.visit(town.ana)
    page = await ana.post(f"/consultas/{call.id}/propuestas/nueva", values)
    assert page.status_code == 422
    assert message in page_text(page)
    assert values["title"] in page.text
    assert values["body"].strip().replace(">", "&gt;") in page.text
    assert await Thread.of(town.entity.id).filter(kind=PROPOSAL_KIND).count() == 0


async def test_a_visitor_writes_first_and_signs_in_later(town: Municipality, web: Web) -> None:
    """What was proposed without an account is found again in the form."""
    call = await call_in(town.process)
    url = f"/consultas/{call.id}/propuestas/nueva"
    elsa = await web.visit()
    assert (await elsa.get(url)).status_code == 200
    sent = await elsa.post(
        url, {"title": "Una cancha", "body": "Con luces.", "category": "Deporte"}
    )
    assert sent.headers["location"].startswith("/ingresar?next=")
    token = re.search(r"borrador(?:=|%3D)([\w-]+)", sent.headers["location"])
    assert token is not None
    page = await elsa.get(url, params={"borrador": token[1]})
    assert 'value="Una cancha"' in page.text
    assert "Con luces." in page.text
    assert '<option value="Deporte" selected>' in page.text
    assert await Thread.of(town.entity.id).filter(kind=PROPOSAL_KIND).count() == 0


async def test_closed_means_closed(town: Municipality, web: Web) -> None:
    """After the phase the proposals can be read and none can be made."""
    call = await call_in(town.closed_process)
    ana = await web.visit(town.ana)
    url = f"/consultas/{call.id}/propuestas"
    assert "Hacer una propuesta" not in (await ana.get(url)).text
    assert (await ana.get(f"{url}/nueva")).status_code == 409
    values = {"title": "Una cancha", "body": "Con luces."}
    assert (await ana.post(f"{url}/nueva", values)).status_code == 409


async def test_a_call_not_for_one(town: Municipality, web: Web) -> None:
    """Drafts, other entities' calls, consultations about a text and unknown ones are 404."""
    draft = await call_in(town.draft_process)
    call = await call_in(town.process)
    about_text = (await import_text(town.process)).opened.consultation
    ana, nora = await web.visit(town.ana), await web.visit(town.nora, NEIGHBOUR_HOST)
    for visitor, number in ((ana, draft.id), (nora, call.id), (ana, about_text.id), (ana, 999)):
        for tail in ("", "/nueva"):
            page = await visitor.get(f"/consultas/{number}/propuestas{tail}")
            assert page.status_code == 404
        sent = await visitor.post(
            f"/consultas/{number}/propuestas/nueva", {"title": "T", "body": "B"}
        )
        assert sent.status_code == 404


async def test_a_forged_form_is_refused(town: Municipality, web: Web) -> None:
    """A form without the page's token makes nothing."""
    call = await call_in(town.process)
    ana = await web.visit(town.ana)
    sent = await ana.post(
        f"/consultas/{call.id}/propuestas/nueva", {"title": "T", "body": "B", "csrf": "x"}
    )
    assert sent.status_code == 403
    assert await Thread.of(town.entity.id).filter(kind=PROPOSAL_KIND).count() == 0
