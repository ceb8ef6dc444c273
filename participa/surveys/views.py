"""Questions as pages show them."""

from collections.abc import Sequence
from typing import Any

from participa.surveys.forms import field_name, fields_of, has_other, other_field
from participa.surveys.models import Question
from participa.surveys.questionnaire import Kind, in_language
from participa.territory.picking import by_kind
from participa.territory.queries import Place


def question_view(question: Question, areas: Sequence[Place], language: str) -> dict[str, Any]:
    """Give a question's fields and words; `areas` are those a place is chosen from."""
    item = question.asked
    labels = [in_language(option.label, language) for option in item.options]
    names = fields_of(question, item)
    numbered = [(str(number), label) for number, label in enumerate(labels)]
    has_boxes = item.kind in {Kind.MULTIPLE, Kind.RANKING}
    return {
        "number": question.position + 1,
        "name": field_name(question),
        "kind": item.kind,
        "text": in_language(item.text, language),
        "help": in_language(item.help, language),
        "unit": in_language(item.unit, language),
        "is_optional": not item.required,
        "options": list(zip(names, labels, strict=False)) if has_boxes else numbered,
        "rows": [
            (name, in_language(row.label, language))
            for name, row in zip(names, item.rows, strict=False)
        ],
        "other": other_field(question) if has_other(item) else "",
        "areas": by_kind(areas) if item.kind is Kind.PLACE else [],
    }
