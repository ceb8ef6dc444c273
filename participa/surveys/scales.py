"""The published counts of one table of scales, asked in several surveys."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from tortoise.functions import Count

from participa.kit.tally import Tally, tally_single
from participa.surveys.models import Answer, Question, Survey


async def scale_tallies(
    entity_id: int, surveys: Collection[Survey], code: str
) -> Mapping[int, list[Tally]]:
    """Count each line of the item of this code in the surveys' present versions, by survey.

    In two statements. The caller has made sure that the results may be read.
    """
    versions = {survey.id: survey.version for survey in surveys}
    rows = await Question.of(entity_id).filter(survey_id__in=list(versions))
    asked = {
        each.id: each
        for each in rows
        if each.version == versions[each.survey_id] and each.item["code"] == code
    }
    answers = Answer.of(entity_id).filter(question_id__in=list(asked), choice__isnull=False)
    grouped = answers.annotate(n=Count("response_id")).group_by("question_id", "row", "choice")
    counts: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for question, row, choice, n in await grouped.values_list("question_id", "row", "choice", "n"):
        counts[int(str(question))][int(str(row)), int(str(choice))] = int(str(n))
    return {each.survey_id: _tallies(each, counts[each.id]) for each in asked.values()}


def _tallies(question: Question, counts: Mapping[tuple[int, int], int]) -> list[Tally]:
    item = question.asked
    labels = [option.code for option in item.options]
    return [
        tally_single(labels, [counts.get((row, choice), 0) for choice in range(len(labels))])
        for row in range(max(len(item.rows), 1))
    ]
