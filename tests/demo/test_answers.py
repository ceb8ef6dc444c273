"""In the demonstration the trace is complete both ways: from what was said, and from the text."""

from collections import defaultdict

import pytest
from starlette.applications import Starlette

from participa.answers.changes import changed_here
from participa.answers.models import AnswerTarget
from participa.answers.rules import CHANGING
from participa.answers.standing import Wanted
from participa.answers.table import TableRow, all_rows
from participa.app import create_app
from participa.deliberation.models import Contribution
from participa.demo.content import Answers, content
from participa.entities.models import Entity
from participa.processes.models import Process
from tests.conftest import Clock
from tests.demo.conftest import Demo
from tests.visitors import Web, page_text

pytestmark = pytest.mark.xdist_group("demo")


def kind_of(row: TableRow) -> str:
    """Say what a contribution reached: an answer of some source, or an explicit not yet."""
    if row.state != "published":
        return "withheld"
    if row.given is not None:
        return row.given.source
    return "not yet" if row.days_waiting is not None else "nothing"


async def test_every_contribution_reaches_an_answer_or_a_not_yet(
    demo: Demo, chirata: Entity
) -> None:
    """Nothing that a citizen said to the closed consultation is left without one of the two."""
    web = Web(create_app(demo.settings, clock=Clock()), demo.settings, Clock())
    inner = getattr(web.app, "app", web.app)
    assert isinstance(inner, Starlette)
    decree = await Process.of(chirata.id).get(slug=demo.loaded.processes[1])
    rows = await all_rows(inner.state.features, decree, Wanted(), web.clock())
    said = Contribution.of(chirata.id).filter(process_id=decree.id, office="")
    assert len(rows) == await said.count()
    by_kind: dict[str, TableRow] = {}
    for row in rows:
        by_kind.setdefault(kind_of(row), row)
    assert {"formal", "reply", "theme", "not yet"} <= set(by_kind) <= {
        "formal", "reply", "theme", "not yet", "withheld",
    }  # fmt: skip
    elsa = await web.visit(host="127.0.0.1")
    pages = {kind: page_text(await elsa.get(row.url)) for kind, row in by_kind.items()}
    for kind in ("formal", "reply", "theme"):
        given = by_kind[kind].given
        assert given is not None
        assert given.office in pages[kind]
    assert "Aún sin respuesta, " in pages["not yet"]
    await web.close()


async def test_in_every_process_nothing_is_left_without_an_answer_or_a_not_yet(
    demo: Demo, chirata: Entity
) -> None:
    """Of every kind, channel and process; only those that merely inform owe none."""
    inner = create_app(demo.settings, clock=Clock())
    app = getattr(inner, "app", inner)
    assert isinstance(app, Starlette)
    kinds, channels = set(), set()
    for process in await Process.of(chirata.id):
        rows = await all_rows(app.state.features, process, Wanted(), Clock()())
        said = Contribution.of(chirata.id).filter(process_id=process.id, office="")
        assert len(rows) == await said.count(), process.slug
        found = {kind_of(row) for row in rows}
        assert "nothing" not in found or process.promise == "informs", process.slug
        kinds |= set(await said.values_list("thread__kind", flat=True))
        channels |= set(await said.values_list("channel", flat=True))
    assert kinds >= {"forums.topic", "consultations.section", "consultations.proposal"}
    assert channels >= {"web", "telephone", "paper", "workshop"}


async def test_every_changed_section_leads_back(demo: Demo, chirata: Entity) -> None:
    """A section names just those whose accepted answers point at it, and they name the section."""
    web = Web(create_app(demo.settings, clock=Clock()), demo.settings, Clock())
    elsa = await web.visit(host="127.0.0.1")
    expected: dict[int, set[str]] = defaultdict(set)
    rows = AnswerTarget.of(chirata.id).filter(answer__verdict__in=sorted(CHANGING))
    for target in await rows.select_related("answer", "contribution"):
        assert target.answer.section_id is not None
        expected[target.answer.section_id].add(target.contribution.receipt_number)
    written = [part for part in content(Answers, "answers.toml").answer if part.section]
    assert len(expected) == len({part.section for part in written})
    for section, receipts in expected.items():
        changed = await changed_here(chirata.id, section)
        assert {said.receipt for each in changed for said in each.said} == receipts
        page = await elsa.get(f"/apartados/{section}")
        assert "Qué cambió aquí gracias a ustedes" in page_text(page)
        for receipt in receipts:
            assert f"/aportes/{receipt}" in page.text
        back = await elsa.get(f"/aportes/{min(receipts)}")
        assert f'href="/apartados/{section}"' in back.text
    await web.close()
