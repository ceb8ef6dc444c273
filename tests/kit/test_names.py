"""Names are kept in one spelling, hide nothing, and can be compared with officials' names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.kit.names import (
    NameRefused,
    confusable_key,
    normalise_name,
    slugify,
    without_controls,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana  María ", "Ana María"),
        ("Jose\u0301", "José"),
        ("Ana\u00a0Ruiz", "Ana Ruiz"),
        ("Ñ. O'Higgins-Peña 3", "Ñ. O'Higgins-Peña 3"),
        ("李明", "李明"),
        ("a" * 60, "a" * 60),
        ("e\u0301" * 60, "é" * 60),
    ],
)
def test_t06_a_name_has_one_spelling(typed: str, kept: str) -> None:
    """Composed letters and single spaces, whatever keyboard the name came from."""
    assert normalise_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        (" \u3000 ", "empty"),
        ("a" * 61, "too_long"),
        ("Ana\nBcc: x", "invisible"),
        ("Ana\r\n", "invisible"),
        ("Ana\u2028", "invisible"),
        ("Ana\t", "invisible"),
        ("Ana\x00", "invisible"),
        ("Ana\x85", "invisible"),
        ("\u202eanA", "invisible"),
        ("A\u2066na", "invisible"),
        ("A\u200bna", "invisible"),
        ("A\u200dna", "invisible"),
        ("A\ufeffna", "invisible"),
        ("A\u00adna", "invisible"),
        ("A\u3164na", "invisible"),
        ("A\u2800na", "invisible"),
        ("A\ufe0fna", "invisible"),
        ("A\U000e0041na", "invisible"),
        ("A\ue000na", "invisible"),
        ("A\ud800na", "invisible"),
        ("...", "unreadable"),
        ("Z" + "\u0335" * 4, "unreadable"),
    ],
)
def test_t06_t08_deceiving_names_are_refused(typed: str, fault: str) -> None:
    """Line ends, controls, overrides, invisible letters and heaps of accents are no name."""
    with pytest.raises(NameRefused) as caught:
        normalise_name(typed)
    assert caught.value.fault == fault


@given(st.text(max_size=80))
def test_t06_a_kept_name_is_kept_as_it_is(typed: str) -> None:
    """Whatever is accepted is accepted again unchanged, composed, and of one line."""
    try:
        kept = normalise_name(typed)
    except NameRefused:
        return
    assert normalise_name(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert len(kept.splitlines()) == 1


@pytest.mark.parametrize(
    "lookalike",
    [
        "alcaldía de tenjo",
        "ALCALDIA  DE  TENJO",
        "Alca1dia de Tenj0",
        "AIcaldía de Tenjo",
        "Αlcaldía de Tenjo",
        "Аlсаldíа dе Теnjо",
        "Ａｌｃａｌｄｉａ de Tenjo",
        "Alcaldía.de.Tenjo",
        "𝐀lcaldía de Tenjo",
        "Alcaldı́a de Tenjo",
        "@lcaldía d3 Tenjo",
        "Alcaldía d\u0435 Te\u0578jo",
        "Alca|día de Tenjo",
    ],
)
def test_t06_lookalikes_share_a_key(lookalike: str) -> None:
    """A name that a reader would take for the official's is found by its key."""
    assert confusable_key(lookalike) == confusable_key("Alcaldía de Tenjo")


@pytest.mark.parametrize(
    ("one", "other"), [("Corney", "Comey"), ("vvilson", "wilson"), ("cl", "d")]
)
def test_t06_pairs_that_look_like_one_letter(one: str, other: str) -> None:
    """Two narrow letters that look like a wide one are no disguise."""
    assert confusable_key(one) == confusable_key(other)


@pytest.mark.parametrize("other", ["Ana Ruiz", "Alcaldesa de Tenjo", "Alcaldía de Tocancipá", ""])
def test_t06_different_names_have_different_keys(other: str) -> None:
    """The key does not make everybody look like the mayor."""
    assert confusable_key(other) != confusable_key("Alcaldía de Tenjo")


def test_controls_leave_a_text() -> None:
    """Line ends become one kind; what cannot be seen and deceives goes; emoji stay whole."""
    assert (
        without_controls("a\r\nb\rc\x00\u202ed\u2028e\tf👩\u200d🌾") == "a\nb\ncd\ne\tf👩\u200d🌾"
    )


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Plan de Desarrollo 2024-2027", "plan-de-desarrollo-2024-2027"),
        ("¿Qué pasa con la Niñez?", "que-pasa-con-la-ninez"),
        ("  --x--  ", "x"),
        ("Æsir straße", "sir-strasse"),
        ("李明", ""),
        ("../../etc/passwd\n", "etc-passwd"),
    ],
)
def test_slugs_can_stand_in_an_address(text: str, slug: str) -> None:
    """Only a-z, digits and single hyphens remain."""
    assert slugify(text) == slug


def test_long_slugs_end_at_a_word() -> None:
    """A slug is cut between words, or inside one where there is no other way."""
    assert slugify("uno dos tres", max_length=8) == "uno-dos"
    assert slugify("uno dos tres", max_length=7) == "uno-dos"
    assert slugify("unodostres", max_length=4) == "unod"
