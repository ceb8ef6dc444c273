"""Mail about accounts, sent by the worker."""

from datetime import UTC, datetime

from participa.accounts.service import ask_reset
from participa.entities.models import Entity
from participa.i18n import _
from participa.jobs import Handler
from participa.mail import Mailer

MAIL_RESET = "accounts.mail_reset"


def reset_mail(mailer: Mailer) -> Handler:
    """Make the handler that sends the link for a new password."""

    async def send(arguments: dict[str, object]) -> None:
        entity = await Entity.get(id=arguments["entity_id"])
        email = str(arguments["email"])
        token = await ask_reset(entity_id=entity.id, email=email, now=datetime.now(UTC))
        if token is None:
            return
        link = f"{entity.base_url}/recuperar/{token}"
        locale = str(arguments["locale"])
        subject = _("Su nueva contraseña en {site}", site=entity.site_name)
        text = _(
            "Alguien, ojalá usted, pidió cambiar la contraseña de esta cuenta.\n\n"
            "Para poner una nueva abra este enlace; sirve una sola vez, durante una hora:\n"
            "{link}\n\nSi no fue usted, no haga nada: su contraseña sigue siendo la misma.\n\n"
            "{site}",
            link=link,
            site=entity.site_name,
        )
        await mailer.send(email, subject.render(locale), text.render(locale))

    return send
