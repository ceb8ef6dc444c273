"""Quotes: exact, whole sentences, several people, and nothing that leads to a person."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.insights.quotes import LONGEST, SHORT, Chosen, Source, choose_quotes, passages

WORDS = ("agua", "acueducto")


def sources(*bodies: str, people: str = "", stances: dict[int, str] | None = None) -> list[Source]:
    return [
        Source(body, people[i] if people else None, (stances or {}).get(i))
        for i, body in enumerate(bodies)
    ]


def chosen(texts: list[Source]) -> tuple[Chosen, ...]:
    points = np.eye(len(texts), dtype=np.float32)
    return choose_quotes(texts, points, WORDS)


def roles(quotes: tuple[Chosen, ...]) -> dict[str, str]:
    return {quote.role: quote.words for quote in quotes}


SIX = tuple(f"El agua del acueducto llega {how} a la vereda." for how in (
    "turbia", "sucia", "fría", "tarde", "poca", "bien"))  # fmt: skip


def test_five_roles_five_texts() -> None:
    """A typical one, two diverse, a dissenting one, a short one; none from the same text."""
    quotes = chosen(sources(*SIX, stances={0: "in_favour", 1: "in_favour", 5: "against"}))
    assert sorted(quote.role for quote in quotes) == [
        "dissenting", "diverse", "diverse", "short", "typical",
    ]  # fmt: skip
    assert len({quote.place for quote in quotes}) == 5
    assert quotes[0] == Chosen(0, SIX[0], "typical")
    assert roles(quotes)["dissenting"] == SIX[5]


def test_never_two_of_one_person() -> None:
    """Whoever was quoted is not quoted again, however central."""
    quotes = chosen(sources(*SIX, people="aaaabb"))
    assert len(quotes) == 2
    assert len({"aaaabb"[quote.place] for quote in quotes}) == 2


def test_the_same_words_once() -> None:
    """Two people who say it in the same words are one quote."""
    assert len(chosen(sources(SIX[0], SIX[0].upper(), SIX[1]))) == 2


def test_dissent_against_a_negative_majority() -> None:
    """Where most are against, the dissenting voice is in favour."""
    stances = {0: "against", 1: "against", 5: "in_favour"}
    assert roles(chosen(sources(*SIX, stances=stances)))["dissenting"] == SIX[5]


def test_dissent_by_words() -> None:
    """Without stances, words of objection tell; "against thefts" is no objection."""
    quiet = (*SIX[:4], "Una campaña en contra de los robos de agua ya.")
    assert "dissenting" not in roles(chosen(sources(*quiet)))
    loud = "Ya hay tanque de agua. No estoy de acuerdo con otro acueducto."
    assert "No estoy de acuerdo" in roles(chosen(sources(*quiet, loud)))["dissenting"]


def test_words_that_fit_any_theme_are_no_quote() -> None:
    """The part that speaks of the theme is quoted, not the greeting."""
    body = "Buenos días a todos.\nEl agua no llega a la vereda.\nMuchas gracias por su atención."
    assert chosen(sources(body))[0].words == "El agua no llega a la vereda."


@pytest.mark.parametrize(
    "secret",
    ["llame al 300 123 4567", "escriba a ana@ejemplo.co", "vea https://x.co", "es [email]"],
)
def test_no_way_to_a_person_is_quoted(secret: str) -> None:
    """Sentences with addresses or telephone numbers are left out; their neighbours stay."""
    (quote,) = chosen(sources(f"El agua llega turbia. Por el acueducto {secret}."))
    assert quote.words == "El agua llega turbia."


def test_amounts_may_be_quoted() -> None:
    """A sum of money is no telephone number."""
    body = "El acueducto cuesta 40.000.000 de pesos."
    assert chosen(sources(body))[0].words == body


def test_abbreviations_do_not_end_sentences() -> None:
    """A quote is not cut after "Av." or "Dra."."""
    body = "La Dra. Gómez vive en la Av. Quinta sin agua."
    assert list(passages(body, LONGEST)) == [body]
    assert list(passages(body, 40)) == []


def test_a_sentence_too_long_is_not_cut() -> None:
    """What cannot be cut at a sentence's end is not quoted at all."""
    assert chosen(sources("agua " * 80 + ".")) == ()


def test_a_huge_text_is_no_trouble() -> None:
    """Twenty thousand characters of tiny sentences are gone through, each once."""
    found = list(passages("El agua ya. " * 1700, LONGEST))
    assert all(len(passage) <= LONGEST for passage in found)
    assert len(found) == 1699


prose = st.text(alphabet="aeg u.!?\n\r\t…»\"'¿áñ,;:-1", max_size=600)


@given(st.lists(prose, max_size=8), st.sampled_from([LONGEST, SHORT]))
def test_quotes_are_exact(bodies: list[str], longest: int) -> None:
    """Whatever is quoted stands in its text, in one line, within the limit, ending as it ends."""
    for body in bodies:
        for passage in passages(body, longest):
            assert passage in body
            assert len(passage) <= longest
            assert len(passage.splitlines()) == 1
            assert passage == passage.strip()
            places = [i for i in range(len(body)) if body.startswith(passage, i)]
            after = [body[i + len(passage) :].lstrip(" \t") for i in places]
            assert passage[-1] in ".!?…»\"'" or any(rest[:1] in {"", "\r", "\n"} for rest in after)
    for quote in chosen(sources(*bodies)):
        assert quote.words in bodies[quote.place]
