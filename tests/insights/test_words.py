"""Words: what is split, folded, left out and stemmed."""

import pytest

from participa.insights.words import STOP_WORDS, fold, read_words, split_words, without_noise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("La VÍA está dañada.", ["la", "vía", "está", "dañada"]),
        ("L'aigua del col·legi", ["l", "aigua", "del", "col·legi"]),
        ("vi\u0301a", ["vía"]),
        ("Calle 45-12, a las 3pm", ["calle", "45", "12", "a", "las", "3pm"]),
        ("una_dos", ["una", "dos"]),
        ("¿¡…!? 👍", []),
        ("", []),
    ],
)
def test_splitting(text: str, words: list[str]) -> None:
    """Words come in lower case with their accents; signs and pictures are no words."""
    assert split_words(text) == words


@pytest.mark.parametrize(
    "noise",
    [
        "https://ejemplo.co/a?b=1#c",
        "www.ejemplo.co",
        "ana@ejemplo.co",
        "#AguaYa",
        "@alcaldia",
        "[email]",
        "&nbsp;",
    ],
)
def test_noise_is_no_word(noise: str) -> None:
    """Addresses, hashtags, mentions and masked data are taken off, and nothing beside them."""
    assert without_noise(f"antes {noise} después").split() == ["antes", "después"]


def test_folding() -> None:
    """Accents and the middle dot go, letters stay."""
    assert [fold(word) for word in ("vía", "año", "col·legi", "què")] == [
        "via", "ano", "collegi", "que",
    ]  # fmt: skip


def test_inflections_share_a_stem() -> None:
    """Number, gender and accents do not keep words apart."""
    table = read_words(["bicicleta bicicletas", "Peatón peatones peaton"])
    first, second = ({*table.stems_of(text).tolist()} for text in range(2))
    assert (len(first), len(second)) == (1, 1)
    assert first != second


def test_stop_words_and_numbers_have_no_stem() -> None:
    """Small words, single letters and bare numbers tell nothing of a theme."""
    table = read_words(
        ["No estoy de acuerdo con lo de la 45 y el 2026 a b", "than the", "perquè els"]
    )
    assert [[table.stems[s] for s in table.stems_of(t)] for t in range(3)] == [["acuerd"], [], []]


def test_stop_words_are_folded() -> None:
    """The lists are written without accents, or they would never be found."""
    assert {fold(word) for word in STOP_WORDS} == STOP_WORDS


def test_the_texts_tell_their_language() -> None:
    """Catalan texts are stemmed as Catalan in a Spanish installation; a few are not enough."""
    catalan = "Caldria que amb aquesta proposta els veïns puguin tenir més arbres als seus carrers."
    spanish = "Queremos que los vecinos puedan tener más árboles en sus calles."
    assert read_words([catalan] * 9 + [spanish], "es").language == "ca"
    assert read_words([spanish] * 9 + [catalan], "es").language == "es"
    assert read_words([catalan], "es").language == "es"
    assert read_words([spanish] * 9, "xx").language == "es"


def test_nothing_to_read() -> None:
    """No text and empty texts make an empty table."""
    assert read_words([]).forms == ()
    assert len(read_words(["", "…"]).texts) == 2
