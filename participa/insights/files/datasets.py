"""The files of published reports, as the open-data catalogue lists them."""

from participa.features import Dataset
from participa.i18n import _
from participa.insights.models import ResultReport
from participa.insights.queries import published, report_url


async def datasets_of(entity_id: int) -> list[Dataset]:
    """List the data of each published report, the latest first."""
    return [dataset for report in await published(entity_id) for dataset in _datasets(report)]


def _datasets(report: ResultReport) -> tuple[Dataset, ...]:
    url, number, title = report_url(report), report.number or 0, report.title
    return (
        Dataset(
            _("Informe n.º {number}, aportes por tema: {title}", number=number, title=title),
            f"{url}/datos.csv",
        ),
        Dataset(
            _("Informe n.º {number}, todo lo que dice: {title}", number=number, title=title),
            f"{url}/informe.json",
            "JSON",
        ),
        Dataset(
            _("Informe n.º {number}, para rehacer sus cuentas: {title}",
              number=number, title=title),
            f"{url}/comprobar.zip",
            "ZIP",
        ),
    )  # fmt: skip
