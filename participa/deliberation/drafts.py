"""What was written before saying who writes it: kept, and found again after signing in."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from participa.deliberation.models import Draft
from participa.security.tokens import new_token, token_hash
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query

LIFE = timedelta(days=7)
TOKEN_LENGTH = 40


async def keep_draft(request: Request, return_to: str, values: dict[str, str]) -> Response:
    """Keep a form's values and send its writer to sign in, and back to the form after that."""
    ctx = context(request)
    token = new_token()
    await Draft.of(ctx.entity.id).filter(created_at__lt=ctx.now - LIFE).delete()
    kept = {name: value for name, value in values.items() if name not in {"csrf", "request_key"}}
    await Draft.create(
        entity_id=ctx.entity.id,
        token_hash=token_hash(token),
        return_to=return_to[:300],
        values=kept,
        created_at=ctx.now,
    )
    back = with_query(return_to, borrador=token, aviso="borrador")
    return see(with_query("/ingresar", next=back))


async def draft_form(request: Request, fields: tuple[str, ...]) -> Form:
    """Give a form filled in from the draft named in the address, or an empty one."""
    token = request.query_params.get("borrador")
    if token:
        kept = Draft.of(context(request).entity.id).filter(token_hash=token_hash(token))
        draft = await kept.first()
        if draft is not None:
            request.state.draft_token = token
            known = {name: text for name, text in draft.values.items() if name in fields}
            return Form(known, fields=fields)
    return Form(fields=fields)


async def forget_draft(entity_id: int, request_key: str | None) -> None:
    """Drop the draft that a published form came from: its key is the draft's token."""
    # Other keys are shorter: no statement for them.
    if request_key and len(request_key) >= TOKEN_LENGTH:
        await Draft.of(entity_id).filter(token_hash=token_hash(request_key)).delete()
