"""Keys that do not tell in which order rows were written (T34)."""

from secrets import randbelow

from tortoise.fields import BigIntField


def random_id() -> int:
    """Draw a key; two rows draw the same one about never, and then the second is refused."""
    return randbelow(2**62) + 1


class RandomKey(BigIntField):
    """A primary key given by `random_id`.

    On SQLite only a column declared INTEGER orders the table itself; beside any other the
    database keeps a counter of its own, which would tell the order.
    """

    class _db_sqlite:  # noqa: N801
        SQL_TYPE = "INTEGER"
