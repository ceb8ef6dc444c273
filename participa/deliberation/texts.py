"""From what was written to what is shown: rendered and sanitised once, when it is stored."""

import asyncio
from dataclasses import dataclass

from participa.i18n import _
from participa.kit.html import SANITISER_VERSION, TextTooDeep, TextTooLong, render_markdown
from participa.web.refusals import Refusal

# Above this a text may take tens of milliseconds: other readers must not wait for it.
_LONG = 2_000


@dataclass(frozen=True, slots=True)
class Body:
    """Sanitised HTML and the version of the sanitiser that made it."""

    html: str
    version: int


class TextRefused(Refusal):
    """A text too long or too deeply nested to be shown."""

    status = 422
    title = _("El texto es muy largo o tiene demasiadas listas o citas una dentro de otra.")
    advice = _("Acórtelo o simplifíquelo e inténtelo de nuevo.")


async def rendered(source: str) -> Body:
    """Render Markdown, long texts off the event loop. Refuses with TextRefused."""
    return await asyncio.to_thread(render, source) if len(source) > _LONG else render(source)


def render(source: str) -> Body:
    """Render Markdown. Refuses with TextRefused."""
    try:
        return Body(str(render_markdown(source)), SANITISER_VERSION)
    except (TextTooLong, TextTooDeep) as error:
        raise TextRefused from error
