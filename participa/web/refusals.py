"""Refusals: what a person may not do or get, said in words, with the right status.

Services raise them; the web turns each into a page and the command line into a line.
"""

from participa.i18n import Text, _


class Refusal(Exception):
    """An act that was refused, for a reason its reader can understand."""

    status = 400
    title: Text = _("No se pudo hacer")
    advice: Text = _("Revise lo que quería hacer e inténtelo de nuevo.")

    def __init__(self, title: Text | None = None, advice: Text | None = None) -> None:
        self.title = title or type(self).title
        self.advice = advice or type(self).advice
        super().__init__(str(self.title))


class NotFound(Refusal):
    """There is no such thing here, or it is not this reader's to see: both sound the same."""

    status = 404
    title = _("No encontramos esa página")
    advice = _("Puede que la dirección esté mal escrita o que el contenido ya no esté disponible.")


class NotAllowed(Refusal):
    """The actor is known and may not do this."""

    status = 403
    title = _("No tiene permiso para hacer esto")
    advice = _("Si cree que debería poder hacerlo, escriba a la entidad.")


class SignInNeeded(Refusal):
    """Nobody is signed in, and somebody must be."""

    status = 401
    title = _("Primero debe entrar")
    advice = _("Entre con su cuenta o regístrese; toma un minuto.")


class PhaseClosed(Refusal):
    """The time for this is over, or has not come."""

    status = 409
    title = _("Este espacio no está abierto ahora")
    advice = _("Mire en la página del proceso cuándo abre y qué pasó con lo que ya se dijo.")


class Conflict(Refusal):
    """What was asked does not fit what is there."""

    status = 409


class BadInput(Refusal):
    """What arrived cannot be read at all."""

    status = 400
    title = _("No pudimos leer lo que llegó")


class ForgedRequest(Refusal):
    """A form that did not come from our own page."""

    status = 403
    title = _("No pudimos comprobar que este formulario salió de esta página")
    advice = _("Vuelva a la página anterior, recárguela e inténtelo otra vez.")


class TooLarge(Refusal):
    """More than we take."""

    status = 413
    title = _("Lo que envió es demasiado grande")
    advice = _("Envíe un texto o un archivo más corto.")


class TooMany(Refusal):
    """Too often in too short a time."""

    status = 429
    title = _("Demasiados intentos seguidos")
    advice = _("Espere un momento antes de volver a intentarlo.")

    def __init__(self, wait_seconds: int) -> None:
        super().__init__()
        self.wait_seconds = wait_seconds
