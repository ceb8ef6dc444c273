"""What holds for every document: nothing lost, a true tree, keys that stay."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from participa.plans.parsing import ParsedPlan, PlanUnreadable, parse_plan

WORDS = st.sampled_from(
    ["agua", "campo", "niñez", "vías", "paz,", "(rural)", "2015", "público-privada"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
TITLES = SENTENCES.map(lambda text: f"Z{text}")
DESIGNATIONS = {
    "eje": "Eje {}. ",
    "programa": "Programa {}. ",
    "subprograma": "Subprograma {}: ",
    "meta": "Meta {}. ",
    "capitulo": "Capítulo {}. ",
    "articulo": "Artículo {}. ",
    "apartado": "{} ",
}
MARKUP = st.lists(
    st.sampled_from([*"*_`[]()<>#&;|~=-+!.1a \\", "***", "![a](b)", "<b>", "&amp;", "1) ", "~~~"]),
    max_size=12,
).map("".join)
HEADING_LINES = st.sampled_from(
    [
        "CAPÍTULO II",
        "CAPÍTULO III. NORMAS",
        "TÍTULO PRIMERO",
        "ARTÍCULO CUARTO",
        "ARTÍCULO CUARTO. Objeto. Adoptar.",
        "EJE 1: CAMPO",
        "SECTOR: Salud",
        "SECCIÓN I",
        "3. PROGRAMA. Agua",
        "3.1. Subprograma. Pozos",
        "Meta / producto. Cavar pozos",
        "1. PRINCIPIOS",
        "2.1 Diagnóstico",
        "PRESENTACIÓN",
        "PLAN DE DESARROLLO",
        "a. uno",
        "• dos",
        "1. Tres",
        "- cuatro",
        "Indicador. Pozos",
        "asocia- ciones",
        "asocia-",
        "Plan 2012 - 2015",
        "12",
        "13",
        "14",
        "",
        "",
        "# no",
        "* x_y *",
    ]
)

Form = Literal["auto", "markdown", "text"]
FORMS: st.SearchStrategy[Form] = st.sampled_from(["auto", "markdown", "text"])


@dataclass(frozen=True)
class Node:
    level: int
    kind: str
    number: str
    title: str
    body: str


def written(node: Node) -> str:
    label = DESIGNATIONS[node.kind].format(node.number) if node.number else ""
    body = f"\n{node.body}\n" if node.body else ""
    return f"{'#' * node.level} {label}{node.title}\n{body}"


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    nodes: list[Node] = []
    level = 1
    for _ in range(draw(st.integers(1, 12))):
        level = draw(st.integers(2, min(level + 1, 6)))
        kind = draw(st.sampled_from(sorted(DESIGNATIONS)))
        number = draw(st.sampled_from(["1", "2.1", "10.2.3"]))
        if kind == "apartado":
            number = draw(st.sampled_from(["", number]))
        body = "\n\n".join(draw(st.lists(SENTENCES.map(str.lower), max_size=3)))
        nodes.append(Node(level, kind, number, draw(TITLES), body))
    return nodes


def document(nodes: list[Node]) -> str:
    return "# Plan\n" + "".join(written(node) for node in nodes)


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text) if c.isalnum())


def check_tree(plan: ParsedPlan) -> None:
    assert plan.sections
    keys = [section.key for section in plan.sections]
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= 200
    for index, section in enumerate(plan.sections):
        if section.parent is None:
            assert section.depth == 0
        else:
            assert section.parent < index
            assert section.depth == plan.sections[section.parent].depth + 1
        assert len(section.title) <= 300
        assert len(section.number) <= 40
        assert len(section.kind) <= 20


@given(trees())
@settings(deadline=None)
def test_markdown_round_trip(nodes: list[Node]) -> None:
    """A tree written as Markdown and read again is the same tree."""
    plan = parse_plan(document(nodes), form="markdown")
    assert plan.title == "Plan"
    assert [(s.kind, s.number, s.title, s.body) for s in plan.sections] == [
        (node.kind, node.number, node.title, node.body) for node in nodes
    ]
    path: list[int] = []
    for index, (node, section) in enumerate(zip(nodes, plan.sections, strict=True)):
        while path and nodes[path[-1]].level >= node.level:
            path.pop()
        assert section.parent == (path[-1] if path else None)
        assert section.depth == len(path)
        path.append(index)
    check_tree(plan)


@given(trees(), st.data())
@settings(deadline=None)
def test_keys_survive_an_insertion(nodes: list[Node], data: st.DataObject) -> None:
    """A section put anywhere among others changes none of their keys."""
    at = data.draw(st.integers(0, len(nodes)))
    level = nodes[at].level if at < len(nodes) else 2
    new = Node(level, "apartado", "", "Apartado nuevo", "texto")
    before = [section.key for section in parse_plan(document(nodes)).sections]
    after = [
        section.key for section in parse_plan(document([*nodes[:at], new, *nodes[at:]])).sections
    ]
    assert after[:at] + after[at + 1 :] == before


def read_or_none(source: str, form: Form = "auto") -> ParsedPlan | None:
    try:
        return parse_plan(source, form=form)
    except PlanUnreadable:
        return None


@given(st.lists(HEADING_LINES | SENTENCES, min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_from_plain_text(lines: list[str]) -> None:
    """The letters of the source, less the lines listed as dropped, are those of the sections.

    They come in order too, but for a chapter whose title was printed above its number.
    """
    plan = read_or_none("\n".join(lines), "text")
    if plan is None:
        assert not letters("".join(lines))
        return
    dropped = {line.line for line in plan.dropped}
    kept = letters("".join(line for n, line in enumerate(lines, 1) if n not in dropped))
    position = len(letters(plan.title or ""))
    assert kept.startswith(letters(plan.title or ""))
    for section in plan.sections:
        label, title, text = map(letters, (section.label, section.title, section.body))
        heads = (label + title, title + label)
        assert any(kept.startswith(head + text, position) for head in heads), section
        position += len(label + title + text)
    assert position == len(kept)


@given(st.lists(MARKUP | SENTENCES | st.just(""), min_size=1, max_size=30).map("\n".join))
@settings(max_examples=300, deadline=None)
def test_bodies_are_safe_markdown(source: str) -> None:
    """Shown as Markdown, a body of plain text has paragraphs and lists, and the same words."""
    plan = read_or_none(f"ARTÍCULO 1. Objeto. Palabras.\n{source}", "text")
    assert plan is not None
    for section in plan.sections:
        tokens = MarkdownIt("commonmark").parse(section.body)
        tags = {token.tag for token in tokens} | {
            child.tag for token in tokens for child in token.children or ()
        }
        assert tags <= {"", "p", "ul", "ol", "li"}, section.body
        shown = "".join(
            child.content
            for token in tokens
            for child in token.children or ()
            if child.type == "text"
        )
        numbers = re.sub(r"^\d+\. ", "", section.body, flags=re.MULTILINE)
        assert letters(shown) == letters(numbers)


@given(st.text(max_size=400) | st.lists(HEADING_LINES | SENTENCES).map("\n".join), FORMS)
@settings(max_examples=400, deadline=None)
def test_any_text(source: str, form: Form) -> None:
    """Whatever is pasted gives a sound tree or a refusal, never another error."""
    plan = read_or_none(source, form)
    if plan is not None:
        check_tree(plan)


@given(st.lists(HEADING_LINES | SENTENCES | st.text(max_size=20), max_size=30).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_same_result_twice(source: str) -> None:
    """Reading a text again gives the same sections with the same keys."""
    assert read_or_none(source) == read_or_none(source)
