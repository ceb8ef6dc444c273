"""Reports are built by the worker, each in a process of its own."""

from participa.insights.building import build_apart
from participa.jobs import Handler
from participa.settings import Settings


def report_builder(settings: Settings) -> Handler:
    """Make the handler that builds the report it is told of."""

    async def build(arguments: dict[str, object]) -> None:
        entity_id, report_id = (int(str(arguments[name])) for name in ("entity_id", "report_id"))
        await build_apart(settings, entity_id, report_id)

    return build
