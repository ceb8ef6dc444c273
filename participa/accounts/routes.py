"""Pages of the account: registering, signing in and out, recovering the password, language."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts import service
from participa.accounts.forms import (
    REGISTRATION_FIELDS,
    SIGN_IN_FIELDS,
    read_email,
    read_new_password,
    read_registration,
)
from participa.accounts.guard import form as form_data
from participa.accounts.guard import page
from participa.accounts.jobs import MAIL_RESET
from participa.accounts.middleware import LOCALE_COOKIE, session_cookie
from participa.accounts.permissions import Action
from participa.accounts.sessions import end_session
from participa.i18n import _, known_locale
from participa.jobs import enqueue
from participa.security.limits import (
    LOGIN,
    LOGIN_ACCOUNT,
    LOGIN_PLACE,
    MAIL,
    REGISTRATION,
    address_prefix,
)
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import safe_path, see, with_query
from participa.web.refusals import Conflict, NotFound
from participa.web.templating import render

# The address is there for password managers; what it says is not read.
RESET_FIELDS = ("password", "email")
YEAR_SECONDS = 365 * 24 * 3600
LONGEST_SIGN_IN_SECONDS = 90 * 24 * 3600


async def login(request: Request) -> Response:
    """Show the sign-in form."""
    wanted = safe_path(request.query_params.get("next"))
    return _login_page(request, Form({"next": wanted}, fields=SIGN_IN_FIELDS))


def _login_page(request: Request, form: Form) -> Response:
    wanted = safe_path(form.values["next"])
    return render(
        request,
        "accounts/login.html",
        status=422 if form.has_errors else 200,
        headers=_unkept(),
        form=form,
        login={"next": wanted, "has_kept_text": "borrador=" in wanted},
    )


async def sign_in(request: Request) -> Response:
    """Sign in, under a new session id, and go on to where the person wanted to be."""
    ctx = context(request)
    form = Form(form_data(request), fields=SIGN_IN_FIELDS)
    email = service.normal_email(form.text("email")) or ""
    password = form.text("password", strip=False)
    place = address_prefix(ctx.address)
    await ctx.limit(LOGIN_PLACE, f"place:{place}")
    # By account and place, so that who guesses elsewhere does not keep the owner out.
    await ctx.limit(LOGIN, f"account:{email}:{place}")
    await ctx.limit(LOGIN_ACCOUNT, f"account:{email}")
    token = await service.sign_in(
        entity_id=ctx.entity.id, email=email, password=password[:1000], now=ctx.now
    )
    if token is None:
        form.fail("email", _("El correo o la contraseña no coinciden. Revíselos."))
        return _login_page(request, form)
    return _signed_in(request, token, with_query(safe_path(form.values["next"]), aviso="entro"))


def _signed_in(request: Request, token: str, path: str) -> Response:
    response = see(path)
    settings = context(request).settings
    response.set_cookie(
        session_cookie(settings),
        token,
        max_age=LONGEST_SIGN_IN_SECONDS,
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )
    return response


async def sign_out(request: Request) -> Response:
    """End this sign-in in the database, then forget the cookie."""
    ctx = context(request)
    token = request.cookies.get(session_cookie(ctx.settings), "")
    await end_session(ctx.entity.id, token, ctx.now)
    response = see("/?aviso=salio")
    # Drafts, kept threads and what waits to be sent: on a shared machine nobody finds them.
    response.headers["Clear-Site-Data"] = '"storage"'
    response.delete_cookie(
        session_cookie(ctx.settings), secure=ctx.settings.https, httponly=True, samesite="lax"
    )
    return response


async def registration(request: Request) -> Response:
    """Show the registration form."""
    wanted = safe_path(request.query_params.get("next"))
    return _registration_page(request, Form({"next": wanted}, fields=REGISTRATION_FIELDS))


def _registration_page(request: Request, form: Form) -> Response:
    wanted = safe_path(form.values["next"])
    return render(
        request,
        "accounts/register.html",
        status=422 if form.has_errors else 200,
        headers=_unkept(),
        form=form,
        registration={
            "next": wanted,
            "has_kept_text": "borrador=" in wanted,
            "privacy_text": _(
                "{entity} guarda su nombre y su correo para firmar y responder sus aportes, y "
                "para nada más (Ley 1581 de 2012). Puede verlos, corregirlos o retirarlos "
                "cuando quiera.",
                entity=context(request).entity.name,
            ),
        },
    )


async def register(request: Request) -> Response:
    """Open an account and sign its owner in."""
    ctx = context(request)
    entity = ctx.entity
    wanted, form = read_registration(form_data(request), entity.name, entity.short_name)
    if wanted is None:
        return _registration_page(request, form)
    try:
        _person, token = await service.register(
            entity_id=entity.id,
            name=wanted.name,
            email=wanted.email,
            password=wanted.password,
            now=ctx.now,
        )
    except Conflict:
        form.fail(
            "email",
            _(
                "No pudimos abrir una cuenta con ese correo. Si ya tiene una, "
                "entre con ella o recupere la contraseña."
            ),
        )
        return _registration_page(request, form)
    path = safe_path(form.values["next"], "/mi-participacion")
    return _signed_in(request, token, with_query(path, aviso="bienvenida"))


async def reset_request(request: Request) -> Response:
    """Show the form that asks for a link to set a new password."""
    return _reset_request_page(request, Form(fields=("email",)))


def _reset_request_page(request: Request, form: Form, *, sent: bool = False) -> Response:
    return render(
        request,
        "accounts/reset_request.html",
        status=422 if form.has_errors else 200,
        headers=_unkept(),
        form=form,
        sent=sent,
        mail_works=not context(request).settings.mail_url.startswith("null"),
    )


async def ask_reset(request: Request) -> Response:
    """Send the link; the answer is the same whether the address is known or not (T14)."""
    ctx = context(request)
    form = Form(form_data(request), fields=("email",))
    email = read_email(form)
    if form.has_errors:
        return _reset_request_page(request, form)
    await ctx.limit(MAIL, f"mail:{email}")
    # Whether there is such an account is found out by the job: here both take the same time.
    await enqueue(
        MAIL_RESET,
        {"email": email, "locale": ctx.locale, "entity_id": ctx.entity.id},
        entity_id=ctx.entity.id,
        run_at=ctx.now,
    )
    return _reset_request_page(request, form, sent=True)


async def reset(request: Request) -> Response:
    """Show the form behind a link; opening it does not use it up (T13)."""
    ctx = context(request)
    token = request.path_params["token"]
    person = await service.link_person(ctx.entity.id, token, ctx.now)
    if person is None:
        raise NotFound(_("Este enlace ya no sirve"), _("Pida uno nuevo: dura una hora."))
    return _reset_page(request, Form(fields=RESET_FIELDS), person.email or "")


def _reset_page(request: Request, form: Form, email: str) -> Response:
    return render(
        request,
        "accounts/reset.html",
        status=422 if form.has_errors else 200,
        headers=_unkept(),
        form=form,
        reset={"url": request.url.path, "email": email},
    )


async def set_password(request: Request) -> Response:
    """Set the new password and end all sign-ins."""
    ctx = context(request)
    token = request.path_params["token"]
    person = await service.link_person(ctx.entity.id, token, ctx.now)
    if person is None:
        raise NotFound(_("Este enlace ya no sirve"), _("Pida uno nuevo: dura una hora."))
    form = Form(form_data(request), fields=RESET_FIELDS)
    password = read_new_password(form, person.display_name, person.email or "", ctx.entity.name)
    if form.has_errors:
        return _reset_page(request, form, person.email or "")
    await service.set_password(entity_id=ctx.entity.id, token=token, password=password, now=ctx.now)
    return see("/ingresar?aviso=clave")


async def set_locale(request: Request) -> Response:
    """Keep the language chosen and go back to the page."""
    form = Form(form_data(request), fields=("locale", "next"))
    response = see(safe_path(form.values["next"]))
    response.set_cookie(
        LOCALE_COOKIE,
        known_locale(form.values["locale"]),
        max_age=YEAR_SECONDS,
        secure=context(request).settings.https,
        httponly=True,
        samesite="lax",
    )
    return response


def _unkept() -> dict[str, str]:
    return {"Cache-Control": "no-store"}


ROUTES = [
    page("/ingresar", login, action=Action.SIGN_IN, on_entity=True),
    page("/ingresar", sign_in, action=Action.SIGN_IN, on_entity=True, methods=("POST",)),
    page("/salir", sign_out, action=Action.SIGN_IN, on_entity=True, methods=("POST",)),
    page("/registro", registration, action=Action.SIGN_IN, on_entity=True),
    page(
        "/registro",
        register,
        action=Action.SIGN_IN,
        on_entity=True,
        methods=("POST",),
        limit=REGISTRATION,
    ),
    page("/recuperar", reset_request, action=Action.SIGN_IN, on_entity=True),
    page(
        "/recuperar",
        ask_reset,
        action=Action.SIGN_IN,
        on_entity=True,
        methods=("POST",),
        limit=LOGIN,
    ),
    page("/recuperar/{token}", reset, action=Action.SIGN_IN, on_entity=True),
    page(
        "/recuperar/{token}",
        set_password,
        action=Action.SIGN_IN,
        on_entity=True,
        methods=("POST",),
        limit=LOGIN,
    ),
    page("/idioma", set_locale, action=Action.SEE_SITE, on_entity=True, methods=("POST",)),
]
