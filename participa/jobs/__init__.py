"""Work for later, kept in the database: enqueued in the transaction that wants it done."""

from participa.jobs.models import Job
from participa.jobs.queue import Handler, enqueue, run_due, worker_loop

__all__ = ["Handler", "Job", "enqueue", "run_due", "worker_loop"]
