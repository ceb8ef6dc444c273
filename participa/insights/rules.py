"""The life of a report, the words for its parts, and what may be quoted. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from participa.i18n import Text, _

PAGE_SIZE = 20
ONCE_SHOWN = 12
EXCERPT = 400
SUGGESTED_WORDS = 3
# What fewer people said is not shown apart, for it would point at them.
FEWEST_PEOPLE = 3
# A theme that fewer speak of than this part of the people is a minority's.
MINORITY_PART = 0.05
MAX_TITLE = 200
MAX_NAME = 160
MAX_ANSWER = 20_000


class ReportState(StrEnum):
    """Where a report stands between the wish for it and its publication."""

    QUEUED = "queued"
    BUILDING = "building"
    DRAFT = "draft"
    FAILED = "failed"
    PUBLISHED = "published"


UNDER_WAY = (ReportState.QUEUED, ReportState.BUILDING)
BUILDABLE = (ReportState.QUEUED, ReportState.BUILDING, ReportState.FAILED)


class Standing(StrEnum):
    """Where a contribution counts."""

    THEME = "theme"
    ONCE = "once"
    EMPTY = "empty"


# Every text of the process falls under exactly one of these; in this order on the page.
LEDGER: dict[str, Text] = {
    "received": _("Textos en el proceso"),
    "in_themes": _("En temas"),
    "once": _("Dichos una sola vez"),
    "repeated": _("Repiten un texto ya contado"),
    "empty": _("Sin palabras que agrupar"),
    "hidden": _("Ocultos por moderación"),
    "removed": _("Retirados por su autor"),
    "official": _("Respuestas de la entidad"),
}

WITHHELD: dict[str, Text] = {
    "hidden": _("Cita no disponible: moderación ocultó este aporte."),
    "removed": _("Cita no disponible: su autor retiró este aporte."),
}


LIMITS = _(
    "Esto no es una encuesta representativa: participó quien quiso. Los temas dicen de qué se "
    "habló y cuánto, no qué piensa todo el municipio."
)
METHOD: tuple[Text, ...] = (
    _(
        "Un programa agrupó los aportes por sus palabras; una persona de la entidad leyó los "
        "grupos, les puso nombre y publicó el informe. El programa no decide nada ni escribe las "
        "citas. Lo que la persona cambió queda escrito en el informe."
    ),
    _(
        "El margen junto a cada porcentaje dice cuánto podría cambiar con otras personas "
        "parecidas a las que participaron: en 95 de cada 100 casos como este, contiene el valor. "
        "Qué tan firme es un tema dice cuántas veces el programa lo encontró de nuevo al repetir "
        "la agrupación con parte de los aportes."
    ),
    _(
        "Cada persona cuenta una sola vez aunque haya escrito varias. Una mesa de trabajo cuenta "
        "por las personas que asistieron. Quien participó por dos canales o habló de dos temas "
        "cuenta una vez en cada uno, así que sus sumas pueden pasar del total."
    ),
    _(
        "Si varias personas enviaron el mismo texto, cada persona cuenta y el texto cuenta una "
        "vez: junto a esos temas se dan las cifras con y sin las repeticiones."
    ),
    _(
        "Donde hay menos de {fewest} personas no se muestra la cifra, para no señalar a nadie.",
        fewest=FEWEST_PEOPLE,
    ),
)
# How surely a theme is found again, in words: from each bar on.
FIRMNESS: tuple[tuple[float, Text], ...] = (
    (0.8, _("Tema firme: el programa lo encontró casi siempre al repetir la agrupación.")),
    (0.5, _("Tema bastante firme: apareció en la mayoría de las repeticiones.")),
    (0.2, _("Tema poco firme: al repetir, sus aportes a veces se reparten de otra manera.")),
    (0.0, _("Tema difuso: al repetir, casi nunca aparece igual. Léalo con cuidado.")),
)


def firmness(stability: float) -> Text:
    """Say in words how surely a theme is found again."""
    return next(words for bar, words in FIRMNESS if stability >= bar or not bar)


def ledger_lines(ledger: Mapping[str, int]) -> list[tuple[Text, int]]:
    """Give the ledger in words; parts that are zero are left out, the total never."""
    return [
        (label, ledger.get(part, 0))
        for part, label in LEDGER.items()
        if part == "received" or ledger.get(part)
    ]


def ledger_of(places: Iterable[tuple[str, bool]]) -> dict[str, int]:
    """Count texts by their standing, each with whether it repeats another."""
    counts = Counter("repeated" if repeats else standing for standing, repeats in places)
    return {
        "in_themes": counts[Standing.THEME],
        "once": counts[Standing.ONCE],
        "repeated": counts["repeated"],
        "empty": counts[Standing.EMPTY],
    }


def balanced(ledger: Mapping[str, int]) -> bool:
    """Whether the parts of a ledger add up to what was received."""
    parts = sum(count for part, count in ledger.items() if part != "received")
    return parts == ledger["received"]


def suggested_name(words: Sequence[str]) -> str:
    """Call a theme by its words until a person names it."""
    name = ", ".join(words[:SUGGESTED_WORDS])
    return (name[:1].upper() + name[1:])[:MAX_NAME]


def days_waiting(since: datetime | None, now: datetime) -> int | None:
    """Count the whole days a theme has waited for its answer."""
    return None if since is None else max(0, (now - since).days)


def full_text(title: str, body: str) -> str:
    """Join what a contribution says: its title, where it has one, and its words."""
    return f"{title}\n\n{body}" if title else body


def exact_quote(words: str, title: str, body: str) -> str:
    """Give the part of a quote that stands in one piece on the contribution's page.

    Title and words are apart there, so a quote may not reach from one into the other.
    """
    if words in body or words in title:
        return words
    parts = [part.strip() for part in words.split("\n\n")]
    return max((part for part in parts if part in body or part in title), key=len, default="")


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """Cut a text at a word, with the sign that says so."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rsplit(None, 1)[0].rstrip()} […]"
