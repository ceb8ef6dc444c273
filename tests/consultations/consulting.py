"""Plans to comment on and calls for proposals, for the tests of consultations and of plans."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from unittest import mock

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from participa.accounts.permissions import Actor
from participa.consultations.remarks import FIELDS, read_remark
from participa.consultations.rules import SECTION_KIND
from participa.consultations.service import Imported, import_plan
from participa.db import CONNECTION
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.plans.models import Section
from participa.plans.parsing import parse_plan
from participa.plans.service import prepare
from participa.processes.models import Process
from participa.web.forms import Form
from tests.people import NOW

PLAN = """# Eje 1. El agua

El agua es de todos.

## Programa 1.1. Acueductos

Cada vereda con su **acueducto**.

### Meta 1.1.1. Filtros

Diez filtros nuevos.

# Eje 2. Las vías

Vías para sacar la cosecha.
"""
WITHOUT_FILTERS = PLAN.replace("### Meta 1.1.1. Filtros\n\nDiez filtros nuevos.\n\n", "")


def long_plan(sections: int) -> str:
    """Write a plan of so many sections, ten to a chapter."""
    parts = []
    for place in range(sections):
        chapter, article = divmod(place, 10)
        heading = f"## Artículo {place}. De las cosas" if article else f"# Título {chapter + 1}. X"
        parts.append(f"{heading}\n\nTexto del apartado {place}.\n")
    return "\n".join(parts)


async def import_text(
    process: Process,
    source: str = PLAN,
    *,
    title: str = "",
    now: datetime = NOW,
    actor: Actor | None = None,
) -> Imported:
    """Import a plan as page and command do."""
    return await import_plan(
        await prepare(parse_plan(source), source),
        entity_id=process.entity_id,
        process_id=process.id,
        title=title,
        now=now,
        actor=actor,
    )


async def section_called(process: Process, key: str) -> Section:
    """Find a section by the end of its key."""
    rows = Section.of(process.entity_id).filter(plan__process_id=process.id)
    return await rows.get(key__endswith=key)


async def thread_about(process: Process, key: str) -> Thread:
    """Find the conversation about a section by the end of its key."""
    section = await section_called(process, key)
    return await Thread.of(process.entity_id).get(kind=SECTION_KIND, place_id=section.id)


async def comment(
    actor: Actor, thread: Thread, passage: str, body: str = "Digo yo.", **fields: str
) -> Contribution:
    """Comment a passage of a section, as its form does."""
    form = Form({"passage": passage, **fields}, fields=FIELDS)
    keeping = await read_remark(form, thread.entity_id, thread.place_id)
    assert not form.has_errors, form.errors
    return await publish(actor, thread.id, Said(body), now=NOW, keeping=keeping)


@asynccontextmanager
async def statements() -> AsyncIterator[list[str]]:
    """Collect the SQL statements run meanwhile."""
    run: list[str] = []
    kind = type(get_connection(CONNECTION))

    def counted(name: str) -> object:
        real = getattr(kind, name)

        async def call(client: BaseDBAsyncClient, query: str, *more: object) -> object:
            run.append(query)
            return await real(client, query, *more)

        return call

    with ExitStack() as patches:
        for name in ("execute_query", "execute_query_dict", "execute_insert", "execute_many"):
            patches.enter_context(mock.patch.object(kind, name, counted(name)))
        yield run
