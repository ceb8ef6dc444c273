"""Reading from the database what anybody needs to count a published report again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from participa.deliberation.models import Contribution
from participa.i18n import Text, _
from participa.insights.condensing import LANGUAGE, voice_names
from participa.insights.editing import stored_change
from participa.insights.files.open_data import (
    README,
    RESULT,
    SETTINGS,
    TEXTS,
    Input,
    settings_json,
    texts_csv,
)  # fmt: skip
from participa.insights.files.result import Group, Result, Said, open_figures
from participa.insights.files.speech import Speech
from participa.insights.models import Cluster, Edit, Part, Quote, ReportMember, ResultReport
from participa.insights.queries import themes_in
from participa.insights.reading import Source, read_again, with_merges
from participa.insights.rules import Standing
from participa.kit.zips import archive

_BATCH = 1000


def _readme(name: str, withheld: int) -> Text:
    return _(
        "Con estos archivos cualquiera puede rehacer las cuentas del informe, sin nuestra base de "
        "datos:\n\n    participa insights rebuild {name}\n\n"
        "aportes.csv: cada texto como se contó. «voz» dice qué textos son de una misma persona o "
        "mesa, con un número que sale del orden de los textos y no lleva a nadie; vacía, el texto "
        "es una voz aparte. «hilo» es la conversación; «contexto», su título. Una celda que "
        "empezaba con apóstrofo, o con un signo de fórmula, lleva uno más.\n"
        "ajustes.json: motor, semilla, huella de lo leído y lo que cambió una persona.\n"
        "resultado.json: los temas, sus textos y sus cifras, como se publicaron.\n\n"
        "Textos que ya no se pueden leer: {withheld}. Si faltan, no se puede repetir la "
        "agrupación; sí se comprueba que ningún texto quedó por fuera.\n",
        name=name,
        withheld=withheld,
    )


async def bundle(report: ResultReport, speech: Speech) -> bytes:
    """Pack the texts as counted, what they were counted with and what came of it."""
    sources, withheld, receipts = await _texts(report)
    edits = Edit.of(report.entity_id).filter(report_id=report.id, undone_at=None)
    inputs = Input(
        sources=sources,
        withheld=withheld,
        changes=[stored_change(e.kind, e.detail) for e in await edits.order_by("number")],
        ledger=report.ledger,
        engine=report.engine,
        input_digest=report.input_digest,
    )
    told: dict[str, object] = {
        "number": report.number,
        "version": report.version,
        "title": report.title,
        "seed": report.seed,
        "texts_language": LANGUAGE,
    }
    result = await stored_result(report, withheld)
    name = f"informe-{report.number}-comprobar.zip"
    readme = speech.say(_readme(name, len(withheld)))
    return archive(
        (
            (README, readme.encode()),
            (TEXTS, texts_csv(sources, withheld, receipts, voice_names(sources))),
            (SETTINGS, settings_json(inputs, told)),
            (RESULT, result.written()),
        )
    )


async def _texts(
    report: ResultReport,
) -> tuple[list[Source], dict[int, str], dict[int, str]]:
    """Read the texts of a report in the wording they had when its first version was asked for."""
    first = report
    if report.version > 1:
        first = await ResultReport.of(report.entity_id).get(number=report.number, version=1)
    sources: list[Source] = []
    withheld: dict[int, str] = {}
    receipts: dict[int, str] = {}
    members = ReportMember.of(report.entity_id).filter(report_id=report.id)
    ids = [each for (each,) in await members.values_list("contribution_id")]
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        read, gone = await read_again(report.entity_id, batch, first.created_at, report.entity.zone)
        sources += read
        withheld |= gone
        rows = Contribution.of(report.entity_id).filter(id__in=batch)
        receipts |= dict(await rows.values_list("id", "receipt_number"))
    merged = await with_merges(report.entity_id, report.process_id, sources, first.created_at)
    return merged, withheld, receipts


async def stored_result(report: ResultReport, withheld: Collection[int]) -> Result:
    """Give what a report counts as it was frozen; words that are withheld are left out."""
    clusters = await themes_in(report)
    parts = await Part.of(report.entity_id).filter(report_id=report.id)
    rows = ReportMember.of(report.entity_id).filter(report_id=report.id)
    members = [
        _Member(*values)
        for values in await rows.values_list(
            "contribution_id", "cluster_id", "part_id", "standing", "duplicate_of"
        )
    ]
    return Result(
        engine=report.engine,
        seed=report.seed,
        input_digest=report.input_digest,
        figures=open_figures(report.figures),
        themes=[_theme(each, members) for each in clusters],
        parts=[_part(each, members) for each in parts],
        once=[each.id for each in members if each.standing == Standing.ONCE],
        empty=[each.id for each in members if each.standing == Standing.EMPTY],
        repeats={each.id: each.first for each in members if each.first is not None},
        quotes=await _quotes(report, withheld),
    )


@dataclass(frozen=True, slots=True)
class _Member:
    """Where a contribution counts, as read."""

    id: int
    cluster_id: int | None
    part_id: int | None
    standing: str
    first: int | None


def _theme(cluster: Cluster, members: Sequence[_Member]) -> Group:
    return Group(
        number=cluster.number,
        members=[each.id for each in members if each.cluster_id == cluster.id],
        figures=open_figures(cluster.figures),
        words=cluster.words,
        stability=cluster.stability,
        by_hand=cluster.by_hand,
    )


def _part(part: Part, members: Sequence[_Member]) -> Group:
    own = [each.id for each in members if each.part_id == part.id]
    return Group(part.number, own, open_figures(part.figures), part.words, part.stability)


async def _quotes(report: ResultReport, withheld: Collection[int]) -> list[Said]:
    rows = Quote.of(report.entity_id).filter(cluster__report_id=report.id, cluster__by_hand=False)
    found = await rows.values_list(
        "cluster__number", "part__number", "contribution_id", "role", "words"
    )
    return [Said(*values) for values in found if values[2] not in withheld]
