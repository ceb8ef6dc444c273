"""Labels: the words that tell a theme, as citizens wrote them."""

from participa.insights.labels import theme_words
from participa.insights.space import read_corpus
from participa.insights.words import read_words


def words_of(*themes: list[str]) -> list[tuple[str, ...]]:
    bodies = [body for theme in themes for body in theme]
    table = read_words(bodies)
    groups, start = [], 0
    for theme in themes:
        groups.append(range(start, start + len(theme)))
        start += len(theme)
    return theme_words(table, read_corpus(table).counts, groups)


WATER = [f"El acueducto de la vereda no da agua potable {w}" for w in ("hoy", "nunca", "bien")]
ROADS = [f"Los huecos de la vía dañan motos en la vereda {w}" for w in ("hoy", "nunca", "bien")]


def test_words_tell_themes_apart() -> None:
    """A word of one theme stands for it; a word of both stands for neither."""
    water, roads = words_of(WATER, ROADS)
    assert set(water) == {"acueducto", "agua", "potable"}
    assert {"huecos", "vía", "motos"} <= set(roads)


def test_words_are_shown_as_written() -> None:
    """The commonest inflection, with its accent even when most forget it; never a stem."""
    roads = ["Las vías mal", "vias dañadas", "más vías", "vias rotas", "mis vias", "La vía"]
    (_water, shown) = words_of(WATER, roads)
    assert shown[0] == "vías"


def test_one_word_of_a_family() -> None:
    """Words with one root do not fill the places of others."""
    texts = ["presupuesto presupuestal participativo comuna"] * 4
    (_water, shown) = words_of(WATER, texts)
    assert len([word for word in shown if word.startswith("presup")]) == 1


def test_a_rare_word_gives_way() -> None:
    """What a single text says, a name perhaps, never stands for a theme."""
    texts = ["Rodríguez pide cancha y luces", "cancha con luces", "luces para la cancha"]
    (_water, shown) = words_of(WATER, texts)
    assert "rodríguez" not in shown
    assert {"cancha", "luces"} <= set(shown)


def test_never_more_than_eight() -> None:
    """Eight words at most, however rich the theme."""
    texts = ["uno1 dos2 tres3 cuatro4 cinco5 seis6 siete7 ocho8 nueve9 diez10 once11"] * 4
    (_water, shown) = words_of(WATER, texts)
    assert len(shown) == 8


def test_no_themes() -> None:
    """Nothing to name, nothing named."""
    assert words_of() == []
