"""What the pages and files tell of groups: to everybody, to officials, to one reader alone."""

import csv
import io
import json
import zipfile

from participa.opinion.grouping import find_groups
from participa.opinion.models import Participant, Statement, Vote
from participa.opinion.rules import Choice
from participa.opinion.service import vote
from tests.opinion.test_groups import TEXTS, held
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text


async def test_the_map_shows_nobody(town: Municipality, web: Web) -> None:
    """Dots of five people or more inside an outline per group, with a letter and a table."""
    opened = await held(town)
    await find_groups(town.entity.id, opened.id, NOW)
    page = (await (await web.visit()).get(f"/opiniones/{opened.id}/resultados")).text
    drawing = page[page.index('<div class="opinion-map">') :]
    assert drawing.count("<polygon") == 2
    assert 8 <= drawing[: drawing.index("</svg>")].count("<circle") <= 12
    assert drawing.index("</svg>") < drawing.index("Grupo A") < drawing.index("Grupo B")


async def test_files_say_no_more_than_the_page(town: Municipality, web: Web) -> None:
    """CSV and JSON name no person and have rounded shares, of ten votes or more, 95 at most."""
    opened = await held(town)
    visitor, url = await web.visit(), f"/opiniones/{opened.id}/grupos"
    assert (await visitor.get(f"{url}.json")).status_code == 409
    await find_groups(town.entity.id, opened.id, NOW)
    found = json.loads((await visitor.get(f"{url}.json")).text)
    assert [(each["group"], each["people"]) for each in found["groups"]] == [("A", 30), ("B", 30)]
    assert found["common"] == [{"statement": 2, "side": "agree"}]
    assert "participants" not in found
    shares = [share for each in found["statements"] for share in each["groups"].values() if share]
    assert shares
    assert all(share["percent"] % 5 == 0 and share["percent"] <= 95 for share in shares)
    text = (await visitor.get(f"{url}.csv")).text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 2 * 2 * len(TEXTS)
    assert {row["papel"] for row in rows if row["frase"] == "2"} == {"común"}
    assert {row["oculta"] for row in rows if int(row["frase"]) >= len(TEXTS)} == {"sí"}
    aware = {each["id"]: each["group_aware_consensus_percent"] for each in found["statements"]}
    assert aware[2] >= 90
    assert all(aware[n] is None for n in range(len(TEXTS), 2 * len(TEXTS)))
    page = (await visitor.get(f"/opiniones/{opened.id}/resultados?orden=grupos")).text
    table = page[page.index("Todas las frases") :]
    assert min(TEXTS, key=table.index) == TEXTS[2]
    catalogue = (await visitor.get("/datos")).text
    assert f"{url}.csv" in catalogue
    assert f"/opiniones/{opened.id}/resultados.csv" in catalogue


async def test_officials_get_groups_by_number(town: Municipality, web: Web) -> None:
    """The archive of votes says of each numbered participant near which group it is."""
    opened = await held(town)
    await find_groups(town.entity.id, opened.id, NOW)
    diego = await web.visit(town.diego)
    sent = await diego.get(f"/gestion/opiniones/{opened.id}/polis.zip")
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        text = archive.read("participants-votes.csv").decode()
    groups = {int(row["participant"]): row["group-id"] for row in csv.DictReader(io.StringIO(text))}
    assert {groups[person] for person in range(0, 60, 2)} == {groups[0]}
    assert {groups[person] for person in range(1, 60, 2)} == {groups[1]}
    assert groups[0] != groups[1]


async def test_one_reader_sees_the_own_group(town: Municipality, web: Web) -> None:
    """From the own votes alone; nobody else and no visitor is told, and nothing is stored."""
    opened = await held(town)
    await find_groups(town.entity.id, opened.id, NOW)
    participant = await Participant.create(
        entity_id=town.entity.id, round=opened, person_id=town.ana.person_id
    )
    statements = await Statement.of(town.entity.id).filter(round_id=opened.id).order_by("number")
    for statement in statements[: len(TEXTS)]:
        await Vote.create(
            entity_id=town.entity.id, statement=statement, participant=participant,
            choice=-1 if statement.number % 2 else 1, at=NOW,
        )  # fmt: skip
    url = f"/opiniones/{opened.id}/resultados"
    told = page_text(await (await web.visit(town.ana)).get(url))
    assert "Sus votos quedan cerca del Grupo" in told
    assert "Sus votos quedan" not in page_text(await (await web.visit(town.beto)).get(url))
    assert "Sus votos quedan" not in page_text(await (await web.visit()).get(url))
    assert (await Participant.get(id=participant.id)).opinion_group is None


async def test_identical_votes_are_told(town: Municipality, web: Web) -> None:
    """In plain words to everybody; each block with its burst to those who run the process."""
    opened = await held(town, alike=8)
    await find_groups(town.entity.id, opened.id, NOW)
    url = f"/opiniones/{opened.id}/resultados"
    public = page_text(await (await web.visit()).get(url))
    assert "8 personas votaron igual en todo, en un bloque de cinco o más." in public
    assert "Habría 2 grupos en lugar de 5." in public
    assert "Bloques de votos idénticos" not in public
    official = page_text(await (await web.visit(town.diego)).get(url))
    assert "Bloques de votos idénticos" in official
    assert "Bloque 1 8 16 8 " in official
    found = await (await web.visit()).get(f"/opiniones/{opened.id}/grupos.json")
    identical = json.loads(found.text)["identical"]
    assert (identical["people"], identical["blocks"]) == (8, 1)
    assert identical["counted_once"]["groups"] == 2


async def test_a_round_without_blocks_says_so(town: Municipality, web: Web) -> None:
    """Nothing suspicious is a finding, too."""
    opened = await held(town)
    await find_groups(town.entity.id, opened.id, NOW)
    public = page_text(await (await web.visit()).get(f"/opiniones/{opened.id}/resultados"))
    assert "No hay cinco personas o más que hayan votado igual en todo." in public


async def test_a_vote_cast_twice_stays_counted_once(town: Municipality, web: Web) -> None:
    """The number of views follows the votes: a change is none more."""
    del web
    opened = await held(town)
    await type(opened).filter(id=opened.id).update(closed_at=None)
    for choice in (Choice.AGREE, Choice.DISAGREE):
        await vote(town.ana, opened.id, 0, choice, NOW)
    row = await Statement.of(town.entity.id).get(round_id=opened.id, number=0)
    assert row.views == row.agrees + row.disagrees + row.passes == 61
