"""People, the roles granted to them, their sign-ins, one-time links and consents."""

from tortoise import fields
from tortoise.indexes import Index

from participa.entities.models import EntityRow, Office, Territory


class Person(EntityRow):
    """Somebody who takes part.

    `imported` people come with another platform's contributions: they have a pseudonym, no
    address and no password, and can never sign in. Neither can an `organisation`.
    """

    kind = fields.CharField(
        max_length=12, default="registered"
    )  # registered | imported | organisation
    display_name = fields.CharField(max_length=60)
    email = fields.CharField(max_length=254, null=True)
    password_hash = fields.CharField(max_length=255, default="")
    territory: fields.ForeignKeyNullableRelation[Territory] = fields.ForeignKeyField(
        "entities.Territory", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    territory_id: int | None
    office: fields.ForeignKeyNullableRelation[Office] = fields.ForeignKeyField(
        "entities.Office", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    office_id: int | None
    # The source platform's key of an imported person, such as "barcelona-pam2016:u03440".
    source_key = fields.CharField(max_length=120, null=True)
    is_active = fields.BooleanField(default=True)
    is_demo = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "accounts_person"
        unique_together = (("entity", "email"), ("entity", "source_key"))


class RoleGrant(EntityRow):
    """A role given to a person, for one process or the whole entity.

    `process_id` is a plain number because processes stand on a higher floor.
    """

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name="grants", on_delete=fields.CASCADE
    )
    person_id: int
    role = fields.CharField(max_length=20)
    process_id: int | None = fields.IntField(null=True)
    granted_at = fields.DatetimeField()

    class Meta:
        table = "accounts_role_grant"
        unique_together = (("person", "role", "process_id"),)
        indexes = [Index(fields=("person_id",))]


class LoginSession(EntityRow):
    """A sign-in that can be ended from here: the browser holds only a random token."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "accounts_login_session"
        indexes = [Index(fields=("person_id",))]


class OneTimeLink(EntityRow):
    """A link sent by mail that works once; only the hash of its token is kept."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    purpose = fields.CharField(max_length=20)  # reset
    token_hash = fields.CharField(max_length=64, unique=True)
    email = fields.CharField(max_length=254)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "accounts_one_time_link"
        indexes = [Index(fields=("person_id",))]


class Consent(EntityRow):
    """An authorisation to treat personal data: which text, for what, when (Ley 1581 art. 9)."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    purpose = fields.CharField(max_length=40)
    text_version = fields.CharField(max_length=20)
    given_at = fields.DatetimeField()

    class Meta:
        table = "accounts_consent"
        indexes = [Index(fields=("person_id",))]


class IdentityCheck(EntityRow):
    """That an official saw somebody's identity document; of its number a keyed hash is kept (T33).

    One document is of one account, and one account has one document.
    """

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    document_hash = fields.CharField(max_length=64)
    checked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    checked_by_id: int | None
    checked_at = fields.DatetimeField()

    class Meta:
        table = "accounts_identity_check"
        unique_together = (("entity", "document_hash"),)
        indexes = [Index(fields=("checked_by_id",))]
