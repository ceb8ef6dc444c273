"""What was said about a passage is at its passage in every version, or waits; none is lost."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participa.audit import AuditRecord
from participa.consultations.anchoring import Quote, State
from participa.consultations.anchors import place_again
from participa.consultations.jobs import MOVE, move_rest
from participa.consultations.models import Anchor
from participa.consultations.moves import Known, News, moved
from participa.consultations.remarks import FIELDS, read_remark
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.jobs import Job
from participa.plans.models import Plan
from participa.processes.models import Process
from participa.web.forms import Form
from tests.consultations.consulting import comment, import_text, section_called, thread_about
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

WATER = "El agua se cuida en la fuente con la gente de cada vereda, y se paga lo justo por ella."
ROADS = "Las vías se arreglan con las juntas antes del invierno, primero donde sale la cosecha."
SCHOOL = "Cada escuela rural tendrá biblioteca, restaurante y un computador por cada tres niños."


def plan(*articles: str) -> str:
    """Write a plan of articles."""
    return "\n\n".join(f"## Artículo {n}. Tema {n}\n\n{text}" for n, text in enumerate(articles, 1))


FIRST = plan(WATER, ROADS, SCHOOL)


async def _published(process: Process, source: str) -> Plan:
    """Publish a version and let the worker move what was said."""
    published = (await import_text(process, source)).published
    await place_again(process.entity_id, published.plan.id)
    return await Plan.of(process.entity_id).get(id=published.plan.id)


async def _commented(town: Municipality, passage: str, article: str = "articulo-1") -> Thread:
    await import_text(town.process, FIRST)
    thread = await thread_about(town.process, article)
    await comment(town.ana, thread, passage)
    return thread


async def _anchor(town: Municipality) -> Anchor:
    return await Anchor.of(town.entity.id).get()


async def test_a_new_version_asks_for_the_work_once(town: Municipality) -> None:
    """The job is wanted with the version, not by the first one and not by the same text again."""
    await _commented(town, "se paga lo justo")
    assert not await Job.filter(name=MOVE).exists()
    for _time in range(2):
        await import_text(town.process, plan("Antes. " + WATER, ROADS, SCHOOL))
    assert await Job.filter(name=MOVE).count() == 1


async def test_a_passage_that_stays_is_marked_where_it_now_is(town: Municipality, web: Web) -> None:
    """Text put in before it moves the mark; its words and its section are the same."""
    thread = await _commented(town, "se paga lo justo")
    was = await _anchor(town)
    elsa = await web.visit()
    path = f"/apartados/{thread.place_id}"
    assert "<mark>se paga lo justo</mark>" in (await elsa.get(path)).text
    await _published(town.process, plan("Antes de todo. " + WATER, ROADS, SCHOOL))
    now = await _anchor(town)
    assert (now.state, now.placed_on, now.seen_on, now.made_on) == ("exact", 2, 2, 1)
    assert now.placed_start == (was.placed_start or 0) + len("Antes de todo. ")
    assert "<mark>se paga lo justo</mark>" in (await elsa.get(path)).text


async def test_a_doubtful_passage_waits_for_a_person(town: Municipality, web: Web) -> None:
    """Old and new wording stand side by side for officials, and the desk says that one waits."""
    thread = await _commented(town, "se paga lo justo")
    changed = WATER.replace("se paga lo justo por ella", "se cobra según el uso")
    await _published(town.process, plan(changed, ROADS, SCHOOL))
    assert (await _anchor(town)).state in {"doubtful", "section"}
    diego = await web.visit(town.diego)
    assert "1 comentario" in page_text(await diego.get("/gestion"))
    text = page_text(await diego.get("/gestion/procesos/plan/pasajes"))
    assert "se paga lo justo" in text
    assert "Digo yo." in text
    page = await (await web.visit()).get(f"/apartados/{thread.place_id}")
    assert "<mark>" not in page.text
    assert "se paga lo justo" in page.text


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({"hacer": "apartado"}, "section", None),
        ({"hacer": "pasaje", "words": "se cobra según el uso"}, "sure", "se cobra según el uso"),
        ({"hacer": "pasaje", "words": "donde sale la cosecha"}, "sure", "donde sale la cosecha"),
    ],
)  # fmt: skip
async def test_a_person_decides(
    town: Municipality, web: Web, fields: dict[str, str], state: str, words: str | None
) -> None:
    """What was decided is in force and in the log, leaves the list, and holds in later versions."""
    await _commented(town, "se paga lo justo")
    changed = WATER.replace("se paga lo justo por ella", "se cobra según el uso")
    await _published(town.process, plan(changed, ROADS, SCHOOL))
    anchor = await _anchor(town)
    diego = await web.visit(town.diego)
    url = f"/gestion/procesos/plan/pasajes/{anchor.id}"
    answer = await diego.post(url, {"version": "2", **fields})
    assert answer.status_code == 303, answer.text
    assert "Nada pendiente" in page_text(await diego.get("/gestion/procesos/plan/pasajes"))
    log = await AuditRecord.of(town.entity.id).get(action="consultations.place_passage")
    assert log.actor_name == "Diego"
    for version in (2, 3):
        now = await _anchor(town)
        assert (now.state in {state, "exact"}, now.placed_on) == (True, version)
        page = await (await web.visit()).get(f"/apartados/{now.section_id}")
        assert (f"<mark>{words}</mark>" in page.text) is (words is not None)
        await _published(town.process, plan("Uno. " + changed, "Dos. " + ROADS, SCHOOL))


async def test_the_guess_is_confirmed(town: Municipality, web: Web) -> None:
    """Where the guess is right, one press makes it sure."""
    await _commented(town, "con la gente de cada vereda, y se paga lo justo por ella")
    changed = WATER.replace("cada vereda, y se paga", "los barrios, y se cobra siempre")
    await _published(town.process, plan(changed, ROADS, SCHOOL))
    anchor = await _anchor(town)
    assert anchor.state == "doubtful"
    diego = await web.visit(town.diego)
    url = f"/gestion/procesos/plan/pasajes/{anchor.id}"
    assert (await diego.post(url, {"version": "2", "hacer": "aqui"})).status_code == 303
    now = await _anchor(town)
    assert (now.state, now.confidence, now.placed_start) == ("sure", 1.0, anchor.placed_start)


async def test_what_cannot_be_decided(town: Municipality, web: Web) -> None:
    """Words that are not there are asked for again as typed; old and forged pages are refused."""
    await _commented(town, "se paga lo justo")
    await _published(town.process, plan(WATER.replace("se paga lo justo", "vale"), ROADS, SCHOOL))
    anchor = await _anchor(town)
    diego = await web.visit(town.diego)
    url = f"/gestion/procesos/plan/pasajes/{anchor.id}"
    for words, problem in (("no está", "no están así"), ("la", "varias veces"), ("", "Copie")):
        answer = await diego.post(url, {"version": "2", "hacer": "pasaje", "words": words})
        assert answer.status_code == 422
        assert problem in answer.text
        assert f"\n{words}</textarea>" in answer.text
    for fields, status in (
        ({"version": "1", "hacer": "apartado"}, 409),
        ({"version": "2", "hacer": "otra"}, 400),
        ({"hacer": "apartado"}, 400),
    ):
        assert (await diego.post(url, fields)).status_code == status
    other = url.replace("/plan/", "/cerrado/")
    assert (await diego.post(other, {"version": "2", "hacer": "apartado"})).status_code == 404
    now = await _anchor(town)
    assert (now.state, now.is_decided) == (anchor.state, False)


async def test_a_passage_that_went_to_another_section(town: Municipality, web: Web) -> None:
    """It is marked there, its conversation stays, and its old address says where it is now."""
    thread = await _commented(
        town, "con las juntas antes del invierno, primero donde", "articulo-2"
    )
    said = await Contribution.of(town.entity.id).get(thread_id=thread.id)
    split = ROADS.split(" antes ", maxsplit=1)[0] + "."
    await _published(town.process, plan(WATER, split, f"{SCHOOL} {ROADS}"))
    anchor = await _anchor(town)
    school = await section_called(town.process, "articulo-3")
    assert (anchor.section_id, anchor.placed_on) == (school.id, 2)
    elsa = await web.visit()
    page = await elsa.get(f"/apartados/{thread.place_id}?pasaje={said.receipt_number}")
    assert f'href="/apartados/{school.id}?pasaje={said.receipt_number}#pasaje"' in page.text
    assert "Digo yo." in page.text
    there = await elsa.get(f"/apartados/{school.id}?pasaje={said.receipt_number}")
    assert '<mark class="now">con las juntas antes del invierno, primero donde</mark>' in there.text


async def test_a_section_that_left_keeps_what_was_said(town: Municipality, web: Web) -> None:
    """Its page shows the old text with the passage marked, and finds it again if it comes back."""
    thread = await _commented(town, "un computador por cada tres niños", "articulo-3")
    await _published(town.process, plan(WATER, ROADS))
    anchor = await _anchor(town)
    assert (anchor.placed_on, anchor.seen_on, anchor.state) == (1, 2, "exact")
    page = await (await web.visit()).get(f"/apartados/{thread.place_id}")
    assert "<mark>un computador por cada tres niños</mark>" in page.text
    await _published(town.process, plan(WATER, ROADS, "Además: " + SCHOOL))
    now = await _anchor(town)
    assert (now.section_id, now.placed_on, now.state) == (thread.place_id, 3, "exact")


async def test_what_was_said_while_a_version_came_out_is_moved_later(town: Municipality) -> None:
    """A comment on the old text that was committed after the job is found by the next round."""
    await import_text(town.process, FIRST)
    thread = await thread_about(town.process, "articulo-1")
    form = Form({"passage": "se paga lo justo"}, fields=FIELDS)
    keeping = await read_remark(form, thread.entity_id, thread.place_id)
    await _published(town.process, plan("Antes. " + WATER, ROADS, SCHOOL))
    await publish(town.ana, thread.id, Said("Tarde."), now=NOW, keeping=keeping)
    assert (await _anchor(town)).seen_on == 1
    await move_rest({})
    now = await _anchor(town)
    assert (now.seen_on, now.placed_on, now.state) == (2, 2, "exact")


@pytest.mark.parametrize("seed", range(3))
async def test_no_comment_is_ever_lost(town: Municipality, web: Web, seed: int) -> None:
    """Through versions with words, sentences and sections changed at random, each has its place.

    It is in a section that exists, inside that section's text if anywhere, with its words as
    they were chosen, and its page opens.
    """
    chance = random.Random(seed)  # noqa: S311 - the same edits each time
    articles = [WATER, ROADS, SCHOOL]
    await import_text(town.process, plan(*articles))
    for n in (1, 2, 3):
        thread = await thread_about(town.process, f"articulo-{n}")
        words = articles[n - 1].split()
        for _time in range(4):
            start = chance.randrange(len(words) - 3)
            await comment(town.ana, thread, " ".join(words[start : start + chance.randint(3, 9)]))
    said = {(a.contribution_id, a.words) for a in await Anchor.of(town.entity.id)}
    for _version in range(3):
        articles = _edited(articles, chance)
        in_force = await _published(town.process, plan(*articles))
        anchors = await Anchor.of(town.entity.id).select_related("contribution__thread")
        assert {(a.contribution_id, a.words) for a in anchors} == said
        assert {a.seen_on for a in anchors} == {in_force.current_version}
        for anchor in anchors:
            assert anchor.state in set(State)
            assert (anchor.placed_start is None) == (anchor.state == State.SECTION)
    elsa = await web.visit()
    for anchor in anchors:
        receipt = anchor.contribution.receipt_number
        place = anchor.contribution.thread.place_id
        assert (await elsa.get(f"/aportes/{receipt}")).status_code == 200
        assert 'id="pasaje"' in (await elsa.get(f"/apartados/{place}?pasaje={receipt}")).text


def _edited(articles: list[str], chance: random.Random) -> list[str]:
    texts = [" ".join(_words_edited(text.split(), chance)) for text in articles]
    act = chance.choice(["none", "drop", "add", "swap"])
    if act == "drop" and len(texts) > 1:
        texts.pop(chance.randrange(len(texts)))
    elif act == "add":
        texts.insert(chance.randrange(len(texts) + 1), "Un tema nuevo que nadie había pedido.")
    elif act == "swap":
        chance.shuffle(texts)
    return texts


def _words_edited(words: list[str], chance: random.Random) -> list[str]:
    for _time in range(chance.randint(0, 6)):
        at = chance.randrange(len(words))
        words[at : at + chance.randint(0, 2)] = ["nuevas", "palabras"][: chance.randint(0, 2)]
        words = words or ["Nada."]
    return words


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_passage_is_somewhere_or_stays(data: st.DataObject) -> None:
    """Whatever the new version says, a passage is inside a section of it, or with its own."""
    words = st.lists(
        st.sampled_from(["agua", "vía", "paga", "vereda", "justo", "puente", "sol"]), max_size=20
    )
    old = {n: " ".join(data.draw(words)) + " fin" for n in (1, 2)}
    new = {n: " ".join(data.draw(words)) for n in data.draw(st.sets(st.sampled_from([1, 2, 3])))}
    start = data.draw(st.integers(0, len(old[1]) - 2))
    quote = Quote(old[1][start : start + 9], old[1][:start], old[1][start + 9 :], start)
    confidence = data.draw(st.floats(0, 1))
    found = moved(Known(1, 1, quote, confidence), News(2, {1: old, 2: new}))
    if found is None:
        assert 1 not in new
        return
    place = found.placement
    assert found.section_id in new
    if place.state is State.SECTION:
        assert (found.section_id, place.start, place.end) == (1, None, None)
    else:
        assert place.start is not None
        assert place.end is not None
        assert 0 <= place.start < place.end <= len(new[found.section_id])
        assert place.confidence <= confidence
        assert (place.state is State.DOUBTFUL) == (place.confidence < 0.8)
