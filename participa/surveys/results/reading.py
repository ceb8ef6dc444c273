"""A version's results as pages and files show them, read in a fixed number of statements."""

from asyncio import to_thread
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from participa.entities.census import Dimension, Population, population_of
from participa.i18n import Text, _
from participa.surveys.models import ResultPlan, Survey
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import Kind
from participa.surveys.results.counting import Counting
from participa.surveys.results.figures import Figure, figures_of
from participa.surveys.results.lines import Asked, asked_lines
from participa.surveys.results.traits import Told, grouped, traits_of
from participa.surveys.results.weighing import Missing, Weighing, weigh
from participa.territory.queries import Place, areas_of


class Sampling(StrEnum):
    """Who was asked, which decides what the figures may be taken for."""

    OPEN = "open"
    RANDOM = "random"
    EVERYONE = "everyone"


SAMPLINGS: dict[Sampling, Text] = {
    Sampling.OPEN: _("Responde quien quiere"),
    Sampling.RANDOM: _("Personas escogidas al azar"),
    Sampling.EVERYONE: _("Se le pregunta a todo el mundo (censo)"),
}
USUAL = ResultPlan(is_live=False, sampling=Sampling.OPEN, traits={})


@dataclass(frozen=True, slots=True)
class MissingTable:
    """A dimension of the census, group by group, beside who answered."""

    title: Text
    rows: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What came out of a version, everything that pages need of it."""

    version: int
    responses: int
    sampling: Sampling
    asked: tuple[Asked, ...]
    figures: tuple[Figure, ...]
    weighing: Weighing | None
    missing: tuple[MissingTable, ...]
    population: Population
    places: Sequence[Place]

    @property
    def crossing(self) -> list[Asked]:
        """The questions that others can be set against."""
        return [each for each in self.asked if each.may_cross]


_kept: OrderedDict[tuple[object, ...], Results] = OrderedDict()
_KEPT = 16


async def plan_of(survey: Survey) -> ResultPlan:
    """Give how a survey's results are shown."""
    plan = await ResultPlan.of(survey.entity_id).filter(survey_id=survey.id).first()
    return plan or USUAL


async def results_of(
    survey: Survey, version: int, counting: Counting, plan: ResultPlan, language: str
) -> Results:
    """Give a version's results as counted; what was worked out for another reader is kept."""
    population = await population_of(survey.entity_id)
    questions = await questions_of(survey, version)
    has_places = any(question.asked.kind is Kind.PLACE for question in questions)
    places = await areas_of(survey.entity_id) if has_places else []
    names = place_names(places)
    told = (plan.sampling, *sorted(plan.traits.items()))
    key = (counting.key, population.revision, told, tuple(names.items()), language)
    if key not in _kept:
        items = [(question.position, question.asked) for question in questions]
        asked = await to_thread(asked_lines, items, counting.columns, names, language)
        # Seconds of computing, for the first reader of a hundred thousand answers.
        _kept[key] = await to_thread(
            _worked_out, version, counting, plan, asked, population, places
        )
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def _worked_out(
    version: int,
    counting: Counting,
    plan: ResultPlan,
    asked: Sequence[Asked],
    population: Population,
    places: Sequence[Place],
) -> Results:
    sampling = Sampling(plan.sampling)
    asked, told = grouped(asked, plan.traits, population, _names(places))
    weighing = None
    if told and sampling is not Sampling.EVERYONE:
        weighing = weigh(traits_of(told, population))
    figures = tuple(
        figure
        for each in asked
        for figure in figures_of(
            each,
            is_sample=sampling is not Sampling.EVERYONE,
            weighted=weighing.weighted if weighing is not None else None,
        )
    )
    missing = tuple(
        missing_table(dimension, each, figures, population) for dimension, each in told.items()
    )
    return Results(
        version, counting.responses, sampling, tuple(asked), figures, weighing, missing,
        population, places,
    )  # fmt: skip


def place_names(places: Sequence[Place]) -> dict[int, str]:
    """Name each area by its id, with its kind where another one is called the same."""
    times = Counter(place.name for place in places)
    return {
        place.id: place.name if times[place.name] == 1 else f"{place.name} ({place.kind})"
        for place in places
    }


def _names(places: Sequence[Place]) -> Mapping[int, Sequence[str]]:
    """Name each area, and what it is part of."""
    names = {place.id: place.name for place in places}
    return {
        place.id: [place.name, *([names[place.parent_id]] if place.parent_id in names else [])]
        for place in places
    }


def missing_table(
    dimension: Dimension, told: Told, figures: Sequence[Figure], population: Population
) -> MissingTable:
    """Set those who answered against the census, with the counts that their question shows.

    Shares are of all who answered that question: those of its groups alone would tell how many
    are in none.
    """
    figure = next(each for each in figures if each.number == told.asked.number)
    people = population.by(dimension)
    everybody = sum(people.values())
    rows = []
    for group, ((label,), count) in enumerate(people.items()):
        parts = [row.count for row, at in zip(figure.rows, told.groups, strict=True) if at == group]
        heard = None if None in parts else sum(filter(None, parts))
        share = None if heard is None or not figure.answered else heard / figure.answered
        rows.append(Missing(label, count, count / everybody if everybody else 0.0, heard, share))
    return MissingTable(DIMENSION_TITLES[dimension], tuple(rows))


DIMENSION_TITLES: dict[Dimension, Text] = {
    Dimension.AGE: _("Por edad"),
    Dimension.SEX: _("Por sexo"),
    Dimension.AREA: _("Por lugar"),
}
