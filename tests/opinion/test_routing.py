"""Which statement comes next: late ones are seen, readers differ, and reading stays short."""

from statistics import mean

import pytest

from participa.accounts.permissions import Actor
from participa.bench.routing import COURSES, WAYS, Outcome, simulate
from participa.opinion.models import Round, Statement
from participa.opinion.queries import turn_of
from participa.opinion.routing import (
    EQUAL_EVERY,
    IN_A_ROW,
    NEEDED,
    beginning,
    is_equal_turn,
    next_statement,
)
from participa.opinion.rules import Choice, State
from participa.opinion.service import vote
from tests.opinion.rounds import a_round
from tests.people import NOW, Municipality
from tests.statements import counted


def test_a_reload_shows_the_same() -> None:
    """The choice depends on reader, statements and views alone, and differs between readers."""
    unseen = [(number, 0) for number in range(40)]
    assert {next_statement("a", unseen) for _ in range(5)} == {next_statement("a", unseen[::-1])}
    assert len({next_statement(str(reader), unseen) for reader in range(100)}) > 25
    assert next_statement("a", []) is None


def test_an_equal_turn_looks_at_no_views() -> None:
    """Every sixth turn a statement that everybody saw is as likely as a new one."""
    assert [is_equal_turn(n) for n in range(EQUAL_EVERY)] == [False] * (EQUAL_EVERY - 1) + [True]
    unseen = [(0, 10_000), (1, 0)]
    equal = [next_statement(str(n), unseen, equally=True) for n in range(400)]
    assert 150 < sum(equal) < 250  # type: ignore[arg-type]
    assert {next_statement(str(n), unseen) for n in range(400)} == {1}


def test_an_equal_turn_begins_anywhere() -> None:
    """Readers begin at places spread over all numbers, and elsewhere on their next equal turn."""
    places = [beginning(str(reader), 5, 99) for reader in range(1000)]
    assert min(places) >= 0
    assert max(places) <= 99
    assert len({place // 10 for place in places}) == 10
    assert beginning("a", 5, 9_999) != beginning("a", 11, 9_999)


def _simulated(way: str, course: str, people: int = 200) -> Outcome:
    return simulate(WAYS[way], COURSES[course], seed=1, people=people)


def test_late_statements_catch_up() -> None:
    """Joining at half of the people, they are seen as often as the first ones."""
    found = _simulated("ours", "half")
    assert found.ratio > 0.93
    assert found.ratio > _simulated("equal", "half").ratio + 0.3


@pytest.mark.parametrize("course", ["fifth", "trickle"])
def test_later_ones_come_near_to_what_can_be(course: str) -> None:
    """Where they cannot catch up any more, hardly less than if the least seen always came first."""
    assert _simulated("ours", course).ratio > 0.85 * _simulated("least_seen", course).ratio


def test_hardly_anybody_reads_only_new_ones() -> None:
    """That is what it is better at than showing the least seen first."""
    assert _simulated("ours", "fifth").only_new < _simulated("least_seen", "fifth").only_new


async def _grown(town: Municipality, opened: Round, number: int) -> None:
    """Give a round so many statements, of which the first ones were seen most."""
    await Statement.bulk_create(
        Statement(
            entity_id=town.entity.id, round=opened, number=n, text=f"Frase {n}.",
            key=str(n), state=State.PUBLISHED, views=number - n, created_at=NOW,
        )
        for n in range(3, number)
    )  # fmt: skip


async def _turns(actor: Actor, opened: Round, many: int) -> list[int]:
    """Answer what is shown, and give the numbers."""
    shown = []
    for _turn in range(many):
        turn = await turn_of(actor, opened)
        assert turn.statement is not None
        shown.append(turn.statement.number)
        await vote(actor, opened.id, turn.statement.number, Choice.PASS, NOW)
    return shown


async def test_a_long_round_is_read_as_fast_as_a_short_one(town: Municipality) -> None:
    """However many statements there are, the same few reads, with a limit on rows, serve."""
    opened = await a_round(town)
    await Statement.of(town.entity.id).filter(round_id=opened.id).update(views=500)
    with counted() as few:
        await turn_of(town.alma, opened)
    await _grown(town, opened, 300)
    with counted() as many:
        turn = await turn_of(town.alma, opened)
    assert len(many) == len(few) <= 4
    assert all("COUNT(" in each or "LIMIT" in each for each in many)
    assert (turn.voted, turn.total) == (0, 300)


async def test_the_least_seen_come_first_and_sometimes_any(town: Municipality) -> None:
    """The turns between the equal ones take the least seen, and nobody is shown one twice."""
    opened = await a_round(town)
    await Statement.of(town.entity.id).filter(round_id=opened.id).update(views=500)
    await _grown(town, opened, 200)
    shown = await _turns(town.alma, opened, 2 * EQUAL_EVERY)
    assert len(set(shown)) == len(shown)
    usual = [number for turn, number in enumerate(shown) if not is_equal_turn(turn)]
    assert min(usual) >= 200 - NEEDED - 2 * EQUAL_EVERY
    assert mean(usual) > 180
    alike = [beginning(f"{opened.id}:{town.alma.person_id}", 5, 199)]
    assert alike[0] <= shown[5] < alike[0] + 2 * IN_A_ROW or shown[5] < 2 * IN_A_ROW


async def test_all_are_shown_in_the_end(town: Municipality) -> None:
    """A reader who goes on answers every statement once, equal turns included."""
    opened = await a_round(town)
    await _grown(town, opened, 20)
    assert sorted(await _turns(town.alma, opened, 20)) == list(range(20))
    turn = await turn_of(town.alma, opened)
    assert turn.statement is None
    assert turn.voted == turn.total == 20
