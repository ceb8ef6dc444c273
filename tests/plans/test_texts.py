"""Sections as safe HTML, whatever their length."""

import pytest

from participa.kit.html import MAX_LENGTH, plain_text
from participa.plans.texts import SectionRefused, section_html


@pytest.mark.parametrize("joiner", ["\n\n", "\n", " "])
def test_a_section_longer_than_a_contribution_loses_no_word(joiner: str) -> None:
    """A plan's section may be longer than what a citizen may write."""
    words = [f"palabra{n}" for n in range(9_000)]
    body = joiner.join(words)
    assert len(body) > 4 * MAX_LENGTH
    assert plain_text(section_html(body)).split() == words


def test_markdown_is_rendered_and_html_is_not_believed() -> None:
    """A plan goes through the same sanitiser as everybody's words."""
    html = section_html("**Agua** <script>alert(1)</script>\n\n- uno\n- dos")
    assert "<strong>Agua</strong>" in html
    assert "<li>uno</li>" in html
    assert "<script" not in html


def test_nothing_is_nothing() -> None:
    """A heading without text has no empty paragraph."""
    assert section_html("") == section_html("\n\n  \n\n") == ""


def test_many_marked_paragraphs_are_rendered_one_by_one() -> None:
    """Too many marks for one piece are not too many for a section."""
    paragraph = "*a* " * 600
    assert section_html("\n\n".join([paragraph.strip()] * 3)).count("<em>") == 1_800


def test_what_no_person_writes_is_refused() -> None:
    """A quote inside a quote a hundred times is refused, not a broken page."""
    with pytest.raises(SectionRefused):
        section_html(">" * 100 + " hola")
