import functools
import json
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

from participa.db.keys import RandomKey, random_id

_KINDS = {"text": "long"}
# Tables whose keys change are written anew from copies; both databases know these statements.
_KEEP = """
    CREATE TABLE surveys_kept_response AS SELECT * FROM surveys_response;
    CREATE TABLE surveys_kept_answer AS SELECT * FROM surveys_answer;
    CREATE TABLE surveys_kept_question AS SELECT * FROM surveys_question
"""
_RESTORE = """
    INSERT INTO surveys_question (id, entity_id, survey_id, version, page, position, item)
    SELECT id, entity_id, survey_id, version, 0, position, {empty} FROM surveys_kept_question;
    INSERT INTO surveys_response (id, entity_id, survey_id, version, day)
    SELECT id, entity_id, survey_id, version, CAST(substr(CAST(created_at AS text), 1, 10) AS {day})
    FROM surveys_kept_response;
    INSERT INTO surveys_participation (id, entity_id, survey_id, participant, person_id,
        response_id, receipt_number, request_key, created_at)
    SELECT id, entity_id, survey_id,
        CASE WHEN person_id IS NULL THEN 'gone:' || id ELSE 'person:' || person_id END,
        person_id, id, receipt_number, request_key, created_at
    FROM surveys_kept_response;
    INSERT INTO surveys_answer (id, entity_id, response_id, question_id, "row", choice, text)
    SELECT id, entity_id, response_id, question_id, 0, choice, text FROM surveys_kept_answer;
    DROP TABLE surveys_kept_answer;
    DROP TABLE surveys_kept_response;
    INSERT INTO surveys_page (entity_id, survey_id, version, number, title)
    SELECT DISTINCT entity_id, survey_id, version, 0, {empty} FROM surveys_question;
    UPDATE surveys_survey SET languages = {languages}
"""
_NEXT_QUESTION = """
    SELECT setval(pg_get_serial_sequence('surveys_question', 'id'),
        (SELECT coalesce(max(id), 0) + 1 FROM surveys_question), false)
"""


async def keep(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Copy what was answered."""
    await _run(editor.client, _KEEP)


async def restore(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Bring back what was answered, and each question as an item."""
    client = editor.client
    is_sqlite = client.capabilities.dialect == "sqlite"
    cast = "" if is_sqlite else "::jsonb"
    day = "text" if is_sqlite else "date"
    languages, empty = f"""'["es"]'{cast}""", f"'{{}}'{cast}"
    await _run(client, _RESTORE.format(day=day, languages=languages, empty=empty))
    mark = "?" if is_sqlite else "$"
    if not is_sqlite:
        await _run(client, _NEXT_QUESTION)
    update = f"UPDATE surveys_question SET item = {mark}1{cast} WHERE id = {mark}2"  # noqa: S608 - our own words
    for row in await client.execute_query_dict("SELECT * FROM surveys_kept_question"):
        await client.execute_query(update, [dumps(_item(row)), row["id"]])
    await _run(client, "DROP TABLE surveys_kept_question")


async def _run(client: BaseDBAsyncClient, script: str) -> None:
    for statement in script.split(";"):
        await client.execute_query(statement)


def _item(row: dict[str, object]) -> dict[str, object]:
    kind, options = str(row["kind"]), row["options"]
    labels = json.loads(options) if isinstance(options, str) else options
    return {
        "code": f"p{int(str(row['position'])) + 1}",
        "kind": _KINDS.get(kind, kind),
        "text": {"es": row["text"]},
        "help": {"es": row["help"]} if row["help"] else {},
        "required": bool(row["required"]),
        "options": [
            {"code": str(number), "label": {"es": label}}
            for number, label in enumerate(labels or [], 1)
        ],
    }


_JSON = {"encoder": functools.partial(dumps, separators=(",", ":")), "decoder": loads}


def _belongs(to: str, name: str, on_delete: OnDelete, *, null: bool = False) -> fields.Field:
    return fields.ForeignKeyField(to, source_field=f"{name}_id", null=null, db_constraint=True,
                                  to_field="id", related_name=False, on_delete=on_delete)  # fmt: skip


def _key() -> fields.Field:
    return RandomKey(primary_key=True, generated=False, default=random_id)


def _entity() -> fields.Field:
    return _belongs("entities.Entity", "entity", OnDelete.RESTRICT)


def _survey() -> fields.Field:
    return _belongs("surveys.Survey", "survey", OnDelete.CASCADE)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("entities", "0001_initial"), ("surveys", "0001_initial")]

    initial = False

    operations = [
        ops.RunPython(keep, ops.RunPython.noop),
        ops.DeleteModel(name="Answer"),
        ops.DeleteModel(name="Question"),
        ops.DeleteModel(name="Response"),
        ops.CreateModel(
            name="Question",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("entity", _entity()),
                ("survey", _survey()),
                ("version", fields.IntField()),
                ("page", fields.IntField(default=0)),
                ("position", fields.IntField()),
                ("item", fields.JSONField(**_JSON)),
            ],
            options={"table": "surveys_question", "app": "surveys", "unique_together": (("survey", "version", "position"),), "pk_attr": "id"},
            bases=["EntityRow"],
        ),
        ops.CreateModel(
            name="Response",
            fields=[
                ("id", _key()),
                ("entity", _entity()),
                ("survey", _survey()),
                ("version", fields.IntField()),
                ("day", fields.DateField()),
            ],
            options={"table": "surveys_response", "app": "surveys", "indexes": [Index(fields=["survey_id", "version"])], "pk_attr": "id"},
            bases=["EntityRow"],
        ),
        ops.CreateModel(
            name="Participation",
            fields=[
                ("id", _key()),
                ("entity", _entity()),
                ("survey", _survey()),
                ("participant", fields.CharField(max_length=80)),
                ("person", _belongs("accounts.Person", "person", OnDelete.SET_NULL, null=True)),
                ("response", _belongs("surveys.Response", "response", OnDelete.SET_NULL, null=True)),
                ("receipt_number", fields.CharField(max_length=24)),
                ("request_key", fields.CharField(null=True, max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "surveys_participation", "app": "surveys", "unique_together": (("survey", "participant"), ("entity", "receipt_number")), "indexes": [Index(fields=["person_id"]), Index(fields=["response_id"])], "pk_attr": "id"},
            bases=["EntityRow"],
        ),
        ops.CreateModel(
            name="Answer",
            fields=[
                ("id", _key()),
                ("entity", _entity()),
                ("response", _belongs("surveys.Response", "response", OnDelete.CASCADE)),
                ("question", _belongs("surveys.Question", "question", OnDelete.NO_ACTION)),
                ("row", fields.IntField(default=0)),
                ("choice", fields.IntField(null=True)),
                ("number", fields.FloatField(null=True)),
                ("text", fields.TextField(default="", unique=False)),
            ],
            options={"table": "surveys_answer", "app": "surveys", "unique_together": (("response", "question", "row", "choice"),), "indexes": [Index(fields=["question_id", "row", "choice", "response_id", "number", "entity_id"])], "pk_attr": "id"},
            bases=["EntityRow"],
        ),
        ops.CreateModel(
            name="SurveyPage",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("entity", _entity()),
                ("survey", _survey()),
                ("version", fields.IntField()),
                ("number", fields.IntField()),
                ("title", fields.JSONField(default=dict, **_JSON)),
            ],
            options={"table": "surveys_page", "app": "surveys", "unique_together": (("survey", "version", "number"),), "pk_attr": "id"},
            bases=["EntityRow"],
        ),
        ops.AddField(model_name="Survey", name="languages", field=fields.JSONField(default=list, db_default=[], **_JSON)),
        ops.RunPython(restore, ops.RunPython.noop),
    ]
