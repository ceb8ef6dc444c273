"""Files of a proposal: attached, seen, taken off; withheld and erased with its words (T24)."""

import re

import pytest

from participa.consultations.coauthors import join, make_link
from participa.consultations.models import Consultation
from participa.consultations.service import propose
from participa.deliberation import service
from participa.deliberation.models import Contribution, Thread
from participa.files.forms import store_of
from participa.files.models import StoredFile
from participa.moderation.service import hide, hide_file, restore
from participa.processes.models import Process
from participa.web.refusals import BadInput, NotAllowed, NotFound
from tests.conftest import Clock
from tests.consultations.test_proposals import call_in
from tests.files.making import DRAFT, paper, photograph, picture
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.visitors import Visitor, Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
async def call(town: Municipality) -> Consultation:
    """Open a call for proposals."""
    return await call_in(town.process)


@pytest.fixture
async def proposal(town: Municipality, call: Consultation) -> Contribution:
    """Let Ana propose something."""
    return await propose(town.ana, call, title="Una cancha", body="Con luces.", now=NOW)


def url_of(said: Contribution) -> str:
    """Give the page of its files."""
    return f"/aportes/{said.receipt_number}/adjuntos"


async def send(
    visitor: Visitor, said: Contribution, data: bytes, name: str = "puente.jpg", **fields: str
) -> str:
    """Attach a file and give what the page says."""
    files = {"file": (name, data, "text/html")}
    answer = await visitor.post(url_of(said), {**DRAFT, **fields}, files=files)
    if answer.is_redirect:
        answer = await visitor.follow(answer)
        assert answer.status_code == 200
    else:
        assert answer.status_code == 422
    return str(answer.text)


def file_url(html: str) -> str:
    """Find the address of the only file on a page."""
    found = set(re.findall(r'"(/archivos/[^"]+)"', html))
    assert len(found) == 1
    return str(found.pop())


async def test_a_picture_is_attached_and_seen(
    town: Municipality, web: Web, proposal: Contribution
) -> None:
    """Its author attaches it; proposal, receipt and history show it to everybody, made safe."""
    ana, elsa = await web.visit(town.ana), await web.visit()
    shown = await send(ana, proposal, photograph(), "../<b>Puente ñ<i>.html")
    url = file_url(shown)
    assert url.endswith("/b-puente-n-i.jpg")
    for page in (f"/hilos/{proposal.thread_id}", f"/aportes/{proposal.receipt_number}"):
        html = (await elsa.get(page)).text
        assert f'<img src="{url}" width="30" height="40"' in html
        assert f'alt="{DRAFT["description"]}" loading="lazy"' in html
    history = await elsa.get(f"/aportes/{proposal.receipt_number}/historial")
    assert "Se adjuntó una imagen" in page_text(history)
    answer = await elsa.get(url)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-disposition"] == 'inline; filename="b-puente-n-i.jpg"'
    assert answer.headers["cache-control"] == "public, no-cache"
    assert b"Telefono" not in answer.content
    known = {"If-None-Match": answer.headers["etag"]}
    assert (await elsa.get(url, headers=known)).status_code == 304
    assert (await elsa.get(url.replace("b-puente", "otra"))).status_code == 404
    assert (await elsa.get("/archivos/99/x.jpg")).status_code == 404


@only_sqlite
async def test_a_document_is_only_handed_out(
    town: Municipality, web: Web, proposal: Contribution
) -> None:
    """A PDF is downloaded, never shown; its link says what it is and how heavy."""
    ana = await web.visit(town.ana)
    shown = await send(ana, proposal, paper(), "plano.exe", description="El plano de la cancha")
    assert "El plano de la cancha</a>" in shown
    assert "PDF, 0,1 MB" in shown
    answer = await ana.get(file_url(shown))
    assert answer.content == paper()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="plano.pdf"'
    assert "content-encoding" not in answer.headers


@only_sqlite
async def test_what_is_wrong_is_said_beside_the_field(
    town: Municipality, web: Web, proposal: Contribution
) -> None:
    """Each mistake has its message; what was typed stays; nothing is kept."""
    ana = await web.visit(town.ana)
    cases = {
        "Escoja una foto JPEG, PNG o WebP, o un PDF": b"<svg></svg>",
        "está dañado": b"\xff\xd8\xff no es una foto",
        "lleva programas": paper(catalogue=b"/Names << /JavaScript << >> >>"),
        "La imagen pesa más de 10 MB": picture() + b"x" * 10 * 1024 * 1024,
        "El PDF pesa más de 25 MB": paper() + b"\n" * 25 * 1024 * 1024,
    }
    for words, data in cases.items():
        html = await send(ana, proposal, data)
        assert words in html
        assert f'value="{DRAFT["description"]}"' in html
    html = await send(ana, proposal, picture(), description=" ")
    assert "Escriba qué se ve o qué es." in html
    assert "Vuelva a escoger el archivo" in html
    nothing = await ana.post(url_of(proposal), DRAFT)
    assert "Escoja el archivo." in nothing.text
    huge = {"file": ("a.pdf", b"%PDF-" + b"\0" * 51 * 1024 * 1024, "application/pdf")}
    assert (await ana.post(url_of(proposal), DRAFT, files=huge)).status_code == 413
    assert await StoredFile.of(town.entity.id).count() == 0
    assert not list(store_of(web.settings).folder.glob("??/*"))


@only_sqlite
async def test_five_and_no_more(town: Municipality, web: Web, proposal: Contribution) -> None:
    """The sixth is refused beside its field; one taken off leaves a place and its trace."""
    ana, elsa = await web.visit(town.ana), await web.visit()
    for side in range(5):
        await send(ana, proposal, picture(size=(10 + side, 10)))
    assert "Caben 5 archivos" in await send(ana, proposal, picture(size=(20, 10)))
    assert 'name="file"' not in (await ana.get(url_of(proposal))).text
    row = await StoredFile.of(town.entity.id).order_by("id").first()
    assert row is not None
    address = f"/archivos/{row.id}/puente.png"
    assert (await elsa.get(address)).status_code == 200
    taken = await ana.post(f"{url_of(proposal)}/quitar", {"id": str(row.id)})
    words = page_text(await ana.follow(taken))
    assert "Se quitó una imagen" in words
    assert (await elsa.get(address)).status_code == 404
    assert "Adjuntar un archivo" in words


async def test_who_signed_too_may_and_nobody_else(
    town: Municipality, web: Web, proposal: Contribution, clock: Clock
) -> None:
    """A co-author attaches and takes off; others, and after the closing anybody, may not."""
    beto = await web.visit(town.beto)
    files = {"file": ("a.png", picture(), "image/png")}
    assert "Adjuntar un archivo" not in page_text(await beto.get(url_of(proposal)))
    assert (await beto.post(url_of(proposal), DRAFT, files=files)).status_code == 403
    await join(town.beto, await make_link(town.ana, proposal.thread_id, NOW), NOW)
    url = file_url(await send(beto, proposal, picture()))
    number = url.split("/")[2]
    clock.move(days=20)
    beto = await web.visit(town.beto)
    for act, values in (("", DRAFT), ("/quitar", {"id": number})):
        given = {"files": files} if not act else {}
        answer = await beto.post(url_of(proposal) + act, values, **given)
        assert answer.status_code in {409, 422}
    assert await StoredFile.of(town.entity.id).filter(removed_at=None).count() == 1


@only_sqlite
async def test_a_forged_form_attaches_nothing(
    town: Municipality, web: Web, proposal: Contribution
) -> None:
    """A form with a file needs its token as any other does."""
    ana = await web.visit(town.ana)
    files = {"file": ("a.png", picture(), "image/png")}
    answer = await ana.post(url_of(proposal), {**DRAFT, "csrf": "otro"}, files=files)
    assert answer.status_code == 403
    away = {"Origin": "https://otro.example"}
    answer = await ana.post(url_of(proposal), DRAFT, files=files, headers=away)
    assert answer.status_code == 403
    assert await StoredFile.of(town.entity.id).count() == 0


async def test_a_file_shares_the_fate_of_its_words(
    town: Municipality, web: Web, proposal: Contribution
) -> None:
    """Hidden it is a moderator's only; with the thread or the process gone, nobody's."""
    visitors = {
        name: await web.visit(actor)
        for name, actor in (
            ("ana", town.ana), ("elsa", town.elsa), ("carmen", town.carmen), ("diego", town.diego),
        )
    }  # fmt: skip
    url = file_url(await send(visitors["ana"], proposal, picture()))
    pages = [
        f"/hilos/{proposal.thread_id}", f"/aportes/{proposal.receipt_number}",
        "/procesos/plan/respuestas", "/procesos/plan/respuestas.csv", "/datos/aportes.csv",
    ]  # fmt: skip

    async def seen() -> set[str]:
        return {name for name, who in visitors.items() if (await who.get(url)).status_code == 200}

    assert await seen() == {"ana", "elsa", "carmen", "diego"}
    await hide(town.carmen, proposal.id, rule="1", now=NOW)
    assert await seen() == {"carmen"}
    assert (await visitors["carmen"].get(url)).headers["cache-control"] == "private, no-store"
    for name in ("elsa", "ana", "diego"):
        for page in (*pages, url_of(proposal)):
            assert url not in (await visitors[name].get(page)).text, (name, page)
    assert url in (await visitors["carmen"].get(pages[1])).text
    await restore(town.carmen, proposal.id, now=NOW)
    assert url in (await visitors["elsa"].get(pages[0])).text
    await Process.of(town.entity.id).filter(id=town.process.id).update(is_published=False)
    assert await seen() == {"carmen", "diego"}
    await Process.of(town.entity.id).filter(id=town.process.id).update(is_published=True)
    await Thread.of(town.entity.id).filter(id=proposal.thread_id).update(is_hidden=True)
    assert await seen() == set()
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    assert (await nico.get(url)).status_code == 404


async def test_a_moderator_hides_a_file_alone(
    town: Municipality, web: Web, proposal: Contribution
) -> None:
    """Not served, shown nor described to anybody else, with its reason, until it is undone."""
    ana, carmen, elsa = await web.visit(town.ana), await web.visit(town.carmen), await web.visit()
    page = await send(ana, proposal, photograph())
    url, thread = file_url(page), f"/hilos/{proposal.thread_id}"
    row = await StoredFile.get()
    tag = (await elsa.get(url)).headers["etag"]
    assert url in (await elsa.get(thread)).text
    hiding = {"id": str(row.id), "reason": "3", "note": "Se ve una cédula."}
    for visitor, status in ((ana, 403), (elsa, 401)):
        answer = await visitor.post(f"{url_of(proposal)}/ocultar", hiding)
        assert answer.status_code == status
    await carmen.post(f"{url_of(proposal)}/ocultar", hiding)
    for path in (thread, f"/aportes/{proposal.receipt_number}", url_of(proposal)):
        seen = await elsa.get(path)
        assert seen.status_code == 200
        assert "/archivos/" not in seen.text
        assert row.description not in seen.text
        assert "Norma 3: sin datos personales" in seen.text
        assert "Con luces." in seen.text or path == url_of(proposal)
    for visitor in (elsa, ana):
        assert (await visitor.get(url)).status_code == 404
        assert (await visitor.get(url, headers={"If-None-Match": tag})).status_code == 404
    seen = await carmen.get(url)
    assert (seen.status_code, seen.headers["cache-control"]) == (200, "private, no-store")
    log = page_text(await elsa.get(f"{thread}/actuaciones"))
    assert "Ocultó un archivo adjunto de" in log
    assert "Se ve una cédula." in log
    # The same picture again is the one that is hidden.
    assert "/archivos/" not in await send(ana, proposal, photograph())
    await carmen.post(f"{url_of(proposal)}/mostrar", {"id": str(row.id)})
    assert (await elsa.get(url)).status_code == 200
    assert url in (await elsa.get(thread)).text


@only_sqlite
async def test_who_may_hide_a_file(town: Municipality, web: Web, proposal: Contribution) -> None:
    """Neither a neighbour nor a file of another contribution; a rule that is published."""
    await send(await web.visit(town.ana), proposal, photograph())
    row = await StoredFile.get()
    with pytest.raises(NotFound):
        await hide_file(town.nico, proposal.id, row.id, rule="1", now=NOW)
    with pytest.raises(NotAllowed):
        await hide_file(town.diego, proposal.id, row.id, rule="1", now=NOW)
    with pytest.raises(NotFound):
        await hide_file(town.carmen, town.topic.id, row.id, rule="1", now=NOW)
    with pytest.raises(BadInput):
        await hide_file(town.carmen, proposal.id, row.id, rule="99", now=NOW)
    assert not (await StoredFile.get()).hidden_at


async def test_taken_back_with_the_words_it_is_erased(
    town: Municipality, web: Web, proposal: Contribution
) -> None:
    """Who takes a proposal back takes its files back: no row is left, and no address."""
    ana = await web.visit(town.ana)
    url = file_url(await send(ana, proposal, picture()))
    await service.remove(town.ana, proposal.id, now=NOW)
    assert (await ana.get(url)).status_code == 404
    assert (await ana.get(url_of(proposal))).status_code == 404
    assert await StoredFile.of(town.entity.id).count() == 0


@only_sqlite
async def test_only_proposals_take_files(town: Municipality, web: Web) -> None:
    """A topic of a forum has no page for files, and does not mention them."""
    ana = await web.visit(town.ana)
    assert (await ana.get(url_of(town.topic))).status_code == 404
    edit = await ana.get(f"/aportes/{town.topic.receipt_number}/editar")
    assert "adjuntos" not in edit.text


@only_sqlite
async def test_from_the_form_to_the_files(town: Municipality, web: Web, call: Consultation) -> None:
    """Who ticks the box is led to the files right after publishing, receipt in hand."""
    ana, elsa = await web.visit(town.ana), await web.visit()
    url = f"/consultas/{call.id}/propuestas/nueva"
    form = {"title": "Una cancha", "body": "Con luces.", "attach": "1", "request_key": "k1"}
    answer = await ana.post(url, form)
    said = await Contribution.of(town.entity.id).get(request_key="k1")
    assert answer.headers["location"].startswith(f"{url_of(said)}?aviso=aporte&radicado=")
    assert "Adjuntar un archivo" in page_text(await ana.follow(answer))
    edit = await ana.get(f"/aportes/{said.receipt_number}/editar")
    assert f'href="{url_of(said)}"' in edit.text
    asked = await elsa.post(url, {**form, "title": "Otra cosa"})
    draft = re.search(r"borrador%3D([\w-]+)", asked.headers["location"])
    assert draft is not None
    again = await ana.get(f"{url}?borrador={draft[1]}")
    assert re.search(r'name="attach" value="1" checked', again.text)
