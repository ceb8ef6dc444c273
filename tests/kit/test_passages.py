"""Passages of cleaned HTML are read and marked without changing a word or breaking a tag."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.kit.html import render_markdown
from participa.kit.passages import Mark, marked, place_of, signs_before, text_of

SOURCE = (
    "El agua es de **todos** & de nadie: [la ley](https://ejemplo.test/a?b=1&c=2) lo *dice*.\n\n"
    "- Uno & dos.\n- 3 < 4\n\n> Cita\n> de `dos` líneas\n\nFin"
)
HTML = str(render_markdown(SOURCE))
TEXT = text_of(HTML)
NOTE = '<a class="counted" href="#">1</a>'


class _Nesting(HTMLParser):
    """Fails where a tag closes another than the one opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.marks: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        assert not (tag == "a" and "a" in self.open)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "mark" in self.open:
            assert self.open[-1] not in {"ul", "ol", "blockquote"}
            self.marks.append(data)


def _nested(html: str) -> _Nesting:
    parser = _Nesting()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def test_the_text_is_what_is_read() -> None:
    """Entities are signs, and each paragraph and item a line of its own."""
    lines = [line for line in TEXT.split("\n") if line]
    assert lines == [
        "El agua es de todos & de nadie: la ley lo dice.",
        "Uno & dos.",
        "3 < 4",
        "Cita",
        "de dos líneas",
        "Fin",
    ]


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_marks_change_nothing_else(ends: list[int]) -> None:
    """Wherever passages begin and end, the marked words are theirs and the rest is as before."""
    edges = sorted(set(ends))
    pairs = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if TEXT[a:b].strip()]
    trimmed = [(b - len(TEXT[a:b].lstrip()), a + len(TEXT[a:b].rstrip())) for a, b in pairs]
    html = marked(HTML, [Mark(a, b, NOTE) for a, b in trimmed])
    assert html.count(NOTE) == len(trimmed)
    _nested(html)
    without = html.replace(NOTE, "")
    assert re.sub("</?mark>", "", without) == HTML
    read = "".join(_nested(without).marks)
    wanted = "".join(TEXT[a:b] for a, b in trimmed)
    assert "".join(read.split()) == "".join(wanted.split())


def test_a_count_follows_its_passage() -> None:
    """It stands right behind the last word, but behind the link where that is in one."""
    start = TEXT.index("de nadie")
    html = marked(HTML, [Mark(start, start + 8, NOTE, is_current=True)])
    assert f'<mark class="now">de nadie</mark>{NOTE}: ' in html
    start = TEXT.index("la ley")
    html = marked(HTML, [Mark(start, start + 6, NOTE)])
    assert f"<mark>la ley</mark></a>{NOTE} lo" in html


@pytest.mark.parametrize("place", range(0, len(TEXT), 7))
def test_signs_lead_back_to_the_place(place: int) -> None:
    """The count of signs before a place leads to the next sign, however spaces are written."""
    signs = signs_before(TEXT, place)
    found = place_of(TEXT, signs)
    assert signs_before(TEXT, found) == signs
    assert found == len(TEXT) or not TEXT[found].isspace()
    squeezed = "".join(TEXT.split())
    assert squeezed[signs : signs + 1] == TEXT[found : found + 1]
