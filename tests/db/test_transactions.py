"""Transactions: what follows a commit follows only a commit."""

import pytest

from participa.db import after_commit, transaction
from participa.entities.models import Office
from participa.settings import Settings
from tests.people import Municipality


def _note(told: list[str], what: str) -> None:
    told.append(what)


async def test_after_commit_comes_after(town: Municipality) -> None:
    """The callback sees the row committed; inner blocks join the outer one."""
    told: list[str] = []
    async with transaction():
        await Office.create(entity=town.entity, name="Nueva")
        async with transaction():
            after_commit(lambda: _note(told, "inner"))
        assert told == []
    assert told == ["inner"]


async def test_a_rollback_takes_everything_back(town: Municipality) -> None:
    """Neither the row nor the callback survives a failure in the block."""
    told: list[str] = []
    with pytest.raises(RuntimeError):
        async with transaction():
            await Office.create(entity=town.entity, name="Nunca")
            after_commit(lambda: _note(told, "never"))
            raise RuntimeError
    assert told == []
    assert not await Office.of(town.entity.id).filter(name="Nunca").exists()


async def test_after_commit_needs_a_transaction(database: Settings) -> None:
    """A wake outside a transaction would announce nothing, so it is refused."""
    with pytest.raises(RuntimeError):
        after_commit(lambda: _note([], "x"))
