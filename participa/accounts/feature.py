"""What accounts offer to the rest of the house."""

from collections.abc import Sequence

from participa.accounts import identity_pages
from participa.accounts.jobs import MAIL_RESET, reset_mail
from participa.accounts.routes import ROUTES
from participa.features import Feature, Filling
from participa.i18n import _
from participa.mail import Mailer


def feature(mailer: Mailer) -> Feature:
    """Make the manifest, its mail going through the mailer given."""
    return Feature(
        name="accounts",
        routes=[*ROUTES, *identity_pages.ROUTES],
        jobs={MAIL_RESET: reset_mail(mailer)},
        fillings_of=fillings_of,
    )


async def fillings_of(_entity_id: int, _processes: Sequence[int]) -> list[Filling]:
    """Give the form to sign up, for the Menú Participa."""
    return [Filling("sign_up", _("Formulario de registro"), "/registro")]
