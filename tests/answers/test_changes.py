"""From a section back to who changed it; a theme answered at once; a theme's earlier answers."""

from participa.answers.models import AnswerTarget
from participa.deliberation.service import remove
from participa.deliberation.verdicts import Verdict
from participa.insights.service import answer_theme
from tests.answers.answering import DESK, answered, said, sent
from tests.people import NOW, Municipality
from tests.security.world import make_plan, make_report
from tests.visitors import Web, page_text

HERE = "Qué cambió aquí gracias a ustedes"


async def test_a_section_says_what_changed_because_of_whom(town: Municipality, web: Web) -> None:
    """What was accepted is named on the section's page; refusals and what is gone are not."""
    section_id, _call = await make_plan(town.entity, town.process, town.diego)
    mine, gone, refused = [await said(town, text) for text in ("Uno.", "Borrado.", "Dos.")]
    elsa = await web.visit()
    url = f"/apartados/{section_id}"
    assert HERE not in (await elsa.get(url)).text
    await answered(town, mine, gone, section_id=section_id, version=1)
    await answered(town, refused, verdict=Verdict.ALREADY, section_id=section_id, version=1)
    page = await elsa.get(url)
    assert HERE in page.text
    assert "2 aportes lo pidieron" in page_text(page)
    assert refused.receipt_number not in page.text
    await remove(town.ana, gone.id, now=NOW)
    page = await elsa.get(url)
    assert mine.receipt_number in page.text
    assert gone.receipt_number not in page.text
    assert "Borrado." not in page.text


async def test_a_theme_is_answered_at_once(town: Municipality, web: Web) -> None:
    """With the theme's filter one act answers all its contributions that have no answer yet."""
    _report, cluster = await make_report(town.entity, town.process, town.topic, 1)
    other = await said(town, "De otro tema.")
    diego = await web.visit(town.diego)
    desk = f"{DESK}?estado=todos&tema={cluster}"
    shown = (await diego.get(desk)).text
    assert f'name="a-{town.topic.receipt_number}"' in shown
    assert f'name="a-{other.receipt_number}"' not in shown
    done = await diego.post(desk, sent(rest="1"))
    assert done.status_code == 303
    targets = await AnswerTarget.of(town.entity.id)
    assert [each.contribution_id for each in targets] == [town.topic.id]


async def test_a_themes_earlier_answer_stays_public(town: Municipality, web: Web) -> None:
    """A changed answer to a theme leaves its former words and decision beside it."""
    _report, cluster = await make_report(town.entity, town.process, town.topic, 1)
    await answer_theme(town.diego, cluster, "rejected", "No hay plata.", NOW)
    await answer_theme(town.diego, cluster, "rejected", "No hay plata.", NOW)
    await answer_theme(town.diego, cluster, "not_ours", "Es de la nación.", NOW)
    page = page_text(await (await web.visit()).get("/informes/1"))
    for words in ("No es competencia de la entidad", "Es de la nación.", "1 respuesta anterior",
                  "No se acoge", "No hay plata."):  # fmt: skip
        assert words in page
