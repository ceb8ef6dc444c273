"""A process that sends one person's answers many times at once: run as a module by a test."""

import asyncio
import os
import sys
from pathlib import Path

from participa.accounts.permissions import Actor
from participa.db import connected
from participa.surveys.models import Participation, Survey
from participa.surveys.quotas import QuotaFull
from participa.surveys.service import AlreadyAnswered, answer_survey
from participa.surveys.who import Answerer
from tests.conftest import make_settings
from tests.people import NOW
from tests.surveys.surveying import filled_in


async def main(
    folder: str, database_url: str, entity_id: str, survey_id: str, person_id: str, times: str
) -> None:
    """Answer so many times; `person_id` 0 stands for as many people without an account."""
    changes = {"database_url": database_url} if database_url else {}
    async with connected(make_settings(Path(folder), **changes)):
        survey = await Survey.of(int(entity_id)).get(id=int(survey_id))
        answers = await filled_in(survey)
        actor = Actor(survey.entity_id, int(person_id) or None)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        sent = await asyncio.gather(
            *(
                answer_survey(
                    actor, survey.id, answers, NOW,
                    who=None if actor.person_id else Answerer(f"doc:{os.getpid()}-{n}"),
                )
                for n in range(int(times))
            ),
            return_exceptions=True,
        )  # fmt: skip
    others = [each for each in sent if not isinstance(each, Participation)]
    wrong = [each for each in others if not isinstance(each, AlreadyAnswered | QuotaFull)]
    print(len(sent) - len(others), len(others) - len(wrong), repr(wrong[:1]), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
