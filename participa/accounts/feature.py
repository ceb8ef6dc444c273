"""What accounts offer to the rest of the house."""

from participa.accounts import identity_pages
from participa.accounts.jobs import MAIL_RESET, reset_mail
from participa.accounts.routes import ROUTES
from participa.features import Feature
from participa.mail import Mailer


def feature(mailer: Mailer) -> Feature:
    """Make the manifest, its mail going through the mailer given."""
    return Feature(
        name="accounts",
        routes=[*ROUTES, *identity_pages.ROUTES],
        jobs={MAIL_RESET: reset_mail(mailer)},
    )
