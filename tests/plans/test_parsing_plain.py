"""Plans pasted from a PDF: headings, page furniture, broken lines and words, lists."""

import pytest

from participa.plans.parsing import ParsedPlan, ParsedSection, parse_plan


def read(source: str) -> ParsedPlan:
    return parse_plan(source, form="text")


def outline(plan: ParsedPlan) -> list[tuple[int, str, str, str]]:
    return [(s.depth, s.kind, s.number, s.title) for s in plan.sections]


def body(source: str) -> str:
    return (
        read(f"ARTÍCULO 1. Objeto. Lo que sigue.\n\n{source}")
        .sections[0]
        .body.partition("Lo que sigue.\n\n")[2]
    )


def pages(*texts: str, head: str = "Plan de Desarrollo 2012 - 2015") -> str:
    """Print each text on a page of its own, with a running head and a number."""
    return "".join(f"{text}\n{head}\n{number}\n" for number, text in enumerate(texts, 14))


def filler(mark: str) -> str:
    return "\n".join(
        f"línea {mark} número {n} de un párrafo cualquiera que sigue" for n in "abcdef"
    )


ACUERDO = """PLAN DE DESARROLLO MUNICIPAL
“AVANZA” 2024 - 2027

El Concejo, en uso de sus facultades,

ACUERDA:

TÍTULO I
PARTE GENERAL

CAPÍTULO 1. Fundamentos

ARTÍCULO 1°. Objeto. Adóptese el plan con
todo lo que trae.

ARTÍCULO 2o. Principios. Los siguientes:
a) Igualdad.
b) Equidad, como dice el
Artículo 33. Plan nacional.
PARÁGRAFO 1. Lo demás.

TÍTULO II
PARTE ESTRATÉGICA

EJE ESTRATÉGICO 1: CAMPO VIVO
Programa 1.1. Vías para la vida
El programa busca mejorar las vías.
Subprograma 1.1.1. Placa huella
Meta de producto 1.1.1.1: Construir 5 kilómetros de placa huella.
Indicador: kilómetros construidos.
1.2 Diagnóstico rural

Texto del diagnóstico.

LÍNEA ESTRATÉGICA No. 2. CIUDAD

PRESENTACIÓN DE LA CIUDAD

Un texto.
"""


def test_whole_agreement() -> None:
    """Titles, chapters, articles, ejes, programmes and goals come out as a tree."""
    plan = read(ACUERDO)
    assert plan.title == "PLAN DE DESARROLLO MUNICIPAL “AVANZA” 2024 - 2027"
    assert outline(plan) == [
        (0, "preambulo", "", ""),
        (0, "titulo", "I", "PARTE GENERAL"),
        (1, "capitulo", "1", "Fundamentos"),
        (2, "articulo", "1", "Objeto"),
        (2, "articulo", "2", "Principios"),
        (0, "titulo", "II", "PARTE ESTRATÉGICA"),
        (1, "eje", "1", "CAMPO VIVO"),
        (2, "programa", "1.1", "Vías para la vida"),
        (3, "subprograma", "1.1.1", "Placa huella"),
        (4, "meta", "1.1.1.1", "Construir 5 kilómetros de placa huella"),
        (2, "apartado", "1.2", "Diagnóstico rural"),
        (1, "eje", "2", "CIUDAD"),
        (1, "apartado", "", "PRESENTACIÓN DE LA CIUDAD"),
    ]
    assert plan.sections[0].body.endswith("ACUERDA:")
    assert plan.sections[4].body == (
        "Los siguientes:\n\na) Igualdad.\n\nb) Equidad, como dice el Artículo 33. Plan nacional."
        "\n\nPARÁGRAFO 1. Lo demás."
    )
    assert plan.warnings == ()


def test_labels() -> None:
    """The designation is kept as written, so that what the number normalises is not lost."""
    labels = [section.label for section in read(ACUERDO).sections if section.label]
    assert labels[2:7] == ["ARTÍCULO 1°", "ARTÍCULO 2o", "TÍTULO II", "EJE ESTRATÉGICO 1",
                           "Programa 1.1"]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "Artículo 33. Plan Nacional de Salud Pública.",
        "El Programa 1.1. es bueno",
        "PROGRAMA DE GOBIERNO",
        "ARTÍCULO 5 DE LA LEY 152",
        "Programa de alimentación escolar: bueno",
        "1. Ley 152 de 1994. Por la cual se establece.",
        "1.500 niños y niñas",
        "1.999 si hay lugar a ello",
        "Metas: muchas",
        "Sectores: Ambiental y Vivienda",
        "Parágrafo 1. Lo demás",
        "100% de los niños",
        "Parte integral del plan",
    ],
)
def test_not_headings(line: str) -> None:
    """A citation, a figure, a list or a sentence that names a programme opens no section."""
    plan = read(
        f"ARTÍCULO 1. Objeto. Lo que sigue.\nARTÍCULO 2. Otro. Como dice la ley\n{line}\ny más."
    )
    assert [section.kind for section in plan.sections] == ["articulo", "articulo"]


def test_articles_inside_ejes() -> None:
    """Where each eje holds several articles, the articles hang from the ejes."""
    plan = read(
        "".join(
            f"EJE {eje}. CAMPO\nARTÍCULO {eje}1. Uno. Dos.\nARTÍCULO {eje}2. Uno. Dos.\n"
            for eje in "12"
        )
    )
    assert [section.depth for section in plan.sections] == [0, 1, 1, 0, 1, 1]


def test_running_heads() -> None:
    """Running heads and page numbers go, whole sentences run on, and each line is listed."""
    plan = read(f"ARTÍCULO 1. Objeto. Texto.\n{pages(*(filler(mark) for mark in 'xyz'))}")
    assert "Plan de Desarrollo" not in plan.sections[0].body
    assert "que sigue línea y número a" in plan.sections[0].body
    assert [(line.text, line.reason) for line in plan.dropped[:2]] == [
        ("Plan de Desarrollo 2012 - 2015", "page_header"),
        ("14", "page_number"),
    ]
    assert [(w.code, w.params) for w in plan.warnings if not w.line] == [
        ("furniture_dropped", {"count": 6})
    ]


def test_running_heads_at_form_feeds() -> None:
    """Form feeds mark the pages when there are no numbers; numbered heads count as one."""
    source = "ARTÍCULO 1. Objeto. Texto.\n" + "\f".join(
        f"Alcaldía de Tenjo, página {page}\n{filler(mark)}" for page, mark in enumerate("xyz", 1)
    )
    plan = read(source.replace("Texto.\n", "Texto.\n\f"))
    assert [line.text for line in plan.dropped] == [
        f"Alcaldía de Tenjo, página {page}" for page in (1, 2, 3)
    ]


def test_running_heads_in_mid_sentence() -> None:
    """A line that repeats in the middle of sentences is furniture even without page marks."""
    texts = [filler(mark) for mark in "wxyz"]
    plan = read("ARTÍCULO 1. Objeto. Texto.\n" + "\nTenjo avanza\n".join(texts))
    assert [line.text for line in plan.dropped] == ["Tenjo avanza"] * 3


def test_repetition_is_not_enough() -> None:
    """A label that repeats in the text, and lone figures that do not grow, stay."""
    source = "ARTÍCULO 1. Objeto. Texto.\n" + "".join(
        f"Meta / producto. Hacer la obra {mark}.\nIndicadores\n• Obras hechas.\n117\n"
        for mark in "uvwxyz"
    )
    plan = read(source)
    assert plan.dropped == ()
    assert plan.sections[1].body == "Indicadores\n\n- Obras hechas.\n\n117"


def test_letterhead() -> None:
    """A letterhead goes although it appears once, but only at the edge of a page."""
    letterhead = "CONCEJO MUNICIPAL DE TENJO\nREPÚBLICA DE COLOMBIA"
    plan = read(
        f"ARTÍCULO 1. Objeto. Texto.\n{letterhead}\n{filler('v')}\n"
        f"{pages(filler('x') + chr(10) + letterhead, filler('y'), filler('z'))}"
    )
    assert [line.text for line in plan.dropped if line.reason == "letterhead"] == letterhead.split(
        "\n"
    )
    assert plan.sections[0].body.count("CONCEJO MUNICIPAL DE TENJO") == 1


def test_cover_pages() -> None:
    """A cover that repeats the title of its article goes; the title above a chapter is kept."""
    plan = read(
        "CAPÍTULO I\nNORMAS\nTexto del capítulo.\nAGENDAS\nDEL PLAN\nCAPÍTULO II\n\nAGENDA PARA\n"
        "EL CAMPO\nARTÍCULO CUARTO\nARTÍCULO CUARTO. AGENDA PARA EL\nCAMPO. Palmira verde."
    )
    assert outline(plan) == [
        (0, "capitulo", "I", "NORMAS"),
        (0, "capitulo", "II", "AGENDAS DEL PLAN"),
        (1, "articulo", "4", "AGENDA PARA EL CAMPO"),
    ]
    assert [line.text for line in plan.dropped] == ["AGENDA PARA", "EL CAMPO", "ARTÍCULO CUARTO"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("las Asocia- ciones del lugar", "las Asociaciones del lugar"),
        ("la asocia-\nción del lugar", "la asociación del lugar"),
        ("lo teórico- práctico aquí", "lo teórico-práctico aquí"),
        ("lo teórico-\npráctico aquí", "lo teórico-práctico aquí"),
        ("un micro- crédito y otro micro-crédito", "un micro-crédito y otro micro-crédito"),
        ("agua clara, lluvia fina, agua- lluvia", "agua clara, lluvia fina, agua-lluvia"),
        ("el plan –PER- en las nueve", "el plan –PER- en las nueve"),
        ("la nativa – CuNa- para los grupos", "la nativa – CuNa- para los grupos"),
        ("el nacional 2010-\n2014 de todos", "el nacional 2010-2014 de todos"),
        ("el eje Nariño-\nCauca del sur", "el eje Nariño-Cauca del sur"),
        ("el sistema -PMGR-\nejecutado", "el sistema -PMGR- ejecutado"),
        ("la palabra aso\u00ad\nciación va", "la palabra asociación va"),
        ("una oﬁcina ﬂuvial", "una oficina fluvial"),
    ],
)
def test_hyphens(source: str, expected: str) -> None:
    """Broken words are mended; compounds and dashes that the author wrote are not."""
    assert body(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("una línea que\nsigue aquí", "una línea que sigue aquí"),
        ("un párrafo\n\ny su final", "un párrafo y su final"),
        ("Un párrafo.\n\nOtro más.", "Un párrafo.\n\nOtro más."),
        ("• uno\n• dos que\nsigue\n• tres", "- uno\n- dos que sigue\n- tres"),
        ("Van:\n- uno\n- dos", "Van:\n\n- uno\n- dos"),
        ("1. Uno.\n2. Dos.\n9. Nueve.", "1. Uno.\n2. Dos.\n\n9\\. Nueve."),
        ("a. Uno.\nb. Dos.", "a. Uno.\n\nb. Dos."),
        (
            "como lo dice con claridad la misma ley\n19. El resto",
            "como lo dice con claridad la misma ley 19. El resto",
        ),
        ("Objetivo. Uno\nEstrategia. Dos", "Objetivo. Uno\n\nEstrategia. Dos"),
        ("A *b* _c_ d_e [f] `g` <h>", "A \\*b\\* \\_c\\_ d_e \\[f\\] \\`g\\` \\<h>"),
        ("# no es título", "\\# no es título"),
        ("a &amp; b & c", "a \\&amp; b & c"),
    ],
)
def test_paragraphs(source: str, expected: str) -> None:
    """Lines become paragraphs and lists, and nothing in them is taken for markup."""
    assert body(source) == expected


def test_short_lines_end_their_paragraph() -> None:
    """A line far shorter than the page ends its paragraph even without a stop; a long one no."""
    full = "una línea que llena casi todo el ancho de la página, como las demás del"
    lines = [f"{full} Plan", "Nacional, dice", "Quien responde la alcaldía", f"{full} plan"]
    assert body("\n".join(lines)).split("\n\n") == [
        f"{full} Plan Nacional, dice",
        f"Quien responde la alcaldía {full} plan",
    ]


def test_long_lines_are_paragraphs() -> None:
    """Where each line is a whole paragraph, as pasted from a word processor, lines stay apart."""
    paragraph = "Un párrafo entero en una sola línea, como lo deja un procesador de textos. " * 3
    assert body(f"{paragraph}\n{paragraph}").count("\n\n") == 1


def test_programme_at_the_end_of_a_line() -> None:
    """A subprogramme that the extraction left at the end of another line gets its section."""
    plan = read("25. PROGRAMA. Luz\nIndicador. Más luz. 25.1. Subprograma. Redes.\nTexto.")
    assert outline(plan) == [(0, "programa", "25", "Luz"), (1, "subprograma", "25.1", "Redes")]


def test_goal_too_long_for_a_title() -> None:
    """A goal that is no title stands in the text, whole."""
    goal = "construir la obra " * 30
    (section,) = read(f"Meta / producto. {goal}").sections
    assert (section.kind, section.label, section.title) == ("meta", "Meta / producto", "")
    assert section.body == goal.strip()


def test_numbered_headings() -> None:
    """Numbered lines between blank ones are headings; in a row they are a list."""
    plan = read(
        "1. Introducción\n\nTexto de prueba.\n\n2. Diagnóstico\n\nOtro:\n\n1. uno;\n2. dos.\n\n"
        "III. VISIÓN GENERAL\nTexto.\n"
    )
    assert [(s.number, s.title) for s in plan.sections] == [
        ("1", "Introducción"),
        ("2", "Diagnóstico"),
        ("III", "VISIÓN GENERAL"),
    ]
    assert plan.sections[1].body == "Otro:\n\n1. uno;\n2. dos."


def test_bare_headings() -> None:
    """A heading alone on its line takes its title from the next, and none from another heading."""
    plan = read(
        "CAPÍTULO I\nCAPÍTULO II\nDe las normas\nLas normas son estas.\nSECCIÓN I\nReglas\n"
    )
    assert outline(plan) == [
        (0, "capitulo", "I", ""),
        (0, "capitulo", "II", "De las normas"),
        (1, "apartado", "", "SECCIÓN I. Reglas"),
    ]


def test_unfinished() -> None:
    """A text that stops in the middle of a sentence is pointed out."""
    plan = read("ARTÍCULO 1. Vigencia. El acuerdo rige a partir de su")
    assert [(warning.line, warning.code) for warning in plan.warnings] == [(1, "ends_abruptly")]


def test_sections_are_plain_values() -> None:
    """The same text gives equal values, so that a caller may compare two readings."""
    first, second = read(ACUERDO), read(ACUERDO)
    assert first == second
    assert isinstance(first.sections[0], ParsedSection)
