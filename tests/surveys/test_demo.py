"""The demonstration's survey is answered by as many people as its file says."""

from collections import Counter

from participa.accounts.permissions import Actor
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Municipality as MunicipalityFile
from participa.demo.content import content
from participa.demo.phone_survey import load_phone_survey
from participa.demo.roll_survey import load_roll_survey
from participa.demo.surveys import SurveyFile, load_survey
from participa.demo.territory import load_census
from participa.processes.models import Phase
from participa.surveys.models import Answer, Participation, QuotaCell
from participa.surveys.queries import channel_counts, questions_of
from participa.surveys.rolls import RollState, roll_state
from tests.people import CLOSES, NOW, Municipality, person
from tests.surveys.surveying import counted_results
from tests.visitors import Web, page_text


async def test_the_cast_answers(town: Municipality) -> None:
    """Everybody in the file answers once, before today, and gives every kind of answer."""
    part = content(SurveyFile, "survey.toml")
    people: dict[str, Actor] = {key: await person(town.entity, key) for key in part.responses}
    cast = Cast(town.entity, people, {}, {}, {})
    calendar = Calendar(NOW, town.entity.zone)
    await (
        Phase.of(town.entity.id)
        .filter(process_id=town.process.id)
        .update(opens_at=calendar.start_of(-31))
    )
    survey = await load_survey(cast, town.process, calendar)
    rows = await Participation.of(town.entity.id).filter(survey_id=survey.id)
    assert len({row.person_id for row in rows}) == len(part.responses) == 62
    assert max(row.created_at for row in rows) < NOW
    result = await counted_results(survey)
    assert [each.answered for each in result.figures][::2] == [62, 62, 62]
    kinds = Counter(question.asked.kind for question in await questions_of(survey))
    assert kinds == {"single": 3, "scale": 1, "multiple": 1, "long": 1}
    assert await Answer.of(town.entity.id).exclude(text="").count() > 30


async def test_the_survey_by_letters(town: Municipality) -> None:
    """A roll with codes, quotas that fill, and answers by every channel."""
    cast = Cast(town.entity, {}, {}, {"official": town.diego}, {})
    calendar = Calendar(NOW, town.entity.zone)
    phase = Phase.of(town.entity.id).filter(process_id=town.process.id)
    await phase.update(opens_at=calendar.start_of(-31))
    survey = await load_roll_survey(cast, town.process, calendar)
    channels = {str(words): count for words, count in await channel_counts(survey)}
    assert channels == {
        "Por internet": 6, "Por teléfono": 2, "En papel": 1, "Puerta a puerta": 1,
    }  # fmt: skip
    assert await roll_state(survey) == RollState(people=30, with_code=30, answered=10)
    taken = await QuotaCell.of(town.entity.id).order_by("cell").values_list("taken", "most")
    assert taken == [(4, 14), (2, 8), (4, 8)]


def test_the_answers_are_those_of_the_cast() -> None:
    """Who answers is one of the municipality's people and says where that person lives."""
    town = content(MunicipalityFile, "municipality.toml")
    kinds = {part.key: part.kind for part in town.territory}
    lives = {part.key: kinds[part.territory] for part in town.person}
    place = {1: "barrio", 2: "corregimiento", 3: "vereda"}
    for author, response in content(SurveyFile, "survey.toml").responses.items():
        first = response.answers[0]
        assert isinstance(first, int)
        assert place[first] == lives[author]


async def test_the_closed_survey_is_told_beside_the_census(town: Municipality, web: Web) -> None:
    """Weighted beside unweighted, and who is missing, from answers drawn the same every time."""
    cast = Cast(town.entity, {}, {}, {"official": town.diego}, {})
    calendar = Calendar(NOW, town.entity.zone)
    phase = Phase.of(town.entity.id).filter(process_id=town.process.id)
    await phase.update(opens_at=calendar.start_of(-40))
    await load_census(cast, NOW)
    survey = await load_phone_survey(cast, town.process, calendar)
    assert [count for _words, count in await channel_counts(survey)] == [122]
    web.clock.now = CLOSES
    text = page_text(await (await web.visit()).get(f"/encuestas/{survey.id}/resultados"))
    assert "ponderada" in text
    assert "No hay cifras ponderadas" not in text
    assert "Quién falta" in text
    assert "Respondieron de menos" in text
