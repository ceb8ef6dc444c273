"""Mail about petitions, sent by the worker: that there is news, never what it says."""

from participa.i18n import _
from participa.jobs import Handler
from participa.mail import Mailer
from participa.petitions.models import Petition

MAIL_NEWS = "petitions.mail_news"


def news_mail(mailer: Mailer) -> Handler:
    """Make the handler that tells whoever filed a petition to look at it."""

    async def send(arguments: dict[str, object]) -> None:
        found = Petition.of(int(str(arguments["entity_id"]))).filter(id=arguments["petition_id"])
        petition = await found.select_related("entity", "author").get()
        author = petition.author
        address = petition.contact_email or (author.email if author else None)
        if not address:
            return
        entity = petition.entity
        subject = _("Novedades de su radicado {number}", number=petition.filing_number)
        text = _(
            "Hay novedades en su petición con radicado {number}.\n\n"
            "Para verlas abra esta página con el radicado y su código, o entre con su cuenta:\n"
            "{link}\n\n{site}",
            number=petition.filing_number,
            link=f"{entity.base_url}/peticiones/seguimiento",
            site=entity.site_name,
        )
        await mailer.send(address, subject.render(entity.locale), text.render(entity.locale))

    return send
