"""May this actor do this to that? The one place that answers, denying by default.

Roles: anyone; citizen (signed in); moderator, official and administrator, each granted for
one process or for the whole entity.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an entity entrusts to a person."""

    MODERATOR = "moderator"
    OFFICIAL = "official"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """Everything a route, a socket, an export or a job may ask for."""

    SEE_SITE = "see_site"
    SIGN_IN = "sign_in"
    SEE_OWN = "see_own"
    READ = "read"
    EXPORT = "export"
    CONTRIBUTE = "contribute"
    SUPPORT = "support"
    EDIT = "edit"
    REMOVE = "remove"
    SPEAK_FOR_ENTITY = "speak_for_entity"
    MODERATE = "moderate"
    FACILITATE = "facilitate"
    SEE_DESK = "see_desk"
    MANAGE_PROCESS = "manage_process"
    IMPORT = "import"
    PUBLISH_REPORT = "publish_report"
    FILE_PETITION = "file_petition"
    HANDLE_PETITIONS = "handle_petitions"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, for one process or (None) for the whole entity."""

    role: Role
    process_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person of one entity, or somebody unknown (`person_id` None)."""

    entity_id: int
    person_id: int | None = None
    name: str = ""
    office: str = ""
    grants: frozenset[Grant] = frozenset()

    @property
    def is_anonymous(self) -> bool:
        """Nobody is signed in."""
        return self.person_id is None

    @property
    def is_staff(self) -> bool:
        """Holds any role, for any process."""
        return bool(self.grants)

    def has_role(self, roles: frozenset[Role], process_id: int | None) -> bool:
        """Whether one of the roles is held for the process or for the whole entity."""
        return any(
            grant.role in roles and grant.process_id in {None, process_id} for grant in self.grants
        )


@dataclass(frozen=True, slots=True)
class Target:
    """What is acted upon, reduced to what permission depends on.

    `is_public` is false for drafts and for what a moderator hid.
    """

    entity_id: int
    process_id: int | None = None
    owner_id: int | None = None
    is_public: bool = True


ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
OFFICIALS = frozenset({Role.OFFICIAL, Role.ADMINISTRATOR})
MODERATORS = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})
STAFF = frozenset(Role)

Rule = Callable[[Actor, Target], bool]


def _anyone(_actor: Actor, _target: Target) -> bool:
    return True


def _signed_in(actor: Actor, _target: Target) -> bool:
    return not actor.is_anonymous


def _owner(actor: Actor, target: Target) -> bool:
    return not actor.is_anonymous and actor.person_id == target.owner_id


def _any_role(actor: Actor, _target: Target) -> bool:
    return actor.is_staff


def _holder_of(roles: frozenset[Role]) -> Rule:
    return lambda actor, target: actor.has_role(roles, target.process_id)


def _moderator_not_author(actor: Actor, target: Target) -> bool:
    return actor.has_role(MODERATORS, target.process_id) and not _owner(actor, target)


def _official_in_person(actor: Actor, target: Target) -> bool:
    return actor.has_role(frozenset({Role.OFFICIAL}), target.process_id)


RULES: dict[Action, Rule] = {
    Action.SEE_SITE: _anyone,
    Action.SIGN_IN: _anyone,
    Action.SEE_OWN: _signed_in,
    Action.READ: _anyone,
    Action.EXPORT: _anyone,
    Action.CONTRIBUTE: _signed_in,
    Action.SUPPORT: _signed_in,
    Action.EDIT: _owner,
    Action.REMOVE: _owner,
    Action.SPEAK_FOR_ENTITY: _official_in_person,
    Action.MODERATE: _moderator_not_author,
    Action.FACILITATE: _holder_of(STAFF),
    Action.SEE_DESK: _any_role,
    Action.MANAGE_PROCESS: _holder_of(OFFICIALS),
    Action.IMPORT: _holder_of(OFFICIALS),
    Action.PUBLISH_REPORT: _holder_of(OFFICIALS),
    Action.FILE_PETITION: _anyone,
    Action.HANDLE_PETITIONS: _holder_of(OFFICIALS),
    Action.ADMINISTER: _holder_of(ADMINISTRATORS),
}


def can(actor: Actor, action: Action, target: Target) -> bool:
    """Decide whether the actor may do this to the target.

    Nobody reaches another entity, and what is not public is for its process's staff alone.
    """
    if actor.entity_id != target.entity_id:
        return False
    if not target.is_public and not actor.has_role(STAFF, target.process_id):
        return False
    rule = RULES.get(action)
    return rule is not None and rule(actor, target)
