"""A page that shows a grouping of anyone's texts: one file, to be opened anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from participa.insights.grouping import Grouping
from participa.settings import templates_dir


@dataclass(frozen=True, slots=True)
class _Theme:
    number: int
    label: str
    words: str
    count: int
    share: float
    strength: float
    quotes: tuple[tuple[str, str], ...]


def as_html(name: str, ids: Sequence[str], grouping: Grouping) -> str:
    """Write the page of a grouping: each group with its size, words and quotes by row."""
    templates = Environment(
        loader=FileSystemLoader(templates_dir()), autoescape=True, undefined=StrictUndefined
    )
    total = len(ids)
    themes = [
        _Theme(
            number=number,
            label=group.label,
            words=", ".join(group.words),
            count=len(group.rows),
            share=len(group.rows) / total,
            strength=float(grouping.strength[group.rows].mean()),
            quotes=tuple((quote.words, ids[quote.place]) for quote in group.quotes),
        )
        for number, group in enumerate(grouping.groups, 1)
    ]
    return templates.get_template("insights/grouping.html").render(
        name=name,
        total=total,
        themes=themes,
        largest=max((theme.count for theme in themes), default=1),
        heard_once=int((grouping.labels < 0).sum()),
        copies=len(grouping.copies),
        agreement=grouping.agreement,
        language=grouping.language,
    )
