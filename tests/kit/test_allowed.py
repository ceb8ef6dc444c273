"""What is proved to need no cleaning is what cleaning would have given, to the byte."""

from hypothesis import given, settings
from hypothesis import strategies as st

from participa.kit import html
from participa.kit.allowed import proved
from participa.kit.names import without_controls

WORDS = st.text(
    st.sampled_from("abcñéAZ 019.,;:¿?¡!\"'()/-–«»*_`~#>+[]<&=%@\\\n😀"), min_size=1, max_size=30
)
PIECES = st.one_of(
    WORDS,
    WORDS.map(lambda w: f"**{w}**"),
    WORDS.map(lambda w: f"*{w}*"),
    WORDS.map(lambda w: f"`{w}`"),
    WORDS.map(lambda w: f"\n\n- {w}\n- {w}\n\n"),
    WORDS.map(lambda w: f"\n\n1. {w}\n   - {w}\n\n"),
    WORDS.map(lambda w: f"\n\n> {w}\n>> {w}\n\n"),
    WORDS.map(lambda w: f"\n\n## {w}\n\n"),
    WORDS.map(lambda w: f"\n\n```\n{w}\n```\n\n"),
    WORDS.map(lambda w: f"[{w}](https://example.gov.co/a?b=1#c)"),
    st.sampled_from([
        " https://example.gov.co/ruta/x_(y) ", " http://example.gov.co ",
        "[x](javascript:alert(1))",
        "![foto](https://example.gov.co/f.png)", "[x](https://a.b/%22%3E)",
        "https://ñandú.co/á",
        "mailto:ana@example.gov.co", "<b>no</b>", "&amp;",
        "[a [b](http://c.d)](http://e.f)",
    ]),
)  # fmt: skip


def _markup(source: str) -> str:
    tokens = html._tools.markdown.parse(source)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3" if token.tag == "h1" else "h4"
    made: str = html._tools.markdown.renderer.render(tokens, html._tools.markdown.options, {})
    return without_controls(made)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join))
def test_what_is_proved_is_what_cleaning_gives(source: str) -> None:
    """Any Markdown: proved means the same bytes as the sanitiser's."""
    markup = _markup(source)
    quick = proved(markup, html.LINK_RELATION)
    assert quick is None or quick == html._sanitised(markup)


def test_ordinary_texts_are_proved() -> None:
    """Bold, lists, quotes, headings and links need no cleaning, so that is the usual case."""
    source = "## Vías\n\n**Pido** *esto*:\n\n- uno\n- dos\n\n> cita\n\nhttps://example.gov.co/x"
    quick = proved(_markup(source), html.LINK_RELATION)
    assert quick is not None
    assert 'rel="nofollow ugc noopener"' in quick


def test_many_links_are_left_to_the_sanitiser() -> None:
    """What a text may grow to by its links is counted there."""
    markup = '<p><a href="http://a.b">a</a></p>' * 60
    assert proved(markup, html.LINK_RELATION) is None


def test_nothing_else_is_proved() -> None:
    """Unknown tags, attributes, schemes, bad nesting and stray signs are left to the sanitiser."""
    for markup in (
        "<script>x</script>", '<p onclick="x">a</p>', '<a href="javascript:x">a</a>', "<p>a",
        "<p><p>a</p></p>", "a < b", "a & b", "<li>a</li>", "</p>", '<a href="http://a.b" x>a</a>',
        "<p><ul><li>a</li></ul></p>", "<strong><p>a</p></strong>", "<p>a</p>>", "<P>a</P>",
        '<a href="//a.b">a</a>', '<p><a href="http://a.b"><a href="http://c.d">a</a></a></p>',
    ):  # fmt: skip
        assert proved(markup, html.LINK_RELATION) is None, markup
