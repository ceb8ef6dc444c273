"""What petitions offer to the rest of the house: pages, mail and the calendar of terms."""

from participa.features import Feature
from participa.mail import Mailer
from participa.petitions.desk_routes import DESK_ROUTES
from participa.petitions.jobs import MAIL_NEWS, news_mail
from participa.petitions.queries import calendar_of
from participa.petitions.routes import PUBLIC_ROUTES


def feature(mailer: Mailer) -> Feature:
    """Make the manifest, its mail going through the mailer given."""
    return Feature(
        name="petitions",
        routes=[*PUBLIC_ROUTES, *DESK_ROUTES],
        jobs={MAIL_NEWS: news_mail(mailer)},
        calendar_of=calendar_of,
    )
