"""What notifications offer to the rest of the house."""

from collections.abc import Collection, Mapping, Sequence

from participa.features import (
    AnswersOf,
    CosignersOf,
    Feature,
    FormalAnswer,
    Results,
    ResultsSince,
    TellingOf,
)
from participa.mail import Mailer
from participa.notifications.jobs import READ_EVERY, READ_NEWS, news_reader, notice_mail
from participa.notifications.reading import MAIL_NOTICE
from participa.notifications.routes import ROUTES


async def no_results(_entity_id: int, _number: int) -> Sequence[Results]:
    """Say that nothing publishes results."""
    return ()


async def no_answers(_entity_id: int, _contributions: Sequence[int]) -> Mapping[int, FormalAnswer]:
    """Say that nothing answers formally."""
    return {}


async def no_cosigners(_entity_id: int, _thread_id: int) -> Collection[int]:
    """Say that everything was made by its author alone."""
    return ()


def feature(
    mailer: Mailer,
    results_since: ResultsSince | None,
    answers_of: AnswersOf | None,
    tellings: Mapping[str, TellingOf],
    cosigners: CosignersOf | None,
) -> Feature:
    """Make the manifest: mail goes through the mailer, the rest is asked of who publishes it.

    `tellings` say what a mail tells, by the kind of notice.
    """
    results = results_since or no_results
    answers = answers_of or no_answers
    return Feature(
        name="notifications",
        routes=ROUTES,
        jobs={
            READ_NEWS: news_reader(results, cosigners or no_cosigners),
            MAIL_NOTICE: notice_mail(mailer, results, answers, tellings),
        },
        every={READ_NEWS: READ_EVERY},
    )
