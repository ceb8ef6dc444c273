"""Who answers a survey, and that each of them counts once, however they come."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tortoise.connection import get_connection

from participa.accounts.identity import OtherAccount, check_identity, document_hash, read_document
from participa.db import CONNECTION
from participa.settings import Settings
from participa.surveys.answered import Answered
from participa.surveys.changing import changes_of
from participa.surveys.models import (
    Answer,
    AnswerChange,
    Participation,
    QuotaCell,
    Response,
    RollEntry,
    Survey,
)
from participa.surveys.queries import questions_of, unverified_count
from participa.surveys.quotas import QuotaFull
from participa.surveys.results.planning import save_plan
from participa.surveys.results.reading import Sampling
from participa.surveys.rules import Audience
from participa.surveys.service import (
    AlreadyAnswered,
    answer_survey,
    participation_of,
    withdraw_answers,
)
from participa.surveys.who import Answerer as Who
from participa.surveys.who import (
    NotVerified,
    SecretIsSilent,
    UnknownCode,
    answerer_of,
    code_hash,
    participant_interviewed,
)
from participa.web.refusals import Conflict, NotAllowed, NotFound, PhaseClosed, SignInNeeded
from tests.people import CLOSES, NOW, Municipality
from tests.surveys.surveying import a_survey, filled_in, nobody, statements

ROOT = Path(__file__).parents[2]
SECRET = b"k" * 32


async def _survey(town: Municipality, **changes: object) -> Survey:
    survey = await a_survey(town)
    await Survey.of(town.entity.id).filter(id=survey.id).update(**changes)
    return await Survey.of(town.entity.id).get(id=survey.id)


async def _counted(survey: Survey) -> tuple[int, int]:
    rows = Participation.of(survey.entity_id).filter(survey_id=survey.id)
    return await rows.count(), await Response.of(survey.entity_id).filter(
        survey_id=survey.id
    ).count()


async def _at_once(settings: Settings, survey: Survey, person_id: int) -> list[list[str]]:
    """Send fifty times from two processes, that begin at the same signal."""
    arguments = [
        str(settings.var_dir), settings.database_url if settings.sqlite_file is None else "",
        str(survey.entity_id), str(survey.id), str(person_id), "25",
    ]  # fmt: skip
    command = (sys.executable, "-m", "tests.surveys.one_of_two", *arguments)
    pipe = asyncio.subprocess.PIPE
    both = [
        await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    ended = await asyncio.gather(*(process.communicate(b"\n") for process in both))
    return [out.decode().split(maxsplit=2) for out, _err in ended]


async def test_fifty_at_once_over_two_processes(town: Municipality, database: Settings) -> None:
    """One person's fifty sendings count once; of fifty people a quota of seven takes seven."""
    survey = await a_survey(town)
    said = await _at_once(database, survey, town.ana.person_id or 0)
    assert [each[2].strip() for each in said] == ["[]", "[]"]
    assert (sum(int(each[0]) for each in said), sum(int(each[1]) for each in said)) == (1, 49)
    assert await _counted(survey) == (1, 1)
    quota = {"quota_items": ["vive"], "audience": "open"}
    await Survey.of(town.entity.id).filter(id=survey.id).update(**quota)
    cell = await QuotaCell.create(entity=town.entity, survey=survey, cell="vive=2", most=7)
    said = await _at_once(database, survey, 0)
    assert [each[2].strip() for each in said] == ["[]", "[]"]
    assert (sum(int(each[0]) for each in said), sum(int(each[1]) for each in said)) == (7, 43)
    assert await _counted(survey) == (8, 8)
    await cell.refresh_from_db()
    assert cell.taken == 7


async def test_each_audience(town: Municipality) -> None:
    """Open takes anybody, verified a document seen, a roll its codes, each of them once."""
    survey = await _survey(town, audience=Audience.OPEN)
    answers = await filled_in(survey)
    for _ in range(2):
        await answer_survey(nobody(town), survey.id, answers, NOW)
    await answer_survey(town.ana, survey.id, answers, NOW)
    with pytest.raises(AlreadyAnswered):
        await answer_survey(town.ana, survey.id, answers, NOW)
    assert await _counted(survey) == (3, 3)
    await Survey.of(town.entity.id).filter(id=survey.id).update(audience=Audience.VERIFIED)
    with pytest.raises(SignInNeeded):
        await answer_survey(nobody(town), survey.id, answers, NOW)
    with pytest.raises(NotVerified):
        await answer_survey(town.beto, survey.id, answers, NOW)
    await check_identity(town.diego, "beto@example.org", "91000001", SECRET, NOW)
    await answer_survey(town.beto, survey.id, answers, NOW)
    survey = await Survey.of(town.entity.id).get(id=survey.id)
    hashed = document_hash(SECRET, town.entity.id, "91000001")
    by_phone = await participant_interviewed(survey, hashed, None)
    with pytest.raises(AlreadyAnswered):
        await answer_survey(
            town.diego, survey.id, answers, NOW, who=Who(by_phone, channel="telephone")
        )
    await Survey.of(town.entity.id).filter(id=survey.id).update(audience=Audience.ROLL)
    survey = await Survey.of(town.entity.id).get(id=survey.id)
    await RollEntry.create(
        entity=town.entity, survey=survey, number=1, code_hash=code_hash(survey.id, "0123-4567")
    )
    for wrong in ("", "0123-4568"):
        with pytest.raises(UnknownCode):
            await answerer_of(nobody(town), survey, wrong)
    for typed in ("o123 4567", "01234567"):
        who = await answerer_of(nobody(town), survey, typed)
        sent = answer_survey(nobody(town), survey.id, answers, NOW, who=who)
        if typed[0] == "o":
            await sent
        else:
            with pytest.raises(AlreadyAnswered):
                await sent
    assert await _counted(survey) == (5, 5)


async def test_an_account_and_its_document_are_one_person(town: Municipality) -> None:
    """With an account enough: who was interviewed by document has answered once it is verified.

    While nobody has seen a document nothing tells that, and the results count those accounts.
    """
    survey = await _survey(town, audience=Audience.REGISTERED)
    answers = await filled_in(survey)

    async def interview(number: str) -> None:
        hashed = document_hash(SECRET, town.entity.id, number)
        named = await participant_interviewed(survey, hashed, None)
        who = Who(named, channel="telephone")
        await answer_survey(town.diego, survey.id, answers, NOW, who=who)

    await interview("91000001")
    await check_identity(town.diego, "beto@example.org", "91000001", SECRET, NOW)
    with pytest.raises(AlreadyAnswered):
        await answer_survey(town.beto, survey.id, answers, NOW)
    await answer_survey(town.ana, survey.id, answers, NOW)
    await check_identity(
        town.diego, "ana@example.org", "91000002", SECRET, NOW + timedelta(hours=1)
    )
    with pytest.raises(AlreadyAnswered):
        await interview("91000002")
    await check_identity(town.diego, "carmen@example.org", "91000003", SECRET, NOW)
    await answer_survey(town.carmen, survey.id, answers, NOW)
    assert await _counted(survey) == (3, 3)
    assert await unverified_count(survey) == 1


async def test_a_document_is_of_one_account(town: Municipality) -> None:
    """The same again is once; another account or another document is refused."""
    assert read_document(" 91.000-001 ") == "91000001"
    assert [read_document(each) for each in ("", "hola", "12", "1" * 16, "９１０００")] == [""] * 5
    for _ in range(2):
        await check_identity(town.diego, "ana@example.org", "91000001", SECRET, NOW)
    for email, number in (("beto@example.org", "91000001"), ("ana@example.org", "91000002")):
        with pytest.raises(OtherAccount):
            await check_identity(town.diego, email, number, SECRET, NOW)
    for email in ("nora@example.org", "nadie@example.org"):
        with pytest.raises(NotFound):
            await check_identity(town.diego, email, "91000003", SECRET, NOW)


async def test_written_down_by_an_official(town: Municipality) -> None:
    """Only who manages the process does it, the way and the official stay known, secret never."""
    survey = await a_survey(town)
    answers = await filled_in(survey)
    who = Who("doc:x", channel="door", recorded_by_id=town.diego.person_id)
    for actor in (town.ana, town.carmen):
        with pytest.raises(NotAllowed):
            await answer_survey(actor, survey.id, answers, NOW, who=who)
    mine = await answer_survey(town.diego, survey.id, answers, NOW, who=who)
    response = await Response.of(town.entity.id).get(id=mine.response_id)
    assert (mine.channel, mine.recorded_by_id, mine.person_id) == (
        "door",
        town.diego.person_id,
        None,
    )
    assert response.channel == "door"
    await Survey.of(town.entity.id).filter(id=survey.id).update(is_secret=True)
    with pytest.raises(SecretIsSilent):
        await answer_survey(town.diego, survey.id, answers, NOW, who=Who("doc:y", channel="door"))
    with pytest.raises(Conflict):
        await save_plan(
            town.diego, survey, is_live=True, sampling=Sampling.OPEN, traits={}, now=NOW
        )


async def test_a_full_group_takes_no_more(town: Municipality) -> None:
    """The answer of a full group leaves nothing; five hundred more groups cost no statement."""
    survey = await _survey(town, quota_items=["vive", "via"], may_change=True)
    answers = await filled_in(survey)
    for cell, most in (("vive=2;via=1", 1), ("vive=1;via=1", 1)):
        await QuotaCell.create(entity=town.entity, survey=survey, cell=cell, most=most)
    async with statements() as with_two:
        await answer_survey(town.ana, survey.id, answers, NOW)
    with pytest.raises(QuotaFull):
        await answer_survey(town.beto, survey.id, answers, NOW)
    assert await _counted(survey) == (1, 1)
    more = [QuotaCell(entity=town.entity, survey=survey, cell=f"x={n}", most=1) for n in range(500)]
    await QuotaCell.bulk_create(more)
    place, *_others = await questions_of(survey)
    await answer_survey(town.ana, survey.id, answers | {place.id: Answered((0,))}, NOW)
    async with statements() as with_many:
        await answer_survey(town.beto, survey.id, answers, NOW)
    # The first answer also begins the log of the survey.
    assert len(with_many) <= len(with_two)
    await withdraw_answers(town.beto, survey.id, NOW)
    await answer_survey(town.beto, survey.id, answers | {place.id: Answered((2,))}, NOW)
    cells = await QuotaCell.of(town.entity.id).filter(cell__startswith="vive")
    taken = {cell.cell: cell.taken for cell in cells}
    assert taken == {"vive=2;via=1": 0, "vive=1;via=1": 1}


async def test_changed_and_withdrawn_until_the_closing(town: Municipality) -> None:
    """The last answers count, under the first receipt; of the earlier ones a digest stays."""
    survey = await _survey(town, may_change=True)
    answers = await filled_in(survey, "El puente viejo.")
    first = await answer_survey(town.ana, survey.id, answers, NOW, request_key="a")
    same = await answer_survey(town.ana, survey.id, answers, NOW, request_key="a")
    later = await answer_survey(
        town.ana, survey.id, await filled_in(survey, "La escuela."), NOW, request_key="b"
    )
    assert first.receipt_number == same.receipt_number == later.receipt_number
    assert await _counted(survey) == (1, 1)
    spoken = await Answer.of(town.entity.id).exclude(text="")
    assert [each.text for each in spoken] == ["La escuela."]
    for _ in range(2):
        await withdraw_answers(town.ana, survey.id, NOW)
    assert (await _counted(survey), await Answer.of(town.entity.id).count()) == ((1, 0), 0)
    mine = await participation_of(town.ana, survey.id)
    assert mine is not None
    assert mine.withdrawn_at == NOW
    changes = await changes_of(mine)
    assert [each.act for each in changes] == ["sent", "replaced", "withdrawn"]
    assert changes[0].digest != changes[1].digest == changes[2].digest
    await answer_survey(town.ana, survey.id, answers, NOW)
    assert await _counted(survey) == (1, 1)
    with pytest.raises(PhaseClosed):
        await withdraw_answers(town.ana, survey.id, CLOSES)
    with pytest.raises(PhaseClosed):
        await answer_survey(town.ana, survey.id, answers, CLOSES)
    await Survey.of(town.entity.id).filter(id=survey.id).update(may_change=False)
    with pytest.raises(Conflict):
        await withdraw_answers(town.ana, survey.id, NOW)


async def _dump(table: str) -> list[dict[str, object]]:
    """Read a table as a dump writes it: in the order the database keeps it in."""
    rows = await get_connection(CONNECTION).execute_query_dict(f"SELECT * FROM {table}")
    return [dict(row) for row in rows]


async def test_nothing_joins_a_person_and_a_secret_ballot(town: Municipality) -> None:
    """No value of the two stands in the other, no moment is finer than the day, no order tells.

    Whoever has a dump pairs participants with ballots by the order of their rows: over many
    surveys that succeeds no more often than guessing.
    """
    right, people, rounds = 0, (town.ana, town.beto, town.carmen, town.diego, town.alma), 12
    for n in range(rounds):
        survey = await a_survey(town) if not n else await _again(town, n)
        await Survey.of(town.entity.id).filter(id=survey.id).update(is_secret=True)
        for actor in people:
            words = f"{actor.name} {n}"
            await answer_survey(actor, survey.id, await filled_in(survey, words), NOW)
        took_part = [r for r in await _dump("surveys_participation") if r["survey_id"] == survey.id]
        took_part.sort(key=lambda row: str(row["receipt_number"]))
        words_of = {r["response_id"]: r["text"] for r in await _dump("surveys_answer") if r["text"]}
        ballots = [r for r in await _dump("surveys_response") if r["survey_id"] == survey.id]
        names = {actor.person_id: actor.name for actor in people}
        right += sum(
            str(words_of[ballot["id"]]).startswith(names[row["person_id"]])  # type: ignore[index]
            for row, ballot in zip(took_part, ballots, strict=True)
        )
        shared = {str(v) for r in took_part for k, v in r.items() if k not in _COMMON}
        assert not shared & {str(v) for r in ballots for k, v in r.items() if k not in _COMMON}
        assert {row["response_id"] for row in took_part} == {None}
        assert {row["request_key"] for row in took_part} == {None}
    # Of sixty pairs twelve are right by chance; 26 or more would be about once in 50,000 runs.
    assert right < 26
    moments = {row.created_at for row in await Participation.of(town.entity.id)}
    assert {each.astimezone(town.entity.zone).strftime("%H:%M:%S.%f") for each in moments} == {
        "00:00:00.000000"
    }
    assert not await AnswerChange.of(town.entity.id).exists()


_COMMON = frozenset({"entity_id", "survey_id", "channel", "quota", "withdrawn_at",
                     "recorded_by_id", "response_id", "request_key", "version"})  # fmt: skip


async def _again(town: Municipality, n: int) -> Survey:
    survey = await Survey.of(town.entity.id).get(title="Servicios")
    await Survey.of(town.entity.id).filter(id=survey.id).update(title=f"Antes {n}")
    return await a_survey(town)
