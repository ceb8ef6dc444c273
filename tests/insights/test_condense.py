"""Condensing: nobody is dropped, the same texts give the same result, honest when there is none."""

import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participa.insights.condense import ENGINE, Condensed, Text, condense, digest_of
from participa.settings import PACKAGE
from tests.insights.conftest import THEMES, shuffled, themed

COPIED = "Firmamos todos: primero el agua de la vereda, después el adorno de la plaza principal."


def placed(result: Condensed) -> list[int]:
    members = [text_id for theme in result.themes for text_id in theme.members]
    return sorted([*members, *result.heard_once, *result.empty])


def check(texts: list[Text], result: Condensed) -> None:
    """Whatever came out, these hold."""
    by_id = {text.id: text for text in texts}
    assert placed(result) == sorted(by_id)
    sizes = [len(theme.members) for theme in result.themes]
    assert sizes == sorted(sizes, reverse=True)
    for theme in result.themes:
        assert 0 <= theme.stability <= 1
        assert len(theme.words) <= 8
        assert len(theme.quotes) <= 5
        people = [by_id[q.text_id].person for q in theme.quotes]
        known = [person for person in people if person is not None]
        assert len(set(known)) == len(known)
        assert len({q.text_id for q in theme.quotes}) == len(theme.quotes)
        for quote in theme.quotes:
            assert quote.text_id in theme.members
            assert quote.words in by_id[quote.text_id].body
            assert len(quote.words) <= 280
            assert "\n" not in quote.words
    where = {i: n for n, theme in enumerate(result.themes) for i in theme.members}
    copies = [i for group in result.duplicates for i in group]
    assert len(set(copies)) == len(copies)
    for group in result.duplicates:
        assert len(group) > 1
        assert len({where.get(i) for i in group}) == 1
        assert not set(group) & set(result.empty)


vocabulary = [word for words in THEMES.values() for word in words.split()][:30]
bodies = st.one_of(
    st.lists(st.sampled_from(vocabulary), max_size=9).map(" ".join),
    st.text(max_size=80),
    st.just(COPIED),
)
corpora = st.lists(
    st.builds(
        Text,
        id=st.integers(0, 10**9),
        body=bodies,
        person=st.one_of(st.none(), st.sampled_from("abcdefgh")),
        stance=st.sampled_from([None, "in_favour", "against", "neutral"]),
        weight=st.integers(1, 40),
    ),
    max_size=40,
    unique_by=lambda text: text.id,
)


@settings(max_examples=40, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_nobody_is_dropped_and_order_does_not_matter(
    texts: list[Text], dice: random.Random
) -> None:
    """Every id is in exactly one place; shuffled input gives an equal result."""
    result = condense(texts)
    check(texts, result)
    mixed = list(texts)
    dice.shuffle(mixed)
    assert condense(mixed) == result


@pytest.fixture(scope="module")
def municipality() -> tuple[list[Text], Condensed]:
    """Five themes by two hundred people, copies, strays and an empty text."""
    texts = themed(40)
    texts += [Text(1000 + i, COPIED, f"p{i}") for i in range(6)]
    texts += [Text(2000, "👍 … https://ejemplo.co #ya", "x"), Text(2001, "Serenata navideña", "y")]
    return texts, condense(texts)


def test_a_whole_corpus(municipality: tuple[list[Text], Condensed]) -> None:
    """Themes with words and quotes, copies in one group, what is empty said to be empty."""
    texts, result = municipality
    check(texts, result)
    assert len(result.themes) == len(THEMES)
    assert result.empty == (2000,)
    assert 2001 in result.heard_once
    assert tuple(range(1000, 1006)) in result.duplicates
    for theme in result.themes:
        main, times = Counter(i % len(THEMES) for i in theme.members if i < 1000).most_common(1)[0]
        own = list(THEMES.values())[main].split()
        assert times > 0.9 * len([i for i in theme.members if i < 1000])
        assert 5 <= len(theme.words) <= 8
        assert sum(word in own for word in theme.words) >= 5
        assert 3 <= len(theme.quotes) <= 5
        assert theme.stability >= 0.7
    assert (result.engine, result.seed, len(result.digest)) == (ENGINE, 2026, 64)


def test_another_process_gives_the_same_bytes(
    municipality: tuple[list[Text], Condensed],
) -> None:
    """The result is the same in a process with other hashing, to the byte."""
    code = (
        "import sys; from tests.insights.test_condense import themed, COPIED, Text, condense\n"
        "texts = themed(40) + [Text(1000 + i, COPIED, f'p{i}') for i in range(6)]\n"
        "texts += [Text(2000, '👍 … https://ejemplo.co #ya', 'x')]\n"
        "texts += [Text(2001, 'Serenata navideña', 'y')]\n"
        "sys.stdout.buffer.write(repr(condense(texts[::-1])).encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, check=True
    )
    assert done.stdout.decode() == repr(municipality[1])


def nested_texts(broad: int, fine: int, each: int) -> tuple[list[Text], list[tuple[int, int]]]:
    """Give texts on broad subjects of several finer ones, in made-up words, and both subjects."""
    chance = random.Random(7)  # noqa: S311 - nothing secret

    def words() -> list[str]:
        return ["".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou")
                        for _syllable in range(4)) for _word in range(8)]  # fmt: skip

    texts: list[Text] = []
    subjects: list[tuple[int, int]] = []
    shared = [words() for _subject in range(broad)]
    for subject in [(above, below) for above in range(broad) for below in range(fine)]:
        own = words()
        for _text in range(each):
            said = [*chance.sample(shared[subject[0]], 6), *chance.sample(own, 4)]
            texts.append(Text(len(texts), " ".join(said).capitalize() + ".", f"p{len(texts)}"))
            subjects.append(subject)
    return texts, subjects


def test_parts_of_a_theme_that_are_found_again() -> None:
    """What is finer than the themes and found again is a part of one, with words and a quote."""
    texts, subjects = nested_texts(5, 3, 30)
    result = condense(texts)
    check(texts, result)
    divided = [theme for theme in result.themes if theme.parts]
    assert divided
    for theme in divided:
        assert len(theme.parts) >= 2
        inside = [text_id for part in theme.parts for text_id in part.members]
        assert len(set(inside)) == len(inside)
        assert set(inside) <= set(theme.members)
        assert len({subjects[text_id][0] for text_id in inside}) == 1
        for part in theme.parts:
            assert len({subjects[text_id] for text_id in part.members}) == 1
            assert part.quote.text_id in part.members
            assert part.quote.words in texts[part.quote.text_id].body
            assert part.words
            assert part.stability >= 0.5


def test_few_texts() -> None:
    """Under a dozen texts are heard one by one; none at all is no failure."""
    texts = themed(2)
    result = condense(texts)
    assert (result.themes, result.heard_once) == ((), tuple(range(10)))
    assert condense([]).heard_once == ()


def test_words_thrown_together() -> None:
    """A corpus without structure has no themes, and says so."""
    texts = shuffled(themed(40))
    result = condense(texts)
    assert result.themes == ()
    assert len(result.heard_once) == 200


def test_one_person_is_no_theme() -> None:
    """What fewer than three people said is not shown as a theme, however much they wrote."""
    texts = [replace(t, person="one") if t.id % 5 == 0 else t for t in themed(20)]
    result = condense(texts)
    check(texts, result)
    assert len(result.themes) == len(THEMES) - 1
    assert {t.id for t in texts if t.person == "one"} <= set(result.heard_once)


def test_a_mesa_is_as_many_people_as_were_there() -> None:
    """Texts of one mesa de trabajo may be a theme: thirty people were there."""
    texts = [replace(t, person="mesa", weight=30) if t.id % 5 == 0 else t for t in themed(20)]
    assert len(condense(texts).themes) == len(THEMES)


def test_a_flood_does_not_make_a_theme() -> None:
    """A thousand copies stand where their first stands, and leave the other themes as they are."""
    texts = themed(20)
    flood = [Text(10_000 + i, f"{COPIED} {i % 7 * '!'}", "bot") for i in range(1000)]
    result = condense([*texts, *flood])
    check([*texts, *flood], result)
    (group,) = [g for g in result.duplicates if len(g) > 2]
    assert group == tuple(range(10_000, 11_000))
    assert len(result.themes) in {len(THEMES), len(THEMES) - 1}


def test_two_languages() -> None:
    """A text in the other language counts with those that speak of the same, or among its own."""
    catalan = {
        0: "hospital salut metge ambulàncies urgències medicaments pacients infermera visita",
        1: "escola professors biblioteca alumnes lectura aules menjador uniformes classe",
    }
    spanish = {
        0: "hospital salud médico ambulancias urgencias medicamentos pacientes visita",
        1: "escuela profesores biblioteca alumnos lectura aulas comedor uniformes clase",
    }
    dice = random.Random(4)  # noqa: S311
    texts = []
    for number in range(120):
        said, small = (
            (spanish, "para los vecinos con más") if number % 10 < 2
            else (catalan, "per als veïns amb més")
        )  # fmt: skip
        words = dice.sample(said[number % 2].split(), 6)
        texts.append(Text(number, " ".join([*words, small]), None))
    result = condense(texts)
    check(texts, result)
    assert len(result.heard_once) < 12
    for theme in result.themes:
        subjects = Counter(text_id % 2 for text_id in theme.members)
        assert subjects.most_common(1)[0][1] >= 0.9 * len(theme.members)


def test_progress_only_grows() -> None:
    """Progress starts at nothing, never goes back and ends at all."""
    shares: list[float] = []
    condense(themed(12), progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(shares) > 10


def test_the_same_id_twice_is_refused() -> None:
    """Two texts with one id would be counted as one."""
    with pytest.raises(ValueError, match="same id"):
        condense([Text(1, "a", None), Text(1, "b", None)])


def test_the_digest_names_the_input() -> None:
    """Order does not change it; any field and the language do."""
    one, two = Text(1, "agua", "a"), Text(2, "vía", None)
    digest = digest_of([one, two], "es")
    assert digest_of([two, one], "es") == digest
    changes = [
        replace(one, body="água"), replace(one, person=None), replace(one, stance="against"),
        replace(one, weight=2), replace(one, id=3),
    ]  # fmt: skip
    others = {digest_of([changed, two], "es") for changed in changes} | {
        digest_of([one, two], "ca")
    }
    assert len(others - {digest}) == 6


def test_huge_and_odd_texts() -> None:
    """Twenty thousand characters, lone surrogates and zero bytes are texts like others."""
    odd = [
        Text(5000, "agua " * 4000, None),
        Text(5001, "\ud800 agua", None),
        Text(5002, "\x00 vía \u202e hueco", None),
        Text(5003, "x" * 20_000, None),
    ]
    texts = [*themed(12), *odd]
    check(texts, condense(texts))
