"""Sixty invented contributions, and a grouping by plain words where the real one is too slow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest

from participa.accounts.permissions import Actor
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.insights import building
from participa.insights.building import build_report
from participa.insights.models import ResultReport
from participa.insights.reading import Reading
from participa.insights.service import prepare_report, publish_report
from tests.people import NOW, Municipality

WATER = (
    "El acueducto de la vereda falla cada semana y el agua llega turbia.",
    "Llevamos un mes con agua turbia; el acueducto necesita una planta nueva.",
    "Sin agua no hay vereda: arreglen el acueducto antes de cualquier otra cosa.",
    "La planta del acueducto está dañada y el agua sabe a barro.",
    "Propongo un tanque para guardar agua cuando el acueducto se cierra.",
    "El recibo del agua subió y el acueducto solo abre tres horas.",
    "Que el acueducto llegue a la escuela: los niños llevan el agua en tarros.",
    "El agua del acueducto no es potable, lo dijo la enfermera del puesto.",
    "Cuiden el nacimiento de agua; sin él no hay acueducto que valga.",
    "Me da pena decirlo, pero el agua del acueducto huele mal los lunes.",
    "No más carrotanques: queremos un acueducto que dé agua todos los días.",
    "El fontanero del acueducto trabaja solo y el agua se pierde en las fugas.",
)
ROADS = (
    "La vía a la cabecera está llena de huecos y el bus ya no sube.",
    "Arreglen los huecos de la vía: se nos dañan las motos.",
    "Con lluvia la vía se vuelve barro y el bus nos deja en la mitad.",
    "Una placa huella en la vía principal serviría más que otra caseta.",
    "Los huecos de la vía parten los ejes; el bus escolar no pasa.",
    "Pongan cunetas en la vía, porque el agua la lava y quedan huecos.",
    "La vía de El Salado lleva dos alcaldías prometida y sigue con huecos.",
    "Para sacar la cosecha necesitamos una vía sin huecos y un bus de carga.",
    "La vía está bien hasta el puente; de ahí en adelante puro hueco.",
    "Que la maquinaria suba a la vía en verano y no cuando ya hay barro.",
    "El bus cobra doble porque la vía le acaba las llantas.",
    "Pido reductores en la vía frente a la escuela: las motos vuelan.",
)
HEALTH = (
    "El puesto de salud abre dos días y el médico viene cuando puede.",
    "Necesitamos médico permanente en el puesto de salud.",
    "Mi mamá esperó seis horas en el puesto de salud y no había médico.",
    "Que el puesto de salud tenga medicamentos, no solo médico.",
    "La enfermera del puesto de salud hace lo que puede sin médico.",
    "Una ambulancia para el puesto de salud: el hospital queda a dos horas.",
    "El médico del puesto de salud atiende bien, pero una vez por semana.",
    "Citas de salud por teléfono, porque el puesto queda lejos y el médico falta.",
    "El puesto de salud no tiene luz y el médico atiende con linterna.",
    "Pongan odontología en el puesto de salud, y médico los sábados.",
    "Sin médico en el puesto de salud las maternas bajan a caballo.",
    "Estoy en contra de cerrar el puesto de salud: dejen al médico.",
)
PARK = (
    "El parque está oscuro y los jóvenes no tienen cancha.",
    "Arreglen la cancha del parque y pongan luces.",
    "Una cancha cubierta en el parque, para jugar cuando llueve.",
    "Los jóvenes pedimos cancha y biblioteca en el parque.",
    "El parque necesita bancas, árboles y una cancha sin vidrios.",
    "Que la cancha del parque sea de todos y no del que tiene la llave.",
    "Torneos en la cancha del parque para que los jóvenes no se aburran.",
    "Las luces del parque se dañaron y la cancha queda sola a las seis.",
    "No hagan otro parque: cuiden la cancha que ya tenemos.",
    "En el parque no hay baño y la cancha se llena los domingos.",
    "Mi hija juega en la cancha del parque y pide una malla.",
    "Propongo que los jóvenes pinten el parque y la cancha.",
)
SINGLES = (
    "¿Quién contesta el correo de la alcaldía?",
    "Que vuelva la banda de músicos a las fiestas patronales.",
    "Denuncio la quema de llantas detrás del matadero.",
    "Un censo de perros callejeros y jornadas de esterilización.",
    "Los impuestos deberían poder pagarse por cuotas.",
    "=Ojo con las fórmulas, dice mi contador",
)
COPIED = "Firmamos todos: primero el agua, después el adorno de la plaza principal."
THEME_WORDS = {"acueducto": WATER, "vía": ROADS, "salud": HEALTH, "parque": PARK}


@dataclass(frozen=True)
class FakeQuote:
    """As the real one."""

    text_id: int
    words: str
    role: str


@dataclass(frozen=True)
class FakePart:
    """As the real one."""

    words: tuple[str, ...]
    members: tuple[int, ...]
    quote: FakeQuote
    stability: float = 0.6


@dataclass(frozen=True)
class FakeTheme:
    """As the real one."""

    words: tuple[str, ...]
    members: tuple[int, ...]
    quotes: tuple[FakeQuote, ...]
    stability: float = 0.9
    parts: tuple[FakePart, ...] = ()


@dataclass(frozen=True)
class FakeCondensed:
    """As the real one."""

    themes: tuple[FakeTheme, ...]
    heard_once: tuple[int, ...]
    duplicates: tuple[tuple[int, ...], ...]
    empty: tuple[int, ...]
    engine: str = "by-words"
    seed: int = 7
    digest: str = "ab" * 32


def group_by_words(reading: Reading, note: Callable[[float], None]) -> FakeCondensed:
    """Group texts by the first theme word they hold; equal texts are duplicates."""
    note(0.5)
    seen: dict[str, list[int]] = {}
    for source in reading.sources:
        seen.setdefault(source.text, []).append(source.id)
    first_of = {ids[0]: text for text, ids in seen.items()}
    empty = tuple(i for i, text in first_of.items() if not text.strip())
    left = {i: text for i, text in first_of.items() if i not in empty}
    themes = []
    for word in THEME_WORDS:
        members = tuple(i for i, text in left.items() if word in text.lower())
        if len(members) > 1:
            quotes = tuple(FakeQuote(i, left[i], "typical") for i in members[:2])
            quotes += tuple(FakeQuote(i, left[i], "dissenting") for i in members[2:3])
            words = (word, "vereda", "pronto", "todos")
            themes.append(FakeTheme(words, members, quotes, parts=_halves(members, left)))
            left = {i: text for i, text in left.items() if i not in members}
    duplicates = tuple(tuple(ids) for ids in seen.values() if len(ids) > 1)
    return FakeCondensed(tuple(themes), tuple(left), duplicates, empty)


def _halves(members: tuple[int, ...], texts: dict[int, str]) -> tuple[FakePart, ...]:
    """Cut a theme of six texts or more in two."""
    if len(members) < 6:
        return ()
    halves = members[: len(members) // 2], members[len(members) // 2 :]
    return tuple(
        FakePart((f"parte {number}", "mitad"), half, FakeQuote(half[0], texts[half[0]], "typical"))
        for number, half in enumerate(halves, 1)
    )


@pytest.fixture
def quick_grouping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Group by words instead of by learning."""
    monkeypatch.setattr(building, "_condensed", group_by_words)


async def say(
    town: Municipality,
    body: str,
    *,
    actor: Actor | None = None,
    stance: str | None = None,
    channel: str = "web",
    people_count: int = 1,
    place: str = "",
    office: str = "",
    voice: str = "",
    now: datetime = NOW,
) -> Contribution:
    """Say something in the town's forum; without an actor, on paper and without a name."""
    said = Said(
        body,
        stance=stance,
        channel=channel,
        people_count=people_count,
        place=place,
        office=office,
        voice=voice,
    )
    speaker = actor or Actor(entity_id=town.entity.id)
    return await publish(speaker, town.topic.thread_id, said, now=now)


async def say_all(
    town: Municipality, texts: Sequence[str], *, actor: Actor | None = None
) -> list[Contribution]:
    """Say several things."""
    return [await say(town, text, actor=actor) for text in texts]


async def drafted(town: Municipality, key: str | None = None) -> ResultReport:
    """Prepare and build a report of the town's process."""
    asked = await prepare_report(town.diego, town.process.id, NOW, key)
    return await build_report(town.entity.id, asked.id)


async def published(town: Municipality) -> ResultReport:
    """Prepare, build and publish a report of the town's process."""
    draft = await drafted(town)
    return await publish_report(town.diego, draft.id, NOW)
