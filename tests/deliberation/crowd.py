"""A crowd that talks at random, by a seed: every act of a conversation, in any order."""

import random
from collections.abc import Awaitable, Callable

from participa.accounts.permissions import Actor
from participa.deliberation import service
from participa.deliberation.models import Contribution
from participa.moderation import service as moderation
from participa.web.refusals import Refusal
from tests.deliberation.talking import say
from tests.people import NOW, Municipality


class Crowd:
    """People who do this and that, by a seed: what is refused is refused."""

    def __init__(self, town: Municipality, seed: int) -> None:
        self.town = town
        self.dice = random.Random(seed)  # noqa: S311 - a seed is wanted
        self.said: list[Contribution] = [town.topic]

    async def act(self) -> None:
        """Do one thing."""
        acts: list[Callable[[], Awaitable[object]]] = [
            self._say, self._say, self._answer, self._answer, self._answer, self._support,
            self._support, self._edit, self._hide, self._restore, self._remove,
        ]  # fmt: skip
        try:
            await self.dice.choice(acts)()
        except Refusal:
            return

    def _one(self) -> Contribution:
        return self.dice.choice(self.said)

    def _actor(self) -> Actor:
        return self.dice.choice([self.town.ana, self.town.beto, self.town.diego])

    def _author(self, one: Contribution) -> Actor:
        actors = (self.town.ana, self.town.beto, self.town.diego)
        return next(each for each in actors if each.person_id == one.author_id)

    async def _say(self) -> None:
        self.said.append(await say(self.town, self._actor(), f"**Voz** {len(self.said)}"))

    async def _answer(self) -> None:
        words = f"- Respuesta\n- número {len(self.said)}"
        self.said.append(await say(self.town, self._actor(), words, parent_id=self._one().id))

    async def _support(self) -> None:
        wanted = self.dice.random() < 0.7
        await service.set_support(self._actor(), self._one().id, wanted=wanted, now=NOW)

    async def _edit(self) -> None:
        one = self._one()
        await service.edit(self._author(one), one.id, f"Así: {self.dice.random()}", now=NOW)

    async def _hide(self) -> None:
        await moderation.hide(self.town.carmen, self._one().id, rule="2", now=NOW)

    async def _restore(self) -> None:
        await moderation.restore(self.town.carmen, self._one().id, now=NOW)

    async def _remove(self) -> None:
        one = self._one()
        await service.remove(self._author(one), one.id, now=NOW)
