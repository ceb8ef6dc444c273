"""Texts with themes planted in them, and texts of words thrown together."""

import numpy as np

THEMES = {
    "vías": "vía vereda hueco pavimento puente trocha derrumbe placa huella volqueta recebo",
    "agua": "acueducto agua tubería quebrada tanque bocatoma filtro turbia sequía medidor fuga",
    "salud": "hospital médico cita ambulancia urgencias vacuna enfermera puesto droga partera",
    "escuela": "escuela maestro pupitre restaurante escolar aula transporte niños profesora techo",
    "campo": "cacao café cosecha abono finca semilla plaga técnico crédito mercado vivero",
}
_COMMON = ("necesitamos", "pedimos", "alcalde", "municipio", "plan", "gente", "falta", "ayuda")


def planted(size: int, seed: int = 1, words: int = 9) -> tuple[list[str], list[str]]:
    """Give texts, each about one theme in words of its own, and the theme of each."""
    random = np.random.RandomState(seed)
    texts, themes = [], []
    for _text in range(size):
        theme = str(random.choice(list(THEMES)))
        own = random.choice(THEMES[theme].split(), words - 3)
        told = random.permutation([*own, *random.choice(_COMMON, 3)])
        texts.append(" ".join(told).capitalize() + ".")
        themes.append(theme)
    return texts, themes


def shuffled(size: int, seed: int = 1) -> list[str]:
    """Give the same words dealt out at random: nothing belongs together."""
    texts, _themes = planted(size, seed)
    words = [word for text in texts for word in text.rstrip(".").lower().split()]
    dealt = np.random.RandomState(seed).permutation(words).tolist()
    return [" ".join(dealt[at : at + 9]) + "." for at in range(0, len(dealt) - 8, 9)]
