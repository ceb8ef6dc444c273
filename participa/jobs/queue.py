"""Enqueue, claim, run, retry: the same on SQLite and PostgreSQL, with any number of workers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tortoise.expressions import F, Q

from participa.jobs.models import Job

Handler = Callable[[dict[str, object]], Awaitable[None]]

Every = Mapping[str, timedelta]

MAX_ATTEMPTS = 5
CLAIM = timedelta(minutes=10)
_NEVER: Every = {}
_log = logging.getLogger("participa.jobs")


async def enqueue(
    name: str,
    arguments: dict[str, object],
    *,
    entity_id: int | None,
    run_at: datetime,
) -> Job:
    """Ask for work, inside the caller's transaction: a rollback takes the wish back too."""
    return await Job.create(name=name, arguments=arguments, entity_id=entity_id, run_at=run_at)


async def enqueue_many(
    name: str,
    arguments: Sequence[dict[str, object]],
    *,
    entity_id: int | None,
    run_at: datetime,
) -> None:
    """Ask for the same work with each of these arguments, in few statements."""
    await Job.bulk_create(
        [Job(name=name, arguments=each, entity_id=entity_id, run_at=run_at) for each in arguments],
        batch_size=500,
    )


async def keep_recurring(every: Every, now: datetime) -> None:
    """Give each recurring job its row, due now, where it has none yet.

    The row's key is unique: of several workers that start together one puts it there.
    """
    rows = await Job.filter(recurring__in=list(every)).only("id", "recurring")
    there = {row.recurring for row in rows}
    missing = [Job(name=name, recurring=name, run_at=now) for name in every if name not in there]
    if missing:
        await Job.bulk_create(missing, ignore_conflicts=True)


async def claim(now: datetime) -> Job | None:
    """Take the next due job, so that no other worker does it meanwhile.

    The claim runs out after ten minutes: a worker that died leaves nothing stuck.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = Job.filter(free, done_at=None, failed_at=None, run_at__lte=now).order_by("run_at", "id")
    for job in await due.limit(5):
        taken = await Job.filter(free, id=job.id, done_at=None).update(
            claimed_until=now + CLAIM, attempts=F("attempts") + 1
        )
        if taken:
            return await Job.get(id=job.id)
    return None


async def run_due(
    handlers: Mapping[str, Handler], clock: Callable[[], datetime], every: Every = _NEVER
) -> int:
    """Run everything that is due and give the number of jobs tried."""
    if every:
        await keep_recurring(every, clock())
    count = 0
    while (job := await claim(clock())) is not None:
        await _run(job, handlers, clock, every.get(job.recurring or ""))
        count += 1
    return count


async def _run(
    job: Job,
    handlers: Mapping[str, Handler],
    clock: Callable[[], datetime],
    period: timedelta | None,
) -> None:
    handler = handlers.get(job.name)
    try:
        if handler is None:
            raise LookupError(f"no handler for {job.name}")
        await handler(job.arguments)
    except Exception as error:
        _log.exception("job %s %s failed", job.id, job.name)
        await _put_back(job, repr(error), clock(), period)
    else:
        await _finish(job, clock(), period)


async def _finish(job: Job, now: datetime, period: timedelta | None) -> None:
    row = Job.filter(id=job.id)
    if period is None:
        await row.update(done_at=now, claimed_until=None, error="")
    else:
        await row.update(run_at=now + period, attempts=0, claimed_until=None, error="")


async def _put_back(job: Job, error: str, now: datetime, period: timedelta | None) -> None:
    row, words = Job.filter(id=job.id), error[:2000]
    if period is not None:
        # It comes again anyway, however often it failed.
        await row.update(run_at=now + period, claimed_until=None, error=words)
    elif job.attempts < MAX_ATTEMPTS:
        later = now + timedelta(seconds=5 * 4**job.attempts)
        await row.update(run_at=later, claimed_until=None, error=words)
    else:
        await row.update(failed_at=now, claimed_until=None, error=words, recurring=None)


async def worker_loop(
    handlers: Mapping[str, Handler],
    *,
    every: Every = _NEVER,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    pause: float = 1.0,
) -> None:
    """Work until cancelled; a broken database is logged and tried again, never given up.

    `every` names the jobs that come again, each so long after its last run.
    """
    while True:
        try:
            await run_due(handlers, clock, every)
        except Exception:
            _log.exception("the queue could not be read")
        await asyncio.sleep(pause)
