"""Citizens' text becomes HTML that cannot run, cannot deceive and cannot stall the server."""

import contextlib
import itertools
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from bleach._vendor import html5lib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from participa.kit.html import (
    ALLOWED_TAGS,
    LINK_RELATION,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_MARKS,
    SafeHtml,
    TextTooDeep,
    TextTooLong,
    _markdown_to_html,
    _plain_to_html,
    clean_html,
    plain_text,
    render_markdown,
)

XHTML = "{http://www.w3.org/1999/xhtml}"
ADDRESS = "https://a.example/?b=1&amp;c=2"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"

HANDLERS = (
    *("onclick", "onerror", "onload", "onfocus", "onmouseover", "ontoggle", "onbegin", "onstart"),
    *("onanimationend", "onpointerenter", "oncut", "onbeforetoggle", "ONERROR", "oNlOaD"),
)
TAGS = (
    *("img", "svg", "body", "iframe", "object", "embed", "video", "audio", "math", "details"),
    *("input", "form", "button", "marquee", "style", "link", "meta", "base", "template", "p"),
    *("select", "table", "td", "isindex", "a", "strong", "custom-tag", "svg:script", "noscript"),
)
SCHEMES = (
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "  javascript:alert(1)",
        "java\tscript:alert(1)",
    ),
    *("java\nscript:alert(1)", "java\0script:alert(1)", "\x01javascript:alert(1)"),
    *("&#106;avascript:alert(1)", "&#x6A&#x61vascript:alert(1)", "&#0000106avascript:alert(1)"),
    *("javascript&colon;alert(1)", "java&Tab;script:alert(1)", "java&NewLine;script:alert(1)"),
    *("vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>", "livescript:x"),
    *("data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "feed:javascript:alert(1)"),
    *(
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "http:evil.example",
        "/local",
        "#top",
    ),
    *("file:///etc/passwd", "ftp://evil.example", "blob:https://evil.example/1", "about:blank"),
    *("view-source:http://evil.example", "jav\u202eascript:alert(1)", "ｊavascript:alert(1)"),
    *("%6Aavascript:alert(1)", "javascript://%0aalert(1)", "mhtml:http://evil.example", "tel:123"),
    *("https:/evil.example", "http://", "mailto:", "java\u00adscript:alert(1)", "x:y", "?q=1"),
)
ODDITIES = (
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script/x>alert(1)</script >",
    "<<script>alert(1);//<</script>",
    "<script>/*</script><svg onload=alert(1)>*/",
    "<style><img src=x onerror=alert(1)></style>",
    "<style>@import 'http://evil.example/x.css';</style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<svg><p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=x&gt;'>",
    "<form><math><mtext></form><form><mglyph><svg><style><path id='</style><img onerror=x>'>",
    "<svg><![CDATA[<img src=x onerror=alert(1)>]]></svg>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<?xml version='1.0'?><?php echo 1 ?><x:script xmlns:x='x'>alert(1)</x:script>",
    "<a href='https://ok.example' href='javascript:alert(1)'>x</a>",
    "<a href=javascript:alert(1) href=https://ok.example>x</a>",
    "<a href='https://ok.example' style='background:url(javascript:alert(1))' target=_blank>x</a>",
    "<a title='<a href=javascript:alert(1)>' href=\"https://ok.example\">x</a>",
    "<a href=\"https://ok.example/' onmouseover='alert(1)\">x</a>",
    "<a href='https://ok.example/\" onmouseover=\"alert(1)'>x</a>",
    "<a href=`javascript:alert(1)`>x</a>",
    "<a\x0bhref='javascript:alert(1)'>x</a>",
    "<a/href='javascript:alert(1)'>x</a>",
    "<a\u3000href='javascript:alert(1)'>x</a>",
    "<img src=x:alert(alt) alt='<script>alert(1)</script>'>",
    "<img alt='&lt;img src=x onerror=alert(1)&gt;'>",
    "<p id=x class=y style=color:red data-z=1 dir=rtl lang=ar>x</p>",
    "<p/onclick=alert(1)>x</p>",
    "<p\nonclick\n=\nalert(1)\n>x</p>",
    '<p title="x"onclick=alert(1)>x</p>',
    "<br onload=alert(1)>",
    "<code onpaste=alert(1)>x</code>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    "<table><tbody><tr><td><a href=javascript:alert(1)>x</a></table>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'><a href='/x'>y</a>",
    "<link rel=stylesheet href=//evil.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "&#60;img src=x onerror=alert(1)&#62;",
    "&#x3c<x>script>alert(1)",
    "&l<x>t;script>alert(1)",
    "<img src=x onerror=alert(1)",
    "<a href='javascript:alert(1)",
    "</p onclick=alert(1)>x",
    "<p>&#x202e;txt.exe</p>",
    "&#x20<x>2e;txt.exe",
    "[x](javascript:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x]( <javascript:alert(1)> )",
    '[x](data:text/html,1 "t")',
    "[x](https://ok.example \"' onclick='alert(1)\")",
    '[x](https://ok.example/"onclick="alert(1))',
    "[<img src=x onerror=alert(1)>](https://ok.example)",
    "![x](javascript:alert(1))",
    "![<img src=x onerror=alert(1)>](https://ok.example/x.png)",
    "[![x](y)](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<ftp://evil.example>",
    "https://ok.example/<script>alert(1)</script>",
    'https://ok.example/"onmouseover="alert(1)',
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    "> <script>alert(1)</script>",
    "# <svg onload=alert(1)>",
    "[x]: javascript:alert(1)\n[x]",
    "//evil.example",
    "mailto:a@b.example?subject=<script>alert(1)</script>",
)


def vectors() -> Iterator[str]:
    """Combine tags, handlers, quotings and schemes, and add what fits no table."""
    quotes = ('"', "'", "", "`")
    for at, (tag, handler) in enumerate(itertools.product(TAGS, HANDLERS)):
        quote = quotes[at % len(quotes)]
        space = (" ", "/", "\n", "\x0c")[at % 4]
        yield f"<{tag}{space}{handler}={quote}alert(1){quote} src=x>texto</{tag}>"
    for scheme, quote in itertools.product(SCHEMES, quotes[:3]):
        yield f"<a href={quote}{scheme}{quote}>x</a>"
    for scheme in SCHEMES:
        yield f"[x]({scheme})"
        yield f"[x](<{scheme}>)"
        yield f"<{scheme}>"
        yield f"<form action='{scheme}'><input formaction='{scheme}' src='{scheme}'></form>"
    yield from ODDITIES


VECTORS = tuple(vectors())


def faults(output: str) -> list[str]:
    """List what a browser's parser would find in the output beside the allow-list."""
    found = [f"unseen sign {sign!a}" for sign in BIDI if sign in unescape(output)]
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    for element in parser.parseFragment(output).iter():
        if not isinstance(element.tag, str):
            found.append("comment")
        elif element.tag != "DOCUMENT_FRAGMENT":
            found.extend(element_faults(element.tag.removeprefix(XHTML), dict(element.attrib)))
    return found


def element_faults(name: str, attributes: dict[str, str]) -> list[str]:
    """Judge one element by its name and its attributes."""
    found = [] if name in ALLOWED_TAGS else [f"tag {name}"]
    href, rel = attributes.pop("href", ""), attributes.pop("rel", "")
    if name != "a":
        return [*found, *(["link on another tag"] if href or rel else []), *attributes]
    if not re.match(r"(https?://|mailto:)[^\s\x00-\x1f\"'<>`\\]+\Z", href, re.IGNORECASE):
        found.append(f"address {href!r}")
    return [*found, *attributes, *([] if rel == LINK_RELATION else [f"rel {rel!r}"])]


def depth_of(output: str) -> int:
    """Count how many elements are open at the deepest point."""
    depth = deepest = 0
    for end in re.findall(r"<(/?)(?!br>)[a-z]", output):
        depth += -1 if end else 1
        deepest = max(deepest, depth)
    assert depth == 0
    return deepest


def test_t01_there_are_enough_vectors() -> None:
    """The table of attacks does not shrink below the promised three hundred."""
    assert len(set(VECTORS)) >= 300


@pytest.mark.parametrize("render", [render_markdown, clean_html])
def test_t01_a_browser_finds_only_allowed_things(render: Callable[[str], SafeHtml]) -> None:
    """No attack leaves a tag, an attribute or a scheme that is not on the list."""
    leaks = {vector: found for vector in VECTORS if (found := faults(render(vector)))}
    assert leaks == {}


def test_t01_the_judge_of_the_vectors_is_not_blind() -> None:
    """The check itself finds a script, a handler, a scheme, a missing rel and an override."""
    assert faults("<script>x</script>")
    assert faults("<p onclick=x>y</p>")
    assert faults(f'<a href="javascript:x" rel="{LINK_RELATION}">y</a>')
    assert faults('<a href="https://ok.example">y</a>')
    assert faults("<p>&#x202e;</p>")
    assert faults("<!-- x -->")


HTML_PIECES = st.sampled_from(
    [f"<{name}>" for name in sorted(ALLOWED_TAGS)]
    + [f"</{name}>" for name in sorted(ALLOWED_TAGS)]
    + ["<b>", "</b>", "<h1>", "</h6>", "<div>", "</div>", "<td>", "<tr>", "<table>", "</table>"]
    + ['<a href="https://a.example/?a=1&copy;=2">', "<a href='http://[x'>", "<img alt='&lt;b&gt;'>"]
    + ["&", "&amp;", "&amp;lt;", "&#x202e;", "&#8", "&copy", "\u202e", "&nbsp;", "&#1;", "&#10;"]
    + ["<", ">", '"', "'", "<!--", "-->", "<script>", "</script>", "</", "<a ", " ", "\n", "ñ", "x"]
)
HOSTILE_HTML = st.lists(HTML_PIECES | st.text(max_size=4), max_size=25).map("".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE_HTML)
def test_t01_cleaning_what_is_clean_changes_nothing(source: str) -> None:
    """Any mixture of tags and signs is safe after one cleaning and equal after two."""
    once = clean_html(source)
    assert faults(once) == []
    assert clean_html(once) == once
    assert depth_of(once) <= MAX_DEPTH


def test_t01_vectors_are_stable_too() -> None:
    """Cleaning the cleaned attacks changes nothing: no second reading brings one to life."""
    assert [one for one in VECTORS if clean_html(clean_html(one)) != clean_html(one)] == []


MARKDOWN_PIECES = st.sampled_from(
    (
        *("*", "**", "_", "`", "```\n", "[", "](", ")", "](https://a.example)", "!", ">", "- "),
        *("1. ", "#", "\n", "\n\n", "  \n", "\\", "<b>", "&amp;", "&#x202e;", "~", "a"),
        "https://a.example/x",
    )
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MARKDOWN_PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_t01_markdown_is_safe_and_already_clean(source: str) -> None:
    """Whatever is typed comes out safe, and as clean as imported HTML would be made."""
    output = render_markdown(source)
    assert faults(output) == []
    assert faults(clean_html(output)) == []


PLAIN_SIGNS = " \n,;.:?!¿¡()\"'%$/°«»“”‘’–—…-0123456789abcñéÜ🎉日"


@settings(max_examples=600, deadline=None)
@given(st.text(st.sampled_from(PLAIN_SIGNS) | st.characters(codec="utf-8"), max_size=60))
def test_the_short_way_gives_the_same_bytes(text: str) -> None:
    """Plain text that takes the short way comes out as from markdown-it and bleach."""
    quick = _plain_to_html(text)
    assert quick is None or quick == _markdown_to_html(text)


def test_the_short_way_gives_the_same_bytes_over_a_corpus() -> None:
    """Of 4,000 composed everyday texts at least 2,400 take the short way; all come out equal."""
    dice = random.Random(20)  # noqa: S311 - a repeatable corpus, not a secret
    words = (
        "la vía está dañada, ¿cuándo? «El 5 de mayo». (10:30) 100% de $5.000 mañana; 1) 2. - ¡ya!"
    )
    glue = [" "] * 12 + ["\n", "\n\n", "  ", "\n  \n", ", ", ". "]
    taken = 0
    for _ in range(4_000):
        pieces = [dice.choice(words.split()) + dice.choice(glue) for _ in range(dice.randrange(25))]
        text = "".join(pieces)
        quick = _plain_to_html(text)
        taken += quick is not None
        assert quick is None or quick == _markdown_to_html(text), text
    assert taken >= 2_400


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("Hola,\nvecinos\n\nAdiós", "<p>Hola,<br>\nvecinos</p>\n<p>Adiós</p>"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>"),
        ("# A\n## B\n###### C", "<h3>A</h3>\n<h4>B</h4>\n<h4>C</h4>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ('3 < 5 & "x" <b>', '<p>3 &lt; 5 &amp; "x" &lt;b&gt;</p>'),
        ("![el parque](https://a.example/x.png)", "<p>el parque</p>"),
        ("|a|b|\n|-|-|", "<p>|a|b|<br>\n|-|-|</p>"),
        ("El parque.La gente va a www.a.co", "<p>El parque.La gente va a www.a.co</p>"),
        ("```\nx  <y>\n```", "<p><code>x  &lt;y&gt;</code></p>"),
        ("    sangría", "<p>sangría</p>"),
        (
            "https://a.example/?b=1&c=2",
            f'<p><a href="{ADDRESS}" rel="{LINK_RELATION}">{ADDRESS}</a></p>',
        ),
    ],
)
def test_markdown_reads_as_it_was_meant(source: str, expected: str) -> None:
    """What people type by habit keeps its shape and none of its words vanish."""
    assert render_markdown(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b>a</b> <i>b</i>", "<strong>a</strong> <em>b</em>"),
        ("<h1>A</h1><h5>B</h5>", "<h3>A</h3><h4>B</h4>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p> a b</p>"),
        ("<img src=x alt='el parque'>", "el parque"),
        ("<script>x</script><style>y</style>a", "a"),
        ("<p><strong></strong></p>", ""),
        ("3 < 5 &amp; caf&eacute; AT&T", "3 &lt; 5 &amp; caf&eacute; AT&amp;T"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<strong>a<strong>b</strong>c</strong>d", "<strong>abc</strong>d"),
        (
            "<a href='mailto:a@b.example' rel='me' target=_blank>a</a>",
            f'<a href="mailto:a@b.example" rel="{LINK_RELATION}">a</a>',
        ),
        ("<a href='//b.example'>a</a>", "a"),
    ],
)
def test_foreign_html_keeps_its_words(source: str, expected: str) -> None:
    """Imported HTML is brought to the allow-list without losing what was said."""
    assert clean_html(source) == expected


def test_t02_texts_beyond_the_limits_are_refused() -> None:
    """Length, nesting and the number of marks have a limit, exactly there."""
    assert render_markdown("a" * MAX_LENGTH)
    with pytest.raises(TextTooLong):
        render_markdown("a" * (MAX_LENGTH + 1))
    with pytest.raises(TextTooLong):
        clean_html("a" * (MAX_LENGTH + 1))
    assert depth_of(clean_html("<blockquote>" * MAX_DEPTH + "x")) == MAX_DEPTH
    with pytest.raises(TextTooDeep):
        clean_html("<blockquote>" * (MAX_DEPTH + 1) + "x")
    assert depth_of(render_markdown(">" * (MAX_DEPTH - 1) + "x")) == MAX_DEPTH
    with pytest.raises(TextTooDeep):
        render_markdown(">" * MAX_DEPTH + "x")
    with pytest.raises(TextTooDeep):
        render_markdown("*a " * (MAX_MARKS + 1))


def just_under(unit: str, filler: str) -> str:
    """Repeat a unit as often as it is admitted, spread evenly over the whole length."""
    heavy = {"<": 1.5, "&": 1, "[": 2, "*": 1, "_": 1, "`": 1, ">": 1, "!": 1, "]": 1, "\n": 1}
    weight = sum(heavy.get(sign, 0) for sign in unit) + 15 * unit.count("://")
    weight += bool(re.match(r"[-#+]|1\.", unit))
    times = min(MAX_LENGTH // len(unit), int(MAX_MARKS / max(weight, 0.15)) - 1)
    gap = (MAX_LENGTH - times * len(unit)) // times
    return (unit + filler * gap) * times


HOSTILE_UNITS = (
    *("<b>", "<i>a</i>", "<p>a", "<br>", "<li>a", "<h1>x", "<a href=http://a>", "<b id=1><p>"),
    *("<", "<!--", "<script>", "&", "&lt;", "&#x202e;", '<a "', "<table><tr><td>x", "<ul><li>x"),
    *(
        "*a ",
        "*a* ",
        "**a",
        "_a_",
        "`a`",
        "``a`",
        "[",
        "[a](",
        "[a](b)",
        "![",
        "[[a]",
        "<http://a>",
    ),
    *("http://a.co ", "http://a.co/((((", "> a\n", "- a\n", "1. a\n", "# a\n", "|a|b\n", "a\n"),
    *("**_a_** ", "a\\\n", "x*y_"),
)


def hostile_inputs() -> Iterator[tuple[str, str]]:
    """Give each unit filling the whole length, and as dense as the limits admit."""
    for unit in HOSTILE_UNITS:
        yield unit, (unit * MAX_LENGTH)[:MAX_LENGTH]
        yield f"{unit} spread", just_under(unit, "a")
        yield f"{unit} first", (just_under(unit, "") + "a" * MAX_LENGTH)[:MAX_LENGTH]


def test_t02_hostile_texts_at_the_cap_are_bounded_work() -> None:
    """No text within the limits occupies the processor for long, in either way."""
    slowest = (0.0, "")
    inputs = list(hostile_inputs())
    for name, text in inputs:
        for render in (render_markdown, clean_html):
            started = time.process_time()
            with contextlib.suppress(TextTooDeep):
                render(text)
            slowest = max(slowest, (time.process_time() - started, f"{render.__name__} {name!r}"))
    assert len(inputs) >= 40
    print(f"\nslowest of {2 * len(inputs)}: {slowest[0] * 1000:.0f} ms, {slowest[1]}")
    assert slowest[0] < 2


@pytest.mark.parametrize(
    "source", ["&#" + "1" * 19_000, "&#1<x>" + "1" * 9_000, f"<a href='http://a/&#{'1' * 9_000}'>x"]
)
def test_t02_endless_numbers_do_not_raise(source: str) -> None:
    """An entity with thousands of digits is text, not an error of Python's integers."""
    assert faults(clean_html(source)) == []
    assert isinstance(plain_text(source), str)


def test_t06_controls_and_overrides_are_gone() -> None:
    """No control character or change of direction gets through, raw or as an entity."""
    for sign in [*BIDI, "\0", "\x07", "\x1b", "\x85", "\ud800"]:
        assert sign not in render_markdown(f"a{sign}b*c*")
        assert sign not in clean_html(f"a{sign}b")
        assert sign not in unescape(clean_html(f"a&#{ord(sign)};b"))
        assert sign not in unescape(render_markdown(f"*a*&#{ord(sign)};b"))


def test_safe_html_is_not_escaped_again() -> None:
    """The result is Markup for templates, and joining it with plain text escapes the text."""
    safe = render_markdown("a & b")
    assert isinstance(safe, SafeHtml)
    assert isinstance(safe, Markup)
    assert escape(safe) == safe
    assert safe + "<b>" == "<p>a &amp; b</p>&lt;b&gt;"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a</p>\n<p>b &amp; c</p>", "a\n\nb & c"),
        ("<p>a<br>\nb</p>", "a\nb"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul><p>c</p>", "a\nb\n\nc"),
        ("<h3>T</h3><blockquote><p>x</p></blockquote>", "T\n\nx"),
        ("<p>&lt;b&gt; caf&eacute;</p>", "<b> café"),
        ("", ""),
    ],
)
def test_plain_text_gives_words_in_paragraphs(source: str, expected: str) -> None:
    """Tags go, entities are resolved, paragraphs stand apart."""
    assert plain_text(source) == expected


def test_plain_text_gives_back_what_was_typed() -> None:
    """Plain paragraphs survive the way into HTML and back."""
    text = '¿Y la vía?\n\nNadie responde: 5 < 6 & "x"'
    assert plain_text(render_markdown(text)) == text


def test_threads_do_not_disturb_each_other() -> None:
    """Texts rendered at the same time in several threads come out as they do alone."""
    sources = [f"**{n}** https://a.example/{n} <i>{n}</i>" * 5 for n in range(8)]
    expected = [(render_markdown(one), clean_html(one)) for one in sources]
    wrong: list[int] = []

    def work(at: int) -> None:
        results = [(render_markdown(sources[at]), clean_html(sources[at])) for _ in range(30)]
        wrong.extend(at for result in results if result != expected[at])

    threads = [threading.Thread(target=work, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
