"""What commitments offer to the rest of the house."""

from datetime import UTC, datetime, timedelta

from participa.commitments.along import ALONG
from participa.commitments.desk_pages import DESK_ROUTES
from participa.commitments.evidence import ask_for_evidence
from participa.commitments.queries import commitments_of, fillings_of, links_of
from participa.commitments.routes import ROUTES, datasets_of
from participa.commitments.rules import FILE_OWNER, KIND
from participa.commitments.steps import TELL_STEP
from participa.commitments.telling import duty_told, remind_owners, step_teller, step_told
from participa.features import CosignersOf, Feature
from participa.notifications.feature import no_cosigners
from participa.notifications.rules import Kind

REMIND = "commitments.remind"
REMIND_EVERY = timedelta(hours=1)


def feature(cosigners: CosignersOf | None) -> Feature:
    """Make the manifest; `cosigners` says who made a proposal together with its author."""

    async def remind(_arguments: dict[str, object]) -> None:
        await remind_owners(datetime.now(UTC))

    return Feature(
        name="commitments",
        routes=[*ROUTES, *DESK_ROUTES],
        jobs={TELL_STEP: step_teller(cosigners or no_cosigners), REMIND: remind},
        every={REMIND: REMIND_EVERY},
        tellings={Kind.COMMITMENT: step_told, Kind.DUTY: duty_told},
        commitments_of=commitments_of,
        fillings_of=fillings_of,
        datasets_of=datasets_of,
        links={KIND: links_of},
        file_owners={FILE_OWNER: ask_for_evidence},
        along_answers=ALONG,
    )
