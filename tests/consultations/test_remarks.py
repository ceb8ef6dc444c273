"""A comment says which passage it is about, whether it asks, and which words it would put."""

import re

import pytest

from participa.consultations.models import Anchor
from participa.deliberation import service
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import State
from participa.moderation.service import hide
from tests.consultations.consulting import import_text, thread_about
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.sheets import neutral, told
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.visitors import Visitor, Web, page_text

PLAN = """# Eje 1. El agua

El agua es de **todos** & de nadie. El agua se cuida en la fuente, y se paga lo justo.

- Cada vereda tendrá su acueducto.
- Nadie pagará dos veces.
"""
AMENDMENT = {"remark": "amendment", "passage": "se paga lo justo", "words": "se paga según el uso"}


async def _about_water(town: Municipality) -> Thread:
    await import_text(town.process, PLAN)
    return await thread_about(town.process, "eje-1")


async def _comment(who: Visitor, thread: Thread, **fields: str) -> str:
    """Comment through the form; give the page that answers."""
    answer = await who.post(f"/hilos/{thread.id}/aportes", {"body": "Digo yo.", **fields})
    page = await who.follow(answer) if answer.is_redirect else answer
    assert page.status_code == (200 if answer.is_redirect else 422)
    return page.text


async def _anchors(town: Municipality) -> list[Anchor]:
    return await Anchor.of(town.entity.id).order_by("id")


async def test_a_passage_is_kept_with_its_place(town: Municipality, web: Web) -> None:
    """Typed with other spaces and accents, its words are those of the text, quoted with a link."""
    thread = await _about_water(town)
    html = await _comment(
        await web.visit(town.ana), thread, passage=" el AGUA  se cuida en la\nfuente"
    )
    (anchor,) = await _anchors(town)
    assert anchor.words == "El agua se cuida en la fuente"
    assert anchor.prefix.endswith("El agua es de todos & de nadie. ")
    assert anchor.suffix.startswith(", y se paga")
    assert (anchor.remark, anchor.made_on, anchor.section_id) == (
        "observation", 1, thread.place_id,
    )  # fmt: skip
    assert anchor.placed_end is not None
    assert anchor.placed_end - (anchor.placed_start or 0) == len(anchor.words)
    said = await Contribution.of(town.entity.id).get(id=anchor.contribution_id)
    assert "<blockquote><p>El agua se cuida en la fuente</p></blockquote>" in html
    assert f"/apartados/{thread.place_id}?pasaje={said.receipt_number}#pasaje" in html
    own = await (await web.visit()).get(f"/aportes/{said.receipt_number}")
    assert "<blockquote><p>El agua se cuida en la fuente</p></blockquote>" in own.text


async def test_an_amendment_shows_what_it_changes(town: Municipality, web: Web) -> None:
    """Words taken out and put in are marked, and said to who does not see the marks."""
    thread = await _about_water(town)
    html = await _comment(await web.visit(town.ana), thread, **AMENDMENT)
    assert re.search(r"se paga <del>.*lo justo.*</del>\s*<ins>.*según el uso.*</ins>", html)
    text = page_text(await (await web.visit()).get(f"/apartados/{thread.place_id}"))
    assert "Propone otras palabras" in text
    assert re.search(
        r"se paga \[se quita:\] lo justo \[fin\] \[se pone:\] según el uso \[fin\]", text
    )


async def test_words_typed_make_it_an_amendment(town: Municipality, web: Web) -> None:
    """Who proposes other words need not also press the button for it."""
    thread = await _about_water(town)
    await _comment(await web.visit(town.ana), thread, **{**AMENDMENT, "remark": ""})
    assert [anchor.remark for anchor in await _anchors(town)] == ["amendment"]


async def test_a_question_about_the_whole_section(town: Municipality, web: Web) -> None:
    """A question needs no passage; an observation on everything keeps nothing more."""
    thread = await _about_water(town)
    ana = await web.visit(town.ana)
    html = await _comment(ana, thread, remark="question")
    assert '<p class="over">Pregunta</p>' in html
    await _comment(ana, thread, remark="observation")
    (anchor,) = await _anchors(town)
    assert (anchor.words, anchor.placed_start, anchor.state) == ("", None, "section")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"passage": "El agua es del alcalde"}, "no están así en el texto"),
        ({"passage": "el agua"}, "están 2 veces"),
        ({"remark": "amendment"}, "Copie del texto el pasaje"),
        (
            {"remark": "amendment", "passage": "se paga lo justo"},
            "Escriba las palabras que propone",
        ),
        ({**AMENDMENT, "words": "se paga  lo justo"}, "Son las mismas palabras"),
        ({"passage": "x" * 2001}, "caben 2000"),
        ({"remark": "insulto"}, "Elija una de las opciones"),
        ({"passage": "…"}, "no están así en el texto"),
    ],
)
async def test_what_does_not_stand_in_the_text(
    town: Municipality, web: Web, fields: dict[str, str], problem: str
) -> None:
    """What cannot be is said beside its field, what was typed stays, and nothing is written."""
    thread = await _about_water(town)
    html = await _comment(await web.visit(town.ana), thread, **fields)
    assert problem in html
    assert "Digo yo." in html
    assert fields.get("passage", "") in html
    assert not await _anchors(town)
    assert not await Contribution.of(town.entity.id).filter(thread_id=thread.id).exists()


@pytest.mark.parametrize(("at", "start"), [("0", 0), ("24", 32), ("9999", 32), ("", None)])
async def test_where_it_was_chosen_says_which(
    town: Municipality, web: Web, at: str, start: int | None
) -> None:
    """Of several places with the same words it is the one where they were selected."""
    thread = await _about_water(town)
    await _comment(await web.visit(town.ana), thread, passage="El agua", at=at)
    found = [(anchor.placed_start or 0) - 1 for anchor in await _anchors(town)]
    assert found == ([] if start is None else [start])


async def test_twice_is_once(town: Municipality, web: Web) -> None:
    """A form sent twice makes one comment with one passage."""
    thread = await _about_water(town)
    ana = await web.visit(town.ana)
    for _time in range(2):
        await _comment(ana, thread, passage="lo justo", request_key="0123456789abcdef")
    assert len(await _anchors(town)) == 1


async def test_a_passage_survives_signing_in(town: Municipality, web: Web) -> None:
    """Who writes first and signs in later finds passage and words in the form again."""
    thread = await _about_water(town)
    elsa = await web.visit()
    answer = await elsa.post(f"/hilos/{thread.id}/aportes", {"body": "Digo yo.", **AMENDMENT})
    draft = re.search(r"borrador(?:%3D|=)([\w-]{30,})", answer.headers["location"])
    assert draft
    page = await (await web.visit(town.ana)).get(
        f"/apartados/{thread.place_id}", params={"borrador": draft[1]}
    )
    assert re.search(r'<details class="about" open>', page.text)
    assert "\nse paga lo justo</textarea>" in page.text
    assert "\nse paga según el uso</textarea>" in page.text


async def test_what_is_taken_back_is_erased(town: Municipality, web: Web) -> None:
    """With the words of a comment go those it proposed."""
    thread = await _about_water(town)
    ana = await web.visit(town.ana)
    await _comment(ana, thread, **AMENDMENT)
    said = await Contribution.of(town.entity.id).get(thread_id=thread.id)
    await ana.post(f"/aportes/{said.receipt_number}/retirar")
    assert (await Contribution.of(town.entity.id).get(id=said.id)).state == State.REMOVED
    assert not await _anchors(town)
    page = await (await web.visit()).get(f"/apartados/{thread.place_id}")
    assert "según el uso" not in page.text


async def test_what_is_hidden_is_hidden_whole(town: Municipality, web: Web) -> None:
    """Only who moderates reads the words that a hidden comment proposed."""
    thread = await _about_water(town)
    await _comment(await web.visit(town.ana), thread, **AMENDMENT)
    said = await Contribution.of(town.entity.id).get(thread_id=thread.id)
    await hide(town.carmen, said.id, rule="1", now=NOW)
    for path in (f"/apartados/{thread.place_id}", f"/aportes/{said.receipt_number}"):
        for who, is_there in ((town.elsa, False), (town.beto, False), (town.carmen, True)):
            page = await (await web.visit(who)).get(path)
            assert ("según el uso" in page.text) is is_there


async def test_the_page_is_told_what_it_would_show(town: Municipality, web: Web) -> None:
    """Old page + what was sent = new page, for comments with a passage, handed on or read."""
    thread = await _about_water(town)
    ear = Ear(source_of(web, town, thread.id))
    looker = Looker(web, f"/apartados/{thread.place_id}")
    await ear.start()
    ana = await web.visit(town.ana)
    page = await looker.sheet(town.elsa, "es")
    for fields in (AMENDMENT, {"remark": "question"}, {"passage": "lo justo"}, {}):
        with ear.handed():
            await _comment(ana, thread, **fields)
            messages = await ear.hear()
        page = told(page, [dict(each) for each in messages["es"]])
        assert page == await looker.sheet(town.elsa, "es"), fields
    said = await Contribution.of(town.entity.id).filter(thread_id=thread.id).first()
    assert said is not None
    await service.edit(town.ana, said.id, "Digo otra cosa.", now=NOW)
    page = told(page, [dict(each) for each in (await ear.hear())["es"]])
    assert neutral(page) == neutral(await looker.sheet(town.elsa, "es"))


async def test_an_answer_has_no_passage(town: Municipality, web: Web) -> None:
    """The box for an answer asks for none, and one that is forged there is not kept."""
    thread = await _about_water(town)
    ana = await web.visit(town.ana)
    await _comment(ana, thread, passage="lo justo")
    said = await Contribution.of(town.entity.id).get(thread_id=thread.id)
    url = f"/apartados/{thread.place_id}?responder={said.receipt_number}"
    assert 'name="passage"' not in (await ana.get(url)).text
    await _comment(ana, thread, parent=said.receipt_number, passage="se paga")
    assert len(await _anchors(town)) == 1


async def test_hostile_words_are_words(town: Municipality, web: Web) -> None:
    """What looks like markup in the words proposed is shown as typed."""
    thread = await _about_water(town)
    words = "<script>alert(1)</script>"
    html = await _comment(await web.visit(town.ana), thread, **{**AMENDMENT, "words": words})
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


async def test_the_neighbour_cannot_point_here(town: Municipality, web: Web) -> None:
    """A passage of another municipality's plan is not there."""
    thread = await _about_water(town)
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    answer = await nora.post(f"/hilos/{thread.id}/aportes", {"body": "Hola", **AMENDMENT})
    assert answer.status_code == 404
    assert not await Anchor.of(town.neighbour.id).exists()
