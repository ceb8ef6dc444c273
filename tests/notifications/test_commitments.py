"""Who asked for a commitment is told what becomes of it, and its owner when it is due."""

from datetime import timedelta

import pytest

from participa.commitments.evidence import add_link
from participa.commitments.models import OwnerReminder
from participa.commitments.rules import REMIND_DAYS, State
from participa.commitments.service import move
from participa.commitments.telling import remind_owners
from participa.commitments.verdicts import judge
from participa.deliberation.service import set_support
from participa.notifications.feature import no_cosigners
from tests.commitments.promising import SOON, TITLE, fulfilled, promised
from tests.conftest import Clock
from tests.notifications.telling import PostOffice, Worker
from tests.people import NOW, Municipality

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DIEGO = "diego@example.org"


async def test_those_who_asked_are_told(
    town: Municipality, worker: Worker, office: PostOffice
) -> None:
    """Author and supporters learn of the promise, and that it is called done, with the link."""
    await set_support(town.beto, town.topic.id, wanted=True, now=NOW)
    made = await promised(town, town.topic)
    await worker.work()
    assert (
        office.subjects()
        == office.subjects("beto@example.org")
        == [f"Hay un compromiso: «{TITLE}»"]
    )
    assert f"https://laloma.test/compromisos/{made.id}" in office.texts()[0]
    assert "Fecha: 13 de diciembre de 2026" in office.texts()[0]
    await add_link(town.diego, made.id, "https://laloma.test/a", "Acta", now=NOW)
    await move(town.diego, made.id, State.DONE, reason="", seen="1", now=NOW)
    await worker.work(minutes=15)
    assert office.subjects()[1:] == [f"¿Se cumplió? «{TITLE}»"]
    assert office.texts(DIEGO) == []


async def test_the_owner_is_told_of_a_dispute(
    town: Municipality, worker: Worker, office: PostOffice
) -> None:
    """Who answers for it reads why it was disputed; who disputed gets nothing of it."""
    made = await fulfilled(town, town.topic)
    await worker.work()
    told = len(office.texts())
    await judge(
        town.ana, made.id, confirms=False, reason="Faltan cuatro.", done_number=1,
        cosigners=no_cosigners, now=NOW,
    )  # fmt: skip
    await worker.work()
    assert office.subjects(DIEGO) == [f"Objetaron que se cumpliera «{TITLE}»"]
    assert "> Faltan cuatro." in office.texts(DIEGO)[0]
    assert len(office.texts()) == told


async def test_the_owner_is_reminded_once_before_and_once_late(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """One mail in the last days and one when the day has passed, however often it is looked at."""
    made = await promised(town)
    await remind_owners(clock())
    clock.now = NOW + (SOON - NOW.date()) - timedelta(days=REMIND_DAYS)
    for _often in range(3):
        await remind_owners(clock())
        await worker.work()
    assert office.subjects(DIEGO) == [f"Para el 13 de diciembre de 2026: «{TITLE}»"]
    assert f"https://laloma.test/gestion/compromisos/{made.id}" in office.texts(DIEGO)[0]
    clock.move(days=REMIND_DAYS + 1)
    for _often in range(3):
        await remind_owners(clock())
        await worker.work()
    assert office.subjects(DIEGO)[1:] == [f"Atrasado: «{TITLE}»"]
    assert await OwnerReminder.of(town.entity.id).count() == 2


async def test_of_what_was_settled_meanwhile_nobody_is_reminded(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """A mail that waits is let go when the commitment is cancelled before it goes."""
    made = await promised(town)
    clock.now = NOW + (SOON - NOW.date())
    await remind_owners(clock())
    await move(town.diego, made.id, State.CANCELLED, reason="No.", seen="1", now=clock())
    await worker.work()
    assert office.texts(DIEGO) == []
