"""Who may do what, as a table: the rows are actions, the columns are people."""

import pytest

from participa.accounts.permissions import RULES, Action, Actor, Grant, Role, Target, can

HERE, ELSEWHERE, PROCESS, OTHER = 1, 2, 10, 11


def _who(*grants: Grant, person: int | None = 7, entity: int = HERE) -> Actor:
    return Actor(entity_id=entity, person_id=person, grants=frozenset(grants))


PEOPLE = {
    "anonymous": _who(person=None),
    "citizen": _who(),
    "author": _who(person=5),
    "moderator": _who(Grant(Role.MODERATOR, PROCESS)),
    "moderator of another": _who(Grant(Role.MODERATOR, OTHER)),
    "official": _who(Grant(Role.OFFICIAL, PROCESS)),
    "administrator": _who(Grant(Role.ADMINISTRATOR)),
    "neighbour": _who(Grant(Role.ADMINISTRATOR), entity=ELSEWHERE),
}
TARGET = Target(HERE, PROCESS, owner_id=5)
EVERYBODY_HERE = set(PEOPLE) - {"neighbour"}
SIGNED_IN = EVERYBODY_HERE - {"anonymous"}
STAFF = {"moderator", "moderator of another", "official", "administrator"}
EXPECTED: dict[Action, set[str]] = {
    Action.SEE_SITE: EVERYBODY_HERE,
    Action.SIGN_IN: EVERYBODY_HERE,
    Action.SEE_OWN: SIGNED_IN,
    Action.READ: EVERYBODY_HERE,
    Action.EXPORT: EVERYBODY_HERE,
    Action.CONTRIBUTE: SIGNED_IN,
    Action.SUPPORT: SIGNED_IN,
    Action.EDIT: {"author"},
    Action.REMOVE: {"author"},
    Action.SPEAK_FOR_ENTITY: {"official"},
    Action.MODERATE: {"moderator", "administrator"},
    Action.FACILITATE: {"moderator", "official", "administrator"},
    Action.SEE_DESK: STAFF,
    Action.MANAGE_PROCESS: {"official", "administrator"},
    Action.IMPORT: {"official", "administrator"},
    Action.PUBLISH_REPORT: {"official", "administrator"},
    Action.FILE_PETITION: EVERYBODY_HERE,
    Action.HANDLE_PETITIONS: {"official", "administrator"},
    Action.ADMINISTER: {"administrator"},
}


@pytest.mark.parametrize("action", Action)
def test_the_table(action: Action) -> None:
    """Each action is for exactly these people, and no action is without a row."""
    allowed = {name for name, actor in PEOPLE.items() if can(actor, action, TARGET)}
    assert allowed == EXPECTED[action]


@pytest.mark.parametrize("action", Action)
def test_what_is_not_public_is_for_its_staff(action: Action) -> None:
    """A draft or a hidden thing is reached by nobody without a role for its process."""
    hidden = Target(HERE, PROCESS, owner_id=5, is_public=False)
    allowed = {name for name, actor in PEOPLE.items() if can(actor, action, hidden)}
    assert allowed <= {"moderator", "official", "administrator"}


def test_nobody_moderates_their_own() -> None:
    """A moderator's own contribution is for another moderator."""
    own = Target(HERE, PROCESS, owner_id=7)
    assert not can(PEOPLE["moderator"], Action.MODERATE, own)


def test_an_action_without_a_rule_is_denied() -> None:
    """Deny by default: forgetting a rule closes the door."""
    rule = RULES.pop(Action.READ)
    try:
        assert not can(PEOPLE["administrator"], Action.READ, TARGET)
    finally:
        RULES[Action.READ] = rule
