"""The queue: each job once, failures tried again, nothing stuck behind a dead worker."""

import asyncio
from datetime import timedelta

import pytest

from participa.db import transaction
from participa.jobs import Job, enqueue, run_due
from participa.jobs.queue import CLAIM, MAX_ATTEMPTS, claim, keep_recurring
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


async def test_a_failing_job_is_tried_again_and_given_up(database: Settings, clock: Clock) -> None:
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


EVERY = {"tests.note": timedelta(minutes=1)}


async def test_a_recurring_job_has_one_row_and_comes_again(
    database: Settings, clock: Clock
) -> None:
    """It runs at once and then each period, never twice in one, from a single row."""
    runs: list[object] = []

    async def note(_arguments: dict[str, object]) -> None:
        runs.append(clock())

    for _ in range(3):
        await run_due({"tests.note": note}, clock, EVERY)
        await run_due({"tests.note": note}, clock, EVERY)
        clock.move(minutes=1)
    assert len(runs) == len(set(runs)) == 3
    assert await Job.all().count() == 1


async def test_many_workers_keep_one_occurrence(database: Settings, clock: Clock) -> None:
    """Workers that start together put one row there and run it once."""
    runs = 0

    async def note(_arguments: dict[str, object]) -> None:
        nonlocal runs
        await asyncio.sleep(0.01)
        runs += 1

    await asyncio.gather(*(run_due({"tests.note": note}, clock, EVERY) for _ in range(6)))
    assert await Job.filter(recurring="tests.note", done_at=None, failed_at=None).count() == 1
    assert runs == 1
    clock.move(minutes=1)
    await asyncio.gather(*(run_due({"tests.note": note}, clock, EVERY) for _ in range(6)))
    assert await Job.all().count() == 1
    assert runs == 2


async def test_a_recurring_job_is_never_given_up(database: Settings, clock: Clock) -> None:
    """However often it fails it comes again, and a good run clears the error."""
    broken = True

    async def note(_arguments: dict[str, object]) -> None:
        if broken:
            raise RuntimeError("no network")

    for _ in range(MAX_ATTEMPTS + 3):
        assert await run_due({"tests.note": note}, clock, EVERY) == 1
        clock.move(minutes=1)
    broken = False
    await run_due({"tests.note": note}, clock, EVERY)
    job = await Job.all().get()
    assert (job.failed_at, job.error, job.attempts) == (None, "", 0)


async def test_a_dead_workers_recurring_job_is_taken_over(database: Settings, clock: Clock) -> None:
    """Killed in the middle, it is pending still and runs after the claim."""
    await keep_recurring(EVERY, clock())
    assert await claim(clock()) is not None
    await keep_recurring(EVERY, clock())
    assert await Job.all().count() == 1
    clock.move(seconds=CLAIM.total_seconds() + 1)
    assert await claim(clock()) is not None


async def test_a_job_that_recurs_no_more_ends(database: Settings, clock: Clock) -> None:
    """The row of a job that a newer version does not name any more runs out, and may return."""
    await keep_recurring(EVERY, clock())
    for _ in range(MAX_ATTEMPTS):
        await run_due({}, clock)
        clock.move(days=1)
    assert await Job.filter(failed_at=None, done_at=None).count() == 0
    await keep_recurring(EVERY, clock())
    assert await Job.filter(failed_at=None, done_at=None).count() == 1
