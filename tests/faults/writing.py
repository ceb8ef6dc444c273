"""A process that writes into a conversation: `python -m tests.faults.writing ...`."""

import asyncio
import random
import sys
from datetime import UTC, datetime

from redis.asyncio import Redis

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.accounts.sessions import actor_for
from participa.db import connected
from participa.deliberation import service
from participa.deliberation.saying import Said
from participa.realtime import RedisHub, use_hub
from participa.settings import load_settings


async def write(
    seed: int, thread_id: int, count: int, pace: float, size: int, ids: list[int]
) -> None:
    """Publish, support and edit until so many events are there, some of them at once."""
    settings = load_settings()
    chance = random.Random(seed)  # noqa: S311 - the same each time
    redis = Redis.from_url(settings.redis_url)
    hub = RedisHub(redis)
    use_hub(hub)
    talking = asyncio.create_task(hub.talk())
    async with connected(settings):
        people = [await actor_for(await Person.get(id=each)) for each in ids]
        desk = Desk(people, thread_id, size, chance)
        started, done = asyncio.get_running_loop().time(), 0
        while done < count:
            some = min(chance.randint(1, 8), count - done)
            await asyncio.gather(*(desk.act() for _ in range(some)))
            done += some
            ahead = done / pace - (asyncio.get_running_loop().time() - started)
            await asyncio.sleep(max(ahead, 0))
        await asyncio.sleep(0.2)
    talking.cancel()
    await redis.aclose()


class Desk:
    """Somebody who does one thing after the other; each is exactly one event."""

    def __init__(
        self, people: list[Actor], thread_id: int, size: int, chance: random.Random
    ) -> None:
        self.people, self.thread_id, self.size, self.chance = people, thread_id, size, chance
        self.said: list[tuple[int, Actor]] = []
        self.pressed: set[tuple[int, int]] = set()
        self.turn = 0

    async def act(self) -> None:
        """Do one thing."""
        self.turn += 1
        turn, who, now = self.turn, self.chance.choice(self.people), datetime.now(UTC)
        what = self.chance.random()
        if self.size > 100 or not self.said or what < 0.5:
            words = f"Aporte {turn}. " + "Palabras. " * (self.size // 10)
            new = await service.publish(who, self.thread_id, Said(words), now=now)
            self.said.append((new.id, who))
            return
        found, author = self.chance.choice(self.said[-50:])
        pair = (found, who.person_id or 0)
        if what < 0.8 and author is not who and pair not in self.pressed:
            self.pressed.add(pair)
            await service.set_support(who, found, wanted=True, now=now)
        else:
            await service.edit(author, found, f"Cambiado en el turno {turn}.", now=now)


if __name__ == "__main__":
    numbers = [float(each) for each in sys.argv[1:]]
    seed, thread_id, count, pace, size, *ids = numbers
    asyncio.run(
        write(int(seed), int(thread_id), int(count), pace, int(size), [int(each) for each in ids])
    )
