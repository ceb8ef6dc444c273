"""What the portal offers: the pages that join the others."""

from participa.accounts.guard import page
from participa.accounts.permissions import Action
from participa.features import Feature
from participa.portal.desk import HANDOVER_URL, desk
from participa.portal.evaluation_pages import EVALUATION_ROUTES
from participa.portal.handover import handover
from participa.portal.home import home
from participa.portal.import_contributions import (
    MAX_BODY_BYTES,
    contributions_form,
    import_contributions,
)
from participa.portal.mine import mine
from participa.portal.process import process
from participa.security.limits import POST

_IMPORT = "/gestion/procesos/{slug}/aportes"

FEATURE = Feature(
    name="portal",
    routes=[
        page("/", home, action=Action.SEE_SITE),
        page("/procesos/{slug}", process, action=Action.READ),
        page("/mi-participacion", mine, action=Action.SEE_OWN),
        *EVALUATION_ROUTES,
        page("/gestion", desk, action=Action.SEE_DESK),
        page(HANDOVER_URL, handover, action=Action.SEE_DESK),
        page(_IMPORT, contributions_form, action=Action.IMPORT),
        page(
            _IMPORT,
            import_contributions,
            action=Action.IMPORT,
            methods=("POST",),
            limit=POST,
            body_bytes=MAX_BODY_BYTES,
        ),
    ],
)
