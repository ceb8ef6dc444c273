"""Forums; their topics are threads of the deliberation core."""

from tortoise import fields

from participa.entities.models import EntityRow
from participa.processes.models import Process


class Forum(EntityRow):
    """A place to debate inside a process."""

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=160)
    question = fields.TextField(default="")
    position = fields.IntField(default=0)

    class Meta:
        table = "forums_forum"
        unique_together = (("process", "title"),)
