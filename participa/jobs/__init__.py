"""Work for later, kept in the database: enqueued in the transaction that wants it done."""

from participa.jobs.models import Job
from participa.jobs.queue import Every, Handler, enqueue, enqueue_many, run_due, worker_loop

__all__ = [
    "Every",
    "Handler",
    "Job",
    "enqueue",
    "enqueue_many",
    "run_due",
    "worker_loop",
]
