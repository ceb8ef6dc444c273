"""A formal answer is told by mail: once, with what was decided, as it may be read then."""

from participa.deliberation.service import remove
from participa.deliberation.verdicts import Verdict
from participa.notifications.rules import Wishes
from participa.notifications.service import choose
from tests.answers.answering import REASON, answered, said
from tests.conftest import Clock
from tests.notifications.telling import PostOffice, Worker
from tests.people import NOW, Municipality


async def test_a_formal_answer_is_told(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """One mail for all of hers that one act answered, with verdict, reason and addresses."""
    first, second = await said(town, "Falta luz."), await said(town, "Y un andén.")
    await answered(town, first, second)
    await worker.work()
    await worker.work(minutes=60)
    (text,) = office.texts()
    assert office.subjects() == ["La Loma respondió a lo que usted dijo en «El puente»"]
    assert "respondió 2 aportes suyos: Se acoge." in text
    assert f"> {REASON}" in text
    for contribution in (first, second):
        assert f"https://laloma.test/aportes/{contribution.receipt_number}" in text


async def test_what_is_not_to_be_told(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Neither who chose not to be told, nor who took the words back meanwhile, gets it."""
    his, hers = await said(town, "Más luz.", town.beto), await said(town, "Falta luz.")
    await choose(town.entity.id, town.beto.person_id or 0, Wishes(on_answer=False), clock())
    await answered(town, his, hers)
    await remove(town.ana, hers.id, now=NOW)
    await worker.work()
    told = [str(each["Subject"]) for each in office.letters]
    assert told == ["Le respondieron en «El puente»"]


async def test_each_mail_tells_one_answer(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """What got another answer before the mail went is told of that one only."""
    first, second = await said(town, "Falta luz."), await said(town, "Y un andén.")
    given = await answered(town, first, second)
    await answered(town, second, verdict=Verdict.REJECTED, reason="No.", seen=f"{given.id}.0")
    await worker.work()
    accepted, rejected = sorted(office.texts(), key=lambda text: "No se acoge" in text)
    assert first.receipt_number in accepted
    assert second.receipt_number not in accepted
    assert second.receipt_number in rejected
    assert REASON not in rejected
