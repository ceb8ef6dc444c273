"""A file that arrives with a form: read within its limit, checked, and on the disk.

A browser never sends a chosen file back, so that every message asks for it again.
"""

from starlette.datastructures import UploadFile

from participa.files.receiving import Received, receive
from participa.files.rules import HEAD_BYTES, MAX_DESCRIPTION, FileType, type_of
from participa.files.store import Store
from participa.files.unfit import Code, Unfit
from participa.i18n import Text, _
from participa.kit.names import without_controls
from participa.settings import Settings
from participa.web.forms import Form

FILE_FIELDS = ("file", "description")
MEGABYTE = 1024 * 1024
_OTHER_FIELDS_BYTES = 64 * 1024

_WORDS: dict[Code, Text] = {
    "damaged": _("El archivo está dañado o no es lo que dice ser. Guárdelo otra vez y escójalo."),
    "too_many_pixels": _("La imagen es demasiado grande: redúzcala a 50 megapíxeles y escójala."),
    "protected": _("El documento tiene contraseña. Guarde una copia sin ella y escójala."),
    "active": _(
        "El documento lleva programas o archivos por dentro. Imprímalo como PDF y escoja esa copia."
    ),
    "too_slow": _("Revisar el archivo tomó demasiado. Guárdelo más liviano y escójalo."),
}


def body_bytes(settings: Settings) -> int:
    """Give how much a form with a file may weigh.

    Twice the largest file: who chose one that is somewhat too large is told so beside the field.
    """
    return 2 * _most(settings) + _OTHER_FIELDS_BYTES


def _most(settings: Settings) -> int:
    return max(settings.max_image_mb, settings.max_pdf_mb) * MEGABYTE


def store_of(settings: Settings) -> Store:
    """Give where the files of an installation are."""
    return Store(settings.files_dir)


async def read_file(form: Form, settings: Settings) -> Received | None:
    """Read the file of a form with its description; None with the messages beside the fields."""
    description = _description(form)
    upload = form.files.get("file")
    if upload is None or not upload.filename:
        form.fail("file", _("Escoja el archivo."))
        return None
    if form.has_errors:
        form.fail("file", _("Vuelva a escoger el archivo: no quedó guardado."))
        return None
    try:
        return await _received(form, upload, settings, description)
    except Unfit as unfit:
        form.fail("file", _WORDS[unfit.code])
        return None


def _description(form: Form) -> str:
    typed = form.text(
        "description", required=_("Escriba qué se ve o qué es."), longest=MAX_DESCRIPTION
    )
    return " ".join(without_controls(typed).split())


async def _received(
    form: Form, upload: UploadFile, settings: Settings, description: str
) -> Received | None:
    data = await upload.read(_most(settings) + 1)
    kind = type_of(data[:HEAD_BYTES])
    if kind is None:
        words = _("Ese archivo no se recibe. Escoja una foto JPEG, PNG o WebP, o un PDF.")
        form.fail("file", words)
        return None
    most = settings.max_image_mb if kind.is_picture else settings.max_pdf_mb
    if len(data) > most * MEGABYTE:
        form.fail("file", _too_heavy(kind, most))
        return None
    return await receive(
        data, kind, store_of(settings), name=upload.filename or "", description=description
    )


def _too_heavy(kind: FileType, most: int) -> Text:
    if kind.is_picture:
        return _("La imagen pesa más de {most} MB. Redúzcala y escójala otra vez.", most=most)
    return _("El PDF pesa más de {most} MB. Redúzcalo y escójalo otra vez.", most=most)
