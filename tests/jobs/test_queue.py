"""The queue: each job once, failures tried again, nothing stuck behind a dead worker."""

import asyncio
from datetime import timedelta

import pytest

from participa.db import transaction
from participa.jobs import Job, enqueue, run_due
from participa.jobs.queue import CLAIM, MAX_ATTEMPTS, claim
from participa.settings import Settings
from tests.conftest import Clock


async def _job(clock: Clock, **arguments: object) -> Job:
    return await enqueue("tests.note", dict(arguments), entity_id=None, run_at=clock())


async def test_a_due_job_runs_once(database: Settings, clock: Clock) -> None:
    """A job runs with its arguments, and not again."""
    done: list[object] = []

    async def note(arguments: dict[str, object]) -> None:
        done.append(arguments["n"])

    await _job(clock, n=1)
    assert await run_due({"tests.note": note}, clock) == 1
    assert await run_due({"tests.note": note}, clock) == 0
    assert done == [1]


async def test_many_workers_take_each_job_once(database: Settings, clock: Clock) -> None:
    """Workers side by side share the jobs out; none is done twice or left."""
    done: list[object] = []

    async def note(arguments: dict[str, object]) -> None:
        await asyncio.sleep(0)
        done.append(arguments["n"])

    for n in range(20):
        await _job(clock, n=n)
    await asyncio.gather(*(run_due({"tests.note": note}, clock) for _ in range(4)))
    await run_due({"tests.note": note}, clock)
    assert sorted(map(str, done)) == sorted(str(n) for n in range(20))


async def test_a_job_of_the_future_waits(database: Settings, clock: Clock) -> None:
    """A job set for later is not run before its time."""
    await enqueue("tests.note", {}, entity_id=None, run_at=clock() + timedelta(hours=1))
    assert await claim(clock()) is None
    clock.move(hours=1)
    assert await claim(clock()) is not None


async def test_a_failing_job_is_tried_again_and_given_up(
    database: Settings, clock: Clock
) -> None:
    """Each failure waits longer; after the last try the job keeps its error and stops."""
    tries = 0

    async def broken(_arguments: dict[str, object]) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("no network")

    await _job(clock)
    for _ in range(MAX_ATTEMPTS + 3):
        await run_due({"tests.note": broken}, clock)
        clock.move(days=1)
    job = await Job.all().first()
    assert job is not None
    assert tries == MAX_ATTEMPTS
    assert job.failed_at is not None
    assert "no network" in job.error


async def test_a_dead_workers_job_is_taken_over(database: Settings, clock: Clock) -> None:
    """A claim runs out, so that what a killed worker held is done by another."""
    await _job(clock)
    assert await claim(clock()) is not None
    assert await claim(clock()) is None
    clock.move(seconds=CLAIM.total_seconds() + 1)
    assert await claim(clock()) is not None


async def test_a_wish_is_rolled_back_with_its_act(database: Settings, clock: Clock) -> None:
    """A job enqueued in a transaction that fails was never wished for."""
    with pytest.raises(RuntimeError):
        async with transaction():
            await _job(clock)
            raise RuntimeError
    assert await Job.all().count() == 0
