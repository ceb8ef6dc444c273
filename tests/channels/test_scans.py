"""The acta of a recording: for officials, until one of them lets everybody see it."""

import re

import pytest

from participa.audit import AuditRecord
from participa.channels.models import Recording
from tests.files.making import paper, picture
from tests.people import NEIGHBOUR_HOST, Municipality
from tests.security.world import make_recording
from tests.visitors import Visitor, Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def add(visitor: Visitor, recording: Recording, data: bytes, **fields: str) -> str:
    """Attach a scan and give the page."""
    files = {"file": ("acta.pdf", data, "")}
    values = {"description": "Acta y asistencia", **fields}
    answer = await visitor.post(f"/registros/{recording.id}/acta", values, files=files)
    return (await visitor.follow(answer)).text if answer.is_redirect else answer.text


def address(html: str) -> str:
    """Find the address of the only file on a page."""
    (found,) = set(re.findall(r'"(/archivos/[^"]+)"', html))
    return str(found)


async def test_an_acta_is_for_officials_until_it_is_shown(town: Municipality, web: Web) -> None:
    """Nobody else finds it on the page or at its address; shown and withheld again, at once."""
    recording = await make_recording(town)
    page = f"/registros/{recording.id}"
    diego = await web.visit(town.diego)
    url = address(await add(diego, recording, paper()))
    others = [await web.visit(actor) for actor in (town.elsa, town.ana, town.carmen)]

    async def seen() -> set[int]:
        for who in others:
            there = url in (await who.get(page)).text
            assert there == ((await who.get(url)).status_code == 200)
        return {(await who.get(url)).status_code for who in others}

    assert await seen() == {404}
    mine = await diego.get(url)
    assert mine.content == paper()
    assert mine.headers["cache-control"] == "private, no-store"
    assert mine.headers["content-disposition"] == 'attachment; filename="acta.pdf"'
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    assert (await nico.get(url)).status_code == 404
    number = url.split("/")[2]
    for act, status in (("show", 200), ("withhold", 404), ("show", 200), ("remove", 404)):
        changed = await diego.post(f"{page}/acta/cambiar", {"id": number, "do": act})
        assert changed.is_redirect
        assert await seen() == {status}
    logged = await AuditRecord.filter(object_kind="channels.recording").order_by("id")
    assert [each.action.partition(".")[2] for each in logged][1:] == [
        "attach", "publish_scan", "withhold_scan", "publish_scan", "remove_scan",
    ]  # fmt: skip
    assert (
        await diego.post(f"{page}/acta/cambiar", {"id": number, "do": "show"})
    ).status_code == 404


@only_sqlite
async def test_a_page_may_be_shown_from_the_start(town: Municipality, web: Web) -> None:
    """Who ticks the box shows it; the form warns first; what is wrong is said beside the field."""
    recording = await make_recording(town)
    diego, elsa = await web.visit(town.diego), await web.visit()
    page = page_text(await diego.get(f"/registros/{recording.id}"))
    assert "Las listas de asistencia llevan nombres" in page
    assert "no es lo que dice ser" in await add(diego, recording, b"%PDF-1.4 nada", public="1")
    html = await add(diego, recording, b"<html>", public="1")
    assert "Ese archivo no se recibe" in html
    assert re.search(r'name="public" value="1" checked', html)
    url = address(await add(diego, recording, picture(), public="1"))
    assert (await elsa.get(url)).headers["cache-control"] == "public, no-cache"
    assert 'name="file"' not in (await elsa.get(f"/registros/{recording.id}")).text
    carmen = await web.visit(town.carmen)
    files = {"file": ("a.png", picture(), "")}
    refused = await carmen.post(
        f"/registros/{recording.id}/acta", {"description": "Otra"}, files=files
    )
    assert refused.status_code == 403
