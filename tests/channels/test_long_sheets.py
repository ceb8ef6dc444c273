"""Long sheets: checked line by line, kept, recorded whole or not at all, and only what is new."""

import asyncio
from datetime import UTC, datetime, timedelta

from participa.channels.marks import marks_of, source_key
from participa.channels.models import CheckedSheet, Recorded, Recording
from participa.channels.sheets import read_sheet
from participa.channels.waiting import keep_sheet, sweep_sheets
from participa.deliberation.models import Contribution, Thread, ThreadEvent
from participa.deliberation.voices import Count, heard_in_process
from tests.channels.test_recording import URL, said
from tests.channels.test_sheets import HEAD
from tests.people import NOW, Municipality
from tests.visitors import Visitor, Web, page_text

PEOPLE = {**HEAD, "do": "sheet", "source": "Mesa de El Salado"}


def sheet(count: int, *, ids: bool = True, where: str = "El puente") -> bytes:
    """Write a sheet of so many rows."""
    rows = [f"{at if ids else ''};{where};Falta la luz {at}." for at in range(1, count + 1)]
    return "\n".join(["id;apartado;aporte", *rows]).encode()


async def send(visitor: Visitor, data: bytes, **head: str) -> str:
    """Send a long sheet and give the address of its page."""
    answer = await visitor.post(URL, PEOPLE | head, files={"sheet": ("mesa.csv", data)})
    assert answer.status_code == 303, page_text(answer)
    return answer.headers["location"]


def row(**values: str) -> dict[str, str]:
    """Give a row as a sheet is read."""
    return dict.fromkeys(("where", "title", "body", "stance", "person"), "") | values


def test_rows_are_known_again() -> None:
    """By id whatever they say now; without one by their words, the same twice being two."""
    first = marks_of([row(id="7", body="a"), row(body="a"), row(body="a")])
    longer = marks_of([row(body="b"), row(body="a"), row(body="a"), row(id="7", body="z")])
    assert len(set(first)) == 3
    assert set(first) < set(longer)
    keys = {source_key(1, "x", "m"), source_key(2, "x", "m"), source_key(1, "y", "m")}
    assert len(keys) == 3


def test_each_row_says_its_line() -> None:
    """The line of the file, with the titles and the empty lines above counted."""
    rows = read_sheet(b"Mesa;;\n;;\nid;apartado;aporte\n1;A;b\n;;\n2;A;c\n")
    assert [each["line"] for each in rows] == ["4", "6"]


async def test_a_long_sheet_is_shown_then_recorded_whole(town: Municipality, web: Web) -> None:
    """Nothing before the button; then all with receipts, counts, events; pressed twice, once."""
    diego = await web.visit(town.diego)
    url = await send(diego, sheet(45))
    shown = page_text(await diego.get(url))
    assert "Aportes por registrar 45" in shown
    assert await Recording.of(town.entity.id).count() == 0
    before = await Thread.of(town.entity.id).get(id=town.topic.thread_id)
    answers = await asyncio.gather(diego.post(url, {}), diego.post(url, {}))
    assert len({answer.headers["location"] for answer in answers}) == 1
    rows = await said(town)
    after = await Thread.of(town.entity.id).get(id=town.topic.thread_id)
    assert after.contribution_count == before.contribution_count + 45
    assert [each.number for each in rows] == list(
        range(before.last_number + 1, after.last_number + 1)
    )
    assert len({each.receipt_number for each in rows}) == 45
    events = ThreadEvent.of(town.entity.id).filter(contribution_id__in=[each.id for each in rows])
    assert await events.filter(kind="published").count() == 45
    assert (await heard_in_process(town.entity.id, town.process.id)).all == Count(46, 24)


async def test_the_longer_sheet_brings_only_its_new_rows(town: Municipality, web: Web) -> None:
    """With ids or without them; the mesa is the same, and counts once with its attendance."""
    diego = await web.visit(town.diego)
    for ids in (True, False):
        source = f"con {ids}"
        url = await send(diego, sheet(32, ids=ids), source=source)
        await diego.post(url, {"again": "1"})
        url = await send(diego, sheet(40, ids=ids), source=source.upper(), people="30")
        shown = page_text(await diego.get(url))
        assert "Aportes por registrar 8 Ya registradas antes 32" in shown
        await diego.post(url, {})
        again = await diego.get(await send(diego, sheet(40, ids=ids) + b"\n", source=source))
        assert "no hay nada nuevo" in page_text(again)
    assert await Recording.of(town.entity.id).filter(people_count=30).count() == 2
    assert (await heard_in_process(town.entity.id, town.process.id)).all == Count(81, 61)


async def test_the_same_sheet_by_another_name(town: Municipality, web: Web) -> None:
    """It is said which mesa it looks like; nothing is counted twice unless an official insists."""
    diego = await web.visit(town.diego)
    await diego.post(await send(diego, sheet(31), source="una"), {})
    url = await send(diego, sheet(31), source="otra")
    told = await diego.post(url, {})
    assert told.status_code == 422
    assert "31 de los aportes dicen allá lo mismo" in page_text(told)
    assert await Recording.of(town.entity.id).count() == 1
    assert (await diego.post(url, {"again": "1"})).status_code == 303
    assert await Recording.of(town.entity.id).count() == 2


async def test_a_short_sheet_grows_into_a_long_one(town: Municipality, web: Web) -> None:
    """What was recorded through the form is known again; a row added to it by hand is one."""
    diego = await web.visit(town.diego)
    shown = await diego.post(URL, PEOPLE, files={"sheet": ("mesa.csv", sheet(2))})
    marks = [shown.text.split(f'name="mark_{n}" value="', 1)[1].split('"', 1)[0] for n in (1, 2)]
    form = {**HEAD, "source": "Mesa de El Salado", "request_key": "k", "rows": "3"}
    for at, mark in enumerate((*marks, ""), 1):
        form |= {f"where_{at}": "El puente", f"body_{at}": f"Falta {at}.", f"mark_{at}": mark}
    places = {(await diego.post(URL, form)).headers["location"] for _again in range(2)}
    assert len(places) == 1
    await diego.post(await send(diego, sheet(31)), {})
    assert await Recorded.of(town.entity.id).count() == 32
    assert await Recording.of(town.entity.id).count() == 1


async def test_what_is_wrong_is_said_by_line(town: Municipality, web: Web) -> None:
    """A place that is not there and a number given twice, each with its line; nothing is kept."""
    diego = await web.visit(town.diego)
    data = sheet(33) + b"\n33;El puente;Otra vez.\n40;El faro;No hay."
    url = await send(diego, data)
    for answer in (await diego.get(url), await diego.post(url, {})):
        assert answer.status_code == 422
        told = page_text(answer)
        assert "35 Otra fila de la hoja tiene el mismo número." in told
        assert "36 No hay aquí nada que se llame «El faro»" in told
        assert "Filas con problemas 2" in told
        assert "Registrar y publicar" not in told
    assert await Contribution.of(town.entity.id).filter(channel="workshop").count() == 0


async def test_new_topics_are_opened_by_the_sheet(town: Municipality, web: Web) -> None:
    """Each in a conversation of its own, with its title and its count."""
    rows = "\n".join(f"Tema nuevo: Vías;Vía {at};Está mala." for at in range(31))
    diego = await web.visit(town.diego)
    data = f"apartado;título;aporte\n{rows}".encode()
    await diego.post(await send(diego, data), {})
    threads = [await Thread.of(town.entity.id).get(id=each.thread_id) for each in await said(town)]
    assert {each.title for each in threads} == {f"Vía {at}" for at in range(31)}
    assert {(each.contribution_count, each.last_number) for each in threads} == {(1, 1)}


async def test_what_is_said_of_the_session_is_checked_first(town: Municipality, web: Web) -> None:
    """A date that is missing comes back beside its field, and no sheet is kept."""
    diego = await web.visit(town.diego)
    files = {"sheet": ("mesa.csv", sheet(31))}
    answer = await diego.post(URL, PEOPLE | {"held_on": ""}, files=files)
    assert answer.status_code == 422
    assert "Escriba la fecha." in page_text(answer)
    assert await CheckedSheet.of(town.entity.id).count() == 0


async def test_a_sheet_nobody_records_is_forgotten(town: Municipality) -> None:
    """After two days, not before; the same sheet twice is kept once."""
    old = datetime.now(UTC) - timedelta(days=2, minutes=1)
    await keep_sheet(town.diego, town.process, {}, [], now=old)
    kept = await keep_sheet(town.alma, town.process, {}, [], now=NOW)
    assert (await keep_sheet(town.alma, town.process, {}, [], now=NOW)).id == kept.id
    await CheckedSheet.of(town.entity.id).filter(id=kept.id).update(created_at=datetime.now(UTC))
    await sweep_sheets({})
    assert [each.id for each in await CheckedSheet.of(town.entity.id)] == [kept.id]
