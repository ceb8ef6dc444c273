"""A recording that arrives with a form: from the disk to the disk, never whole in memory."""

import asyncio

from starlette.datastructures import UploadFile

from participa.files.forms import MEGABYTE, store_of
from participa.files.receiving import Received
from participa.files.rules import HEAD_BYTES, FileType, recording_type_of, shown_name
from participa.i18n import _
from participa.settings import Settings
from participa.web.forms import Form

_OTHER_BYTES = MEGABYTE


def recording_bytes(settings: Settings) -> int:
    """Give how much a form with a recording may weigh."""
    return settings.max_recording_mb * MEGABYTE + _OTHER_BYTES


async def read_recording_file(form: Form, settings: Settings) -> Received | None:
    """Keep the recording of a form on the disk; None with the message beside the field.

    Nothing looks inside it: its first bytes say what it is, and as that alone it is served.
    """
    upload = form.files.get("media")
    if upload is None or not upload.filename:
        form.fail("media", _("Escoja el archivo."))
        return None
    kind = await _kind_of(form, upload, settings)
    if kind is None:
        return None
    return Received(
        kind=kind,
        digest=await asyncio.to_thread(store_of(settings).keep_from, upload.file),
        byte_count=upload.size or 0,
        width=0,
        height=0,
        name=shown_name(upload.filename),
        description="",
    )


async def _kind_of(form: Form, upload: UploadFile, settings: Settings) -> FileType | None:
    kind = recording_type_of(await upload.read(HEAD_BYTES))
    if kind is None:
        words = _("Ese archivo no se recibe. Escoja una grabación MP3, Ogg, M4A, MP4 o WebM.")
        form.fail("media", words)
    elif (upload.size or 0) > settings.max_recording_mb * MEGABYTE:
        most = settings.max_recording_mb
        form.fail(
            "media", _("La grabación pesa más de {most} MB. Redúzcala o divídala.", most=most)
        )
        return None
    return kind
