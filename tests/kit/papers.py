"""A paper with one block of every kind, and the tags of a PDF as a list."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pypdf import PdfReader

from participa.kit.blocks import Bar, Bars, Heading, Link, Paper, Paragraph, Quoted, Table

QUOTE = "El agua llega turbia.\n¡Todos los lunes! #fuerte *no* $x$ [a] \\"
PAPER = Paper(
    title="Resultados: Plan de Desarrollo",
    subtitle="Informe n.º 3",
    author="Alcaldía de La Loma",
    language="es",
    published_at=datetime(2026, 11, 3, 15, tzinfo=UTC),
    contents="Contenido",
    blocks=(
        Paragraph("Esto no es una encuesta.", "note"),
        Heading("Temas"),
        Bars("Cuánto", "Agua 34 %, vías 20 %", [Bar("Agua", "34 %", 0.34, 0.3, 0.4)]),
        Table("De qué se habló", ("Tema", "Aportes"), [("Agua", "120"), ("Vías", "60")], 1),
        Heading("Agua"),
        Quoted(QUOTE, "PR-1 · papel", "https://example.test/aportes/PR-1"),
        Heading("Respuesta", 2),
        Paragraph("Se acepta.\nPorque sí."),
        Link("Compruébelo", "https://example.test/datos"),
    ),
)


def root(pdf: bytes) -> Any:
    """Give the catalogue of a PDF."""
    return PdfReader(io.BytesIO(pdf)).trailer["/Root"].get_object()


def tags(pdf: bytes) -> list[tuple[str, Any]]:
    """List the tags of a PDF in reading order, each with its element."""
    return list(_walk(root(pdf)["/StructTreeRoot"]))


def _walk(element: Any) -> Iterator[tuple[str, Any]]:
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for each in element:
            yield from _walk(each)
    elif isinstance(element, dict):
        if "/S" in element:
            yield str(element["/S"]), element
        yield from _walk(element.get("/K", []))
