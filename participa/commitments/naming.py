"""From what is typed to rows: receipts, what a commitment is made on, who may answer for it."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request

from participa.accounts.officials import officials_of
from participa.commitments.rules import QUESTION, SESSION
from participa.deliberation.models import Contribution
from participa.deliberation.pages import features_of
from participa.deliberation.rules import State
from participa.entities.models import Office
from participa.i18n import Text, _
from participa.web.forms import Form

Options = list[tuple[str, str | Text]]


async def contributions_named(
    entity_id: int, process_id: int, receipts: Sequence[str], form: Form
) -> list[Contribution]:
    """Find the contributions of these receipts in a process; the form names what is not there."""
    rows = Contribution.of(entity_id).filter(
        receipt_number__in=list(receipts), process_id=process_id, office="",
        state=State.PUBLISHED, thread__is_hidden=False,
    )  # fmt: skip
    found = await rows.select_related("thread").order_by("id")
    known = {each.receipt_number for each in found}
    unknown = [each for each in receipts if each not in known]
    if unknown:
        words = _("No hay un aporte a la vista con {list}.", list=", ".join(unknown))
        form.fail("receipts", words)
    return found


def session_among(
    origin: tuple[str, int] | None, contributions: Sequence[Contribution]
) -> int | None:
    """Give the session that a commitment was made in: its plan, or that of a question."""
    if origin is not None and origin[0] == SESSION:
        return origin[1]
    asked = [each.thread.place_id for each in contributions if each.thread.kind == QUESTION]
    return asked[0] if asked else None


async def known_origin(
    request: Request, entity_id: int, origin: tuple[str, int] | None
) -> tuple[str, int] | None:
    """Keep what a commitment is made on only if it is there."""
    if origin is None or await features_of(request).link(entity_id, *origin) is None:
        return None
    return origin


async def who_options(entity_id: int, process_id: int) -> Mapping[str, Options]:
    """List the offices and the officials that may answer for a commitment of a process."""
    offices = await Office.of(entity_id).order_by("name")
    people = await officials_of(entity_id, process_id)
    return {
        "offices": [("", _("Elija una")), *((str(each.id), each.name) for each in offices)],
        "owners": [
            ("", _("Elija a una persona")),
            *(
                (str(each.id), f"{each.display_name} · {each.office.name}" if each.office else
                 each.display_name)
                for each in people
            ),
        ],
    }  # fmt: skip
