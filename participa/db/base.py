"""The base of every table."""

from typing import Any, cast

from tortoise.models import Model, ModelMeta


class _Undescribed(ModelMeta):
    """Keeps docstrings out of the schema.

    The ORM would store each first line as the table's comment: rewording one would then need
    a migration, and a semicolon in it breaks the statement on SQLite.
    """

    def __new__(  # noqa: PYI034 - a metaclass may not name Self
        cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]
    ) -> "_Undescribed":
        """Make the model and forget its description."""
        model = cast("type[Model]", super().__new__(cls, name, bases, attrs))
        model._meta.table_description = ""  # noqa: SLF001 - the ORM offers no other way
        return cast("_Undescribed", model)


class Row(Model, metaclass=_Undescribed):
    """A row of any table."""

    class Meta:
        abstract = True
