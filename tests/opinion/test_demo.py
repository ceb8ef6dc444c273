"""The demonstration's round holds the votes of its cast."""

from participa.accounts.permissions import Actor
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Municipality as MunicipalityFile
from participa.demo.content import content
from participa.demo.opinion import OpinionFile, load_round
from participa.opinion.models import Statement, Vote
from participa.opinion.rules import State, statement_problem
from participa.processes.models import Phase
from tests.people import NOW, Municipality, person


async def test_the_cast_votes(town: Municipality) -> None:
    """Every published statement has votes, one waits for review, and none is of tomorrow."""
    part = content(OpinionFile, "opinion.toml")
    keys = [each.key for each in content(MunicipalityFile, "municipality.toml").person[:25]]
    keys += [each.author for each in part.statement if each.author and each.author not in keys]
    people: dict[str, Actor] = {key: await person(town.entity, key) for key in keys}
    cast = Cast(town.entity, people, {}, {"moderator": town.carmen}, {})
    calendar = Calendar(NOW, town.entity.zone)
    phases = Phase.of(town.entity.id).filter(process_id=town.process.id)
    await phases.update(opens_at=calendar.start_of(-31))
    opened = await load_round(cast, town.process, calendar)
    rows = await Statement.of(town.entity.id).filter(round_id=opened.id).order_by("number")
    assert [row.text for row in rows] == [each.text for each in part.statement]
    waiting = [row for row in rows if row.state == State.PENDING]
    assert len(waiting) == 1
    assert all(row.agrees + row.disagrees >= 5 for row in rows if row.state == State.PUBLISHED)
    assert all(vote.at < NOW for vote in await Vote.of(town.entity.id).all())


def test_the_statements_fit() -> None:
    """Each is a statement that the rules let through."""
    for part in content(OpinionFile, "opinion.toml").statement:
        assert statement_problem(part.text) is None
