"""What officials say of the menu's items: who owns them, where else they are published."""

from datetime import datetime

from tortoise import fields

from participa.entities.models import EntityRow
from participa.menu.rules import MAX_OFFICE, MAX_TITLE, MAX_URL, Mode


class MenuEntry(EntityRow):
    """What an official said last of one item; earlier words stand in the public log.

    `owner` is the name of an office, as plans name them: it outlives the office.
    """

    code = fields.CharField(max_length=12)
    mode = fields.CharField(max_length=20, default=Mode.LIVE.value)
    owner = fields.CharField(max_length=MAX_OFFICE, default="")
    title = fields.CharField(max_length=MAX_TITLE, default="")
    url = fields.CharField(max_length=MAX_URL, default="")
    reason = fields.TextField(default="")
    changed_by = fields.CharField(max_length=120)
    changed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "menu_entry"
        unique_together = (("entity", "code"),)
