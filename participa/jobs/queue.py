"""Enqueue, claim, run, retry: the same on SQLite and PostgreSQL, with any number of workers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from tortoise.expressions import F, Q

from participa.jobs.models import Job

Handler = Callable[[dict[str, object]], Awaitable[None]]

MAX_ATTEMPTS = 5
CLAIM = timedelta(minutes=10)
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


async def run_due(handlers: Mapping[str, Handler], clock: Callable[[], datetime]) -> int:
    """Run everything that is due and give the number of jobs tried."""
    count = 0
    while (job := await claim(clock())) is not None:
        await _run(job, handlers, clock)
        count += 1
    return count


async def _run(job: Job, handlers: Mapping[str, Handler], clock: Callable[[], datetime]) -> None:
    handler = handlers.get(job.name)
    try:
        if handler is None:
            raise LookupError(f"no handler for {job.name}")
        await handler(job.arguments)
    except Exception as error:
        _log.exception("job %s %s failed", job.id, job.name)
        await _put_back(job, repr(error), clock())
    else:
        await Job.filter(id=job.id).update(done_at=clock(), claimed_until=None, error="")


async def _put_back(job: Job, error: str, now: datetime) -> None:
    again = job.attempts < MAX_ATTEMPTS
    await Job.filter(id=job.id).update(
        error=error[:2000],
        claimed_until=None,
        failed_at=None if again else now,
        run_at=now + timedelta(seconds=5 * 4**job.attempts),
    )


async def worker_loop(
    handlers: Mapping[str, Handler],
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    pause: float = 1.0,
) -> None:
    """Work until cancelled; a broken database is logged and tried again, never given up."""
    while True:
        try:
            await run_due(handlers, clock)
        except Exception:
            _log.exception("the queue could not be read")
        await asyncio.sleep(pause)
