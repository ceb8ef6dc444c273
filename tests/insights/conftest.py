"""Invented corpora for the grouping: sentences of a few themes, and words thrown together."""

import random
from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits

from participa.insights.condense import Text

THEMES = {
    "water": """acueducto agua tubería turbia vereda planta tanque potable fuga grifo presión
        recibo carrotanque nacimiento bocatoma""",
    "road": """vía hueco bus pavimento moto placa huella cuneta puente barro tráfico semáforo
        andén reductor transporte""",
    "health": """médico hospital salud puesto enfermera medicamento ambulancia cita urgencias
        vacuna paciente consultorio odontólogo farmacia remisión""",
    "park": """parque cancha jóvenes deporte luces torneo bancas árboles juegos columpio recreación
        fútbol gradería pista skate""",
    "school": """escuela profesor niños aula comedor pupitre matrícula biblioteca computador
        rector colegio lectura tarea uniforme alumno""",
}
_FILLERS = (
    "pedimos",
    "necesitamos",
    "urgente",
    "sector",
    "comunidad",
    "municipio",
    "alcalde",
    "falta",
)


def speak(theme: str, dice: random.Random) -> str:
    """Make a sentence of a theme out of its words and some that fit anywhere."""
    words = dice.sample(THEMES[theme].split(), 5) + dice.sample(_FILLERS, 3)
    dice.shuffle(words)
    sentence = " ".join(words)
    return sentence[0].upper() + sentence[1:] + "."


def themed(each: int, seed: int = 1) -> list[Text]:
    """Make a corpus of all themes, each text by another person; the id tells the theme."""
    dice = random.Random(seed)  # noqa: S311
    names = list(THEMES)
    return [
        Text(id=number, body=speak(names[number % len(names)], dice), person=f"p{number}")
        for number in range(each * len(names))
    ]


def shuffled(texts: list[Text], seed: int = 1) -> list[Text]:
    """Throw the words of all texts together: same lengths and words, no themes."""
    dice = random.Random(seed)  # noqa: S311
    words = [word for text in texts for word in text.body.rstrip(".").split()]
    dice.shuffle(words)
    result = []
    for text in texts:
        size = len(text.body.split())
        result.append(Text(text.id, " ".join(words[:size]) + ".", text.person))
        words = words[size:]
    return result


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Compute as condensing does: a second thread on a busy machine takes ten times as long."""
    with threadpool_limits(1):
        yield
