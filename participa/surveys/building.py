"""A survey as the page shows it that writes it, and the steps that page offers. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from participa.i18n import Text, _
from participa.surveys.checks import Problem
from participa.surveys.editing import (
    Change,
    copying,
    moving,
    removing,
    silencing,
    speaking,
    starting_page,
)
from participa.surveys.item_forms import CHECKS, item_label
from participa.surveys.models import Survey
from participa.surveys.questionnaire import (
    KINDS,
    Condition,
    Item,
    Questionnaire,
    in_language,
)
from participa.surveys.rules import minutes_to_answer

BUILDER_FIELDS = ("do", "revision", "title", "introduction")
CHANGES: dict[str, Callable[[str], Change]] = {
    "up": lambda code: moving(code, -1),
    "down": lambda code: moving(code, 1),
    "copy": copying,
    "remove": removing,
    "page": starting_page,
    "speak": speaking,
    "silence": silencing,
}
_LANGUAGES: dict[str, Text] = {"es": _("español"), "en": _("inglés")}


def survey_row(survey: Survey, response_count: int, url: str) -> dict[str, Any]:
    """Give a survey as a line of the desk."""
    return {
        "title": survey.title,
        "url": url,
        "is_published": bool(survey.version),
        "is_changed": survey.draft is not None,
        "response_count": response_count,
    }


def builder_view(
    survey: Survey, asked: Questionnaire, problems: Sequence[Problem], language: str
) -> dict[str, Any]:
    """Give a survey being written: its pages with their items, each with what is wrong with it."""
    items = list(asked.items)
    numbers = {item.code: number for number, item in enumerate(items, 1)}
    return {
        "title": survey.title,
        "revision": survey.revision,
        "is_published": bool(survey.version),
        "is_secret": survey.is_secret,
        "is_changed": survey.draft is not None,
        "minutes": minutes_to_answer(items),
        "question_count": sum(item.is_asked for item in items),
        "languages": [
            (tag, name, tag in asked.languages)
            for tag, name in _LANGUAGES.items()
            if tag != asked.languages[0]
        ],
        "problems": [problem.text for problem in problems if not problem.item],
        "problem_count": len(problems),
        "pages": [
            {
                "number": number,
                "rows": [
                    {
                        **_row(item, numbers, asked, language),
                        "starts_page": at == 0,
                        "problems": [each.text for each in problems if each.item == item.code],
                    }
                    for at, item in enumerate(page.items)
                ],
            }
            for number, page in enumerate(asked.pages, 1)
        ],
    }


def _row(
    item: Item, numbers: dict[str, int], asked: Questionnaire, language: str
) -> dict[str, Any]:
    number = numbers[item.code]
    return {
        "code": item.code,
        "number": number,
        "text": in_language(item.text, language),
        "kind_label": KINDS[item.kind],
        "is_optional": item.is_asked and not item.required,
        "options": [in_language(option.label, language) for option in item.options],
        "rows": [in_language(row.label, language) for row in item.rows],
        "conditions": list(_sentences(item, asked, language)),
        "is_first": number == 1,
        "is_last": number == len(numbers),
    }


def _sentences(item: Item, asked: Questionnaire, language: str) -> Iterator[Text]:
    """Say under which conditions an item is asked."""
    if item.show_if is None:
        return
    earlier = {each.code: (n, each) for n, each in enumerate(asked.items, 1)}
    for condition in item.show_if.conditions:
        if condition.item in earlier:
            number, named = earlier[condition.item]
            yield _sentence(condition, item_label(number, named, language), named, language)


def _sentence(condition: Condition, label: str, named: Item, language: str) -> Text:
    labels = {o.code: in_language(o.label, language) for o in named.options}
    value = labels.get(condition.value, condition.value)
    return _("«{question}» {check} {value}", question=label, check=CHECKS[condition.check],
             value=f"«{value}»" if value else "")  # fmt: skip
