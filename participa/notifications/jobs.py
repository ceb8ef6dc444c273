"""The worker's part: reading what happened every minute, and sending one mail after another."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from participa.entities.models import Entity
from participa.features import AnswersOf, CosignersOf, ResultsSince, TellingOf
from participa.jobs import Handler
from participa.mail import Mailer
from participa.notifications.reading import read_events, read_results, retry_mail
from participa.notifications.sending import give_back, sent, take, write

READ_NEWS = "notifications.read_news"
READ_EVERY = timedelta(minutes=1)
Clock = Callable[[], datetime]


def right_now() -> datetime:
    """Give the time; tests hand in another clock."""
    return datetime.now(UTC)


def news_reader(
    results_since: ResultsSince, cosigners: CosignersOf, clock: Clock = right_now
) -> Handler:
    """Make the handler that finds out, for every entity, who is to be told what."""

    async def read(_arguments: dict[str, object]) -> None:
        for entity in await Entity.all().order_by("id"):
            while await read_events(entity.id, cosigners, clock()):
                pass
            while await read_results(entity.id, results_since, clock()):
                pass
            while await retry_mail(entity.id, clock()):
                pass

    return read


def notice_mail(
    mailer: Mailer,
    results_since: ResultsSince,
    answers_of: AnswersOf,
    tellings: Mapping[str, TellingOf],
    clock: Clock = right_now,
) -> Handler:
    """Make the handler that tells somebody by mail; raises when the mail server refuses."""

    async def send(arguments: dict[str, object]) -> None:
        entity_id, notice_id = (int(str(arguments[name])) for name in ("entity_id", "notice_id"))
        token, notices = await take(entity_id, notice_id, clock())
        if not notices:
            return
        try:
            letter = await write(entity_id, token, notices, results_since, answers_of, tellings)
            if letter is not None:
                await mailer.send(letter.to, letter.subject, letter.text)
        except Exception:
            await give_back(entity_id, token)
            raise
        await sent(entity_id, token, letter, clock())

    return send
