"""The acts of surveys: one response of a person, questions that stand still, nothing in halves."""

import asyncio

import pytest

from participa.surveys import service
from participa.surveys.answered import Answered
from participa.surveys.models import Answer, Participation, Question, Response, Survey
from participa.surveys.queries import questions_of, response_counts
from participa.surveys.questionnaire import Kind, on_one_page, plain_item
from participa.surveys.service import (
    AlreadyAnswered,
    answer_survey,
    change_questions,
    create_survey,
    start_version,
)
from participa.surveys.storing import QuestionsChanged
from participa.web.refusals import BadInput, Conflict, NotFound, PhaseClosed, SignInNeeded
from tests.people import CLOSES, NOW, Municipality
from tests.surveys.surveying import (
    QUESTIONS,
    a_survey,
    counted_results,
    filled_in,
    many_answers,
    nobody,
)

OTHER = on_one_page([plain_item("otra", Kind.SINGLE, "¿Otra?", ("Sí", "No"))])


async def _rows(town: Municipality) -> tuple[int, int]:
    responses = await Response.of(town.entity.id).all().count()
    return responses, await Answer.of(town.entity.id).all().count()


async def test_answers_are_stored_as_given(town: Municipality) -> None:
    """Choices and words are there, with a receipt of the entity's own series."""
    survey = await a_survey(town)
    mine = await answer_survey(town.ana, survey.id, await filled_in(survey), NOW)
    rows = Answer.of(town.entity.id).filter(response_id=mine.response_id)
    stored = await rows.order_by("question_id", "choice")
    assert [(row.choice, row.text) for row in stored] == [
        (1, ""), (0, ""), (2, ""), (0, ""), (None, "El puente."),
    ]  # fmt: skip
    assert mine.receipt_number.startswith("PA-2026-")
    response = await Response.of(town.entity.id).get(id=mine.response_id)
    assert (response.version, mine.created_at) == (1, NOW)


async def test_thirty_at_once_make_one_response(town: Municipality) -> None:
    """Thirty parallel submissions by one person: one row, one receipt, twenty-nine refusals."""
    survey = await a_survey(town)
    answers = await filled_in(survey)
    before = await answer_survey(town.beto, survey.id, answers, NOW)
    sent = await asyncio.gather(
        *(answer_survey(town.ana, survey.id, answers, NOW) for _ in range(30)),
        return_exceptions=True,
    )
    stored = [each for each in sent if isinstance(each, Participation)]
    refused = [each for each in sent if isinstance(each, AlreadyAnswered)]
    assert (len(stored), len(refused)) == (1, 29)
    assert {each.mine.receipt_number for each in refused} == {stored[0].receipt_number}
    assert await _rows(town) == (2, 10)
    after = await answer_survey(town.carmen, survey.id, answers, NOW)
    numbers = [int(each.receipt_number.split("-")[2]) for each in (before, stored[0], after)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


async def test_the_same_form_sent_twice_counts_once(town: Municipality) -> None:
    """A repeated request key gives back the response it made; another form is refused."""
    survey = await a_survey(town)
    answers = await filled_in(survey)
    first, second = await asyncio.gather(
        *(answer_survey(town.ana, survey.id, answers, NOW, request_key="k") for _ in range(2))
    )
    assert first.id == second.id
    with pytest.raises(AlreadyAnswered):
        await answer_survey(town.ana, survey.id, answers, NOW, request_key="j")
    assert await _rows(town) == (1, 5)


async def test_who_may_not_answer(town: Municipality) -> None:
    """Nobody in particular, a neighbour, and anybody outside the phase store nothing."""
    survey = await a_survey(town)
    closed = await a_survey(town, town.closed_process.id)
    answers = await filled_in(survey)
    with pytest.raises(SignInNeeded):
        await answer_survey(nobody(town), survey.id, answers, NOW)
    with pytest.raises(NotFound):
        await answer_survey(town.nora, survey.id, answers, NOW)
    with pytest.raises(PhaseClosed):
        await answer_survey(town.ana, survey.id, answers, CLOSES)
    with pytest.raises(PhaseClosed):
        await answer_survey(town.ana, closed.id, await filled_in(closed), NOW)
    assert await _rows(town) == (0, 0)


async def test_answers_that_do_not_fit_store_nothing(town: Municipality) -> None:
    """A missing or impossible answer undoes response and receipt; a foreign question too."""
    survey = await a_survey(town)
    answers = await filled_in(survey)
    first = min(answers)
    for wrong in ({}, {**answers, first: Answered((9,))}, {**answers, first: Answered()}):
        with pytest.raises(BadInput):
            await answer_survey(town.ana, survey.id, wrong, NOW)
    with pytest.raises(QuestionsChanged):
        await answer_survey(town.ana, survey.id, {**answers, 10**6: Answered((0,))}, NOW)
    assert await _rows(town) == (0, 0)


async def test_a_failing_store_leaves_nothing(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the answers cannot be written there is no response, and the receipt is given again."""
    survey = await a_survey(town)
    answers = await filled_in(survey)
    before = await answer_survey(town.beto, survey.id, answers, NOW)

    def broken(*_args: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(service, "rows_of", broken)
    with pytest.raises(RuntimeError):
        await answer_survey(town.ana, survey.id, answers, NOW)
    monkeypatch.undo()
    after = await answer_survey(town.ana, survey.id, answers, NOW)
    numbers = [int(each.receipt_number.split("-")[2]) for each in (before, after)]
    assert numbers[1] == numbers[0] + 1


async def test_questions_change_until_somebody_answers(town: Municipality) -> None:
    """Before the first answer they are replaced; after it the refusal names the way on."""
    survey = await a_survey(town)
    await change_questions(town.entity.id, survey.id, OTHER)
    assert [question.asked.text["es"] for question in await questions_of(survey)] == ["¿Otra?"]
    (question,) = await questions_of(survey)
    await answer_survey(town.ana, survey.id, {question.id: Answered((0,))}, NOW)
    with pytest.raises(Conflict) as refused:
        await change_questions(town.entity.id, survey.id, QUESTIONS)
    assert "versión nueva" in str(refused.value.advice)
    assert [question.asked.text["es"] for question in await questions_of(survey)] == ["¿Otra?"]


async def test_questions_and_the_first_answer_at_once(town: Municipality) -> None:
    """Whoever comes first wins: what was answered is what was asked, and stays."""
    survey = await a_survey(town)
    answers = await filled_in(survey)
    actors = (town.ana, town.beto, town.carmen, town.diego)
    done = await asyncio.gather(
        *(answer_survey(actor, survey.id, answers, NOW) for actor in actors[:2]),
        change_questions(town.entity.id, survey.id, OTHER),
        *(answer_survey(actor, survey.id, answers, NOW) for actor in actors[2:]),
        return_exceptions=True,
    )
    changed = isinstance(done[2], Survey)
    others = [each for n, each in enumerate(done) if n != 2]
    assert all(isinstance(each, QuestionsChanged if changed else Participation) for each in others)
    assert changed or isinstance(done[2], Conflict)
    asked = {question.id for question in await Question.of(town.entity.id)}
    rows = await Answer.of(town.entity.id)
    assert {row.question_id for row in rows} <= asked


async def test_a_new_version_counts_apart(town: Municipality) -> None:
    """The earlier version keeps questions and totals; who answered it has answered."""
    survey = await a_survey(town)
    answers = await filled_in(survey)
    await answer_survey(town.ana, survey.id, answers, NOW)
    survey = await start_version(town.entity.id, survey.id, OTHER)
    (question,) = await questions_of(survey)
    with pytest.raises(QuestionsChanged):
        await answer_survey(town.beto, survey.id, answers, NOW)
    with pytest.raises(AlreadyAnswered):
        await answer_survey(town.ana, survey.id, {question.id: Answered((0,))}, NOW)
    await answer_survey(town.beto, survey.id, {question.id: Answered((0,))}, NOW)
    assert await response_counts(survey) == {1: 1, 2: 1}
    earlier = await counted_results(survey)
    assert [each.answered for each in earlier.figures] == [1, 1, 1, 1]


async def test_what_cannot_be_asked(town: Municipality) -> None:
    """Questions nobody could answer, a title taken and a neighbour's survey are refused."""
    survey = await a_survey(town)
    with pytest.raises(BadInput):
        await change_questions(town.entity.id, survey.id, on_one_page([]))
    with pytest.raises(Conflict):
        await a_survey(town)
    with pytest.raises(NotFound):
        await start_version(town.neighbour.id, survey.id, OTHER)
    with pytest.raises(BadInput):
        await create_survey(
            entity_id=town.entity.id, process_id=town.process.id, title="Mal", introduction="",
            questionnaire=on_one_page([plain_item("x", Kind.SINGLE, "¿?", ("Sí",))]),
        )  # fmt: skip
    assert await Survey.of(town.entity.id).all().count() == 1


async def test_the_totals_are_those_of_the_answers(town: Municipality) -> None:
    """Each question counts who answered it and what they chose."""
    survey = await a_survey(town)
    await many_answers(survey, [(20, 15, 5), (30, 5, 5), (12, 14, 14)])
    await answer_survey(town.ana, survey.id, await filled_in(survey), NOW)
    result = await counted_results(survey)
    assert await response_counts(survey) == {1: 41}
    counts = [[row.count for row in each.rows] for each in result.figures]
    assert counts == [[20, 16, 5], [31, 5, 6], [13, 14, 14], []]
    assert [each.answered for each in result.figures] == [41, 41, 41, 1]
