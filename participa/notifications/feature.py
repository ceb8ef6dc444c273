"""What notifications offer to the rest of the house."""

from collections.abc import Sequence

from participa.features import Feature, Results, ResultsSince
from participa.mail import Mailer
from participa.notifications.jobs import READ_EVERY, READ_NEWS, news_reader, notice_mail
from participa.notifications.reading import MAIL_NOTICE
from participa.notifications.routes import ROUTES


async def no_results(_entity_id: int, _number: int) -> Sequence[Results]:
    """Say that nothing publishes results."""
    return ()


def feature(mailer: Mailer, results_since: ResultsSince | None) -> Feature:
    """Make the manifest: mail goes through the mailer, results are asked of who publishes them."""
    results = results_since or no_results
    return Feature(
        name="notifications",
        routes=ROUTES,
        jobs={
            READ_NEWS: news_reader(results),
            MAIL_NOTICE: notice_mail(mailer, results),
        },
        every={READ_NEWS: READ_EVERY},
    )
