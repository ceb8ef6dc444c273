"""What the deliberation core offers: pages of threads and contributions, and what is live."""

from participa.deliberation.attachment_pages import FILE_ROUTES
from participa.deliberation.attachments import ask_for_file
from participa.deliberation.routes import ROUTES
from participa.deliberation.rules import FILE_OWNER
from participa.features import Feature

FEATURE = Feature(
    name="deliberation",
    routes=[*ROUTES, *FILE_ROUTES],
    file_owners={FILE_OWNER: ask_for_file},
)
