"""Migrating without what the schema never asks for.

Before each step the ORM draws every table of every app anew, for a state that few steps look
at, and builds the queries of each, which none runs: with n tables that is n squared. Here the
state before a step is drawn when a step asks for it, and no queries are built; so a step in
Python gets the connection and writes SQL (docs/decisions/0005). The schema is the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps

_QUERIES = "_build_initial_querysets"
_Models = dict[tuple[str, str], ModelState]


class _Earlier(State):
    """The tables before a step, drawn only where it asks for them."""

    def __init__(self, models: _Models, apps: StateApps) -> None:
        self.models = models
        self._now = apps

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]
        return self._now.clone(model_states=self.models)


def _clone(state: State) -> State:
    return _Earlier({key: model.clone() for key, model in state.models.items()}, state.apps)


@contextmanager
def light_states() -> Iterator[None]:
    """Let migrations run so inside."""
    # By name: the second is the ORM's own affair, and the lock file pins the ORM.
    with _instead(State, "clone", _clone), _instead(StateApps, _QUERIES, _nothing):
        yield


@contextmanager
def _instead(owner: type, name: str, other: Callable[[Any], Any]) -> Iterator[None]:
    original = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, original)


def _nothing(_apps: StateApps) -> None:
    """Build no queries."""
