"""Proposals like one being written: found by their words, shown before it is published."""

import csv
import gzip
import io
import re
from random import Random

import pytest

from participa.consultations.service import propose
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import State
from participa.deliberation.service import edit, set_support
from participa.kit.similar import Index, Text
from tests.consultations.test_proposals import call_in
from tests.people import NOW, Municipality
from tests.realdata import real_data
from tests.visitors import Web, page_text

PROPOSALS = {
    1: Text("Techo y banca en el paradero", "Esperamos la chiva en el barro."),
    2: Text("Una biblioteca que viaje en la chiva", "Cien libros por vereda."),
    3: Text("Pista de bicicrós", "En el lote donde botan escombros."),
    4: Text("Citas médicas en la plaza", "El domingo baja todo el mundo."),
}


def indexed(texts: dict[int, Text], language: str = "spanish") -> Index:
    """Make an index."""
    index = Index(language)
    for number, text in texts.items():
        index.add(number, text)
    return index


@pytest.mark.parametrize(
    ("title", "body", "first"),
    [
        ("Techar los paraderos", "Para no mojarnos.", 1),
        ("Bibliotecas viajeras", "Libros para las veredas.", 2),
        ("Pista de bicicorss", "", 3),
        ("CITAS MEDICAS LOS DOMINGOS", "En la plaza.", 4),
    ],
)
def test_other_words_for_the_same(title: str, body: str, first: int) -> None:
    """Plurals, capitals, lost accents and slips of the pen hide no neighbour."""
    found = indexed(PROPOSALS).like(Text(title, body), 5)
    assert [each.id for each in found][:1] == [first]


def test_another_matter_is_like_nothing() -> None:
    """Small words alone make nothing similar; neither does an empty text or an empty call."""
    index = indexed(PROPOSALS)
    assert index.like(Text("Vacunar a los perros", "De todo el municipio, en el parque."), 5) == []
    assert index.like(Text("", ""), 5) == []
    assert indexed({}).like(Text("Techo", "x"), 5) == []


def test_the_same_words_are_the_likest() -> None:
    """A text is most like itself."""
    index = indexed(PROPOSALS)
    for number, text in PROPOSALS.items():
        best = index.like(text, 5)[0]
        assert best.id == number
        assert best.likeness > 0.8


def barcelona() -> list[dict[str, str]]:
    """Read the 7,749 proposals of the city's plan."""
    packed = real_data("decidim_barcelona_pam2016/proposals.csv.gz").read_bytes()
    return list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode())))


def _slip(word: str, random: Random) -> str:
    if len(word) < 5:
        return word
    at = random.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _recall(index: Index, asked: list[tuple[int, Text]]) -> float:
    hits = sum(number in {each.id for each in index.like(text, 5)} for number, text in asked)
    return hits / len(asked)


def _twins(texts: dict[int, Text]) -> dict[int, set[int]]:
    """Give the others of the same title to each proposal that has any."""
    titled: dict[str, set[int]] = {}
    for number, text in texts.items():
        titled.setdefault(text.title.casefold().strip(), set()).add(number)
    return {
        number: numbers - {number}
        for numbers in titled.values()
        if len(numbers) > 1
        for number in numbers
    }


@pytest.mark.real_data
def test_recall_in_madrid() -> None:
    """Asked with its summary, a proposal known by title and text is among the first five."""
    source = real_data("decide_madrid_2019/proposals.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(source)) if row["text"]]
    index = indexed({int(row["proposal_id"]): Text(row["title"], row["text"]) for row in rows})
    asked = [(int(row["proposal_id"]), Text("", row["summary"])) for row in rows]
    assert len(asked) == 31
    assert _recall(index, asked) >= 0.9


@pytest.mark.real_data
def test_recall_in_barcelona() -> None:
    """Among 7,749: mangled, by the words of one with the same title, by the title only."""
    rows, random = barcelona(), Random(1)  # noqa: S311 - the same sample each time
    some = random.sample(rows, 300)
    texts = {int(row["id"]): Text(row["title"], row["summary"]) for row in rows}
    whole = indexed(texts, "catalan")
    mangled = [
        (
            int(row["id"]),
            Text(
                " ".join(_slip(w, random) if random.random() < 0.5 else w
                         for w in row["title"].split()),
                " ".join(row["summary"].split()[::2]),
            ),
        )
        for row in some
    ]  # fmt: skip
    assert _recall(whole, mangled) >= 0.95
    twins = _twins(texts)
    assert len(twins) > 400
    found = [{each.id for each in whole.like(texts[number], 6)} - {number} for number in twins]
    met = sum(
        not others.isdisjoint(twins[number]) for number, others in zip(twins, found, strict=True)
    )
    assert met / len(twins) >= 0.9
    bodies = indexed({int(row["id"]): Text("", row["summary"]) for row in rows}, "catalan")
    titles = [(int(row["id"]), Text(row["title"], "")) for row in some]
    # Many titles are "Equipaments" or "Carril bici": nobody could do much better.
    assert _recall(bodies, titles) >= 0.5


async def test_similar_ones_come_first(town: Municipality, web: Web) -> None:
    """What is written is not published before its writer saw the like of it; then it is, once."""
    call = await call_in(town.process)
    there = await propose(town.beto, call, title="Una cancha techada", body="Con luces.", now=NOW)
    ana = await web.visit(town.ana)
    url = f"/consultas/{call.id}/propuestas/nueva"
    values = {"title": "Canchas con techo", "body": "Y luces.", "category": "Deporte"}
    step = await ana.post(url, {**values, "request_key": "k1"})
    assert step.status_code == 200
    text = page_text(step)
    for words in ("¿Es una de estas? Apóyela", "Una cancha techada", "Con luces.", "Beto",
                  "Apoyar esta", "Ninguna: publicar la mía"):  # fmt: skip
        assert words in text
    assert 'value="Canchas con techo"' in step.text
    assert "Y luces." in step.text
    assert '<option value="Deporte" selected>' in step.text
    assert f"/aportes/{there.receipt_number}/apoyo" in step.text
    assert (
        await Thread.of(town.entity.id).filter(place_id=call.id, title__contains="Canchas").count()
        == 0
    )
    key = re.search(r'name="request_key" value="([^"]+)"', step.text)
    assert key is not None
    assert key[1] == "k1"
    sent = [await ana.post(url, {**values, "request_key": "k1", "seen": "1"}) for _time in "ab"]
    assert sent[0].status_code == 303
    # Sent again from the first step: it is the same proposal, not one more like it.
    sent.append(await ana.post(url, {**values, "request_key": "k1"}))
    assert len({each.headers["location"] for each in sent}) == 1


async def test_what_is_gone_is_not_shown(town: Municipality, web: Web) -> None:
    """Hidden and removed proposals, hidden threads and other calls' are like nothing."""
    call = await call_in(town.process)
    said = [
        await propose(town.beto, call, title=f"Una cancha techada {n}", body="Luces.", now=NOW)
        for n in ("uno", "dos", "tres")
    ]
    ana = await web.visit(town.ana)
    url = f"/consultas/{call.id}/propuestas/nueva"
    values = {"title": "Una cancha techada", "body": "Luces."}
    step = page_text(await ana.post(url, values))
    assert all(words in step for words in ("techada uno", "techada dos", "techada tres"))
    rows = Contribution.of(town.entity.id)
    await rows.filter(id=said[0].id).update(state=State.HIDDEN)
    await rows.filter(id=said[1].id).update(state=State.REMOVED)
    await Thread.of(town.entity.id).filter(id=said[2].thread_id).update(is_hidden=True)
    assert (await ana.post(url, values)).status_code == 303


async def test_what_was_edited_is_known_by_what_it_says_now(town: Municipality, web: Web) -> None:
    """Asked again in the same process, it is like its new words and no more like its old ones."""
    call = await call_in(town.process)
    said = await propose(town.beto, call, title="La escuela", body="Pintar salones.", now=NOW)
    ana = await web.visit(town.ana)
    url = f"/consultas/{call.id}/propuestas/nueva"
    paint = {"title": "Pintar los salones", "body": "Todos.", "request_key": "a"}
    roof = {"title": "Cambiar las goteras", "body": "Todas.", "request_key": "b"}
    assert "Pintar salones." in page_text(await ana.post(url, paint))
    await edit(town.beto, said.id, "Cambiar el techo por las goteras.", now=NOW)
    assert "por las goteras." in page_text(await ana.post(url, roof))
    assert (await ana.post(url, paint)).status_code == 303


async def test_one_says_what_one_did_already(town: Municipality, web: Web) -> None:
    """One's own proposal and one already supported say so instead of offering the button."""
    call = await call_in(town.process)
    await propose(town.ana, call, title="Una cancha techada", body="Luces.", now=NOW)
    other = await propose(town.beto, call, title="Otra cancha techada", body="Luces.", now=NOW)
    await set_support(town.ana, other.id, wanted=True, now=NOW)
    ana = await web.visit(town.ana)
    sent = await ana.post(
        f"/consultas/{call.id}/propuestas/nueva", {"title": "La cancha techada", "body": "Luces."}
    )
    step = page_text(sent)
    assert "Esta la hizo usted." in step
    assert "Usted ya la apoya." in step
    assert "Apoyar esta" not in step
