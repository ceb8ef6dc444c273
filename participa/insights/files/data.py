"""A report as data (JSON) that programs read: `docs/report-data.md` says what each name means.

Pure. Counts that would point at somebody are None here as they are blank on the page.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime

from participa.i18n import Text
from participa.insights.document import Document
from participa.insights.figures import Figures
from participa.insights.files.speech import Speech
from participa.kit.html import SafeHtml, plain_text

SCHEMA = "participa.report/1"
# Keys of our tables, and what only the page needs.
_INTERNAL = {"id", "anchor", "is_draft", "key"}
# Counted again, and guarded, by the rows of the tables beside them.
_UNGUARDED = {"channels", "topics", "areas", "periods", "campaigns"}


def data(document: Document, speech: Speech) -> bytes:
    """Write everything a report says as JSON, in the reader's language, names in English."""
    told = {"schema": SCHEMA, "language": speech.locale, **_object(document, speech)}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _object(value: object, speech: Speech) -> dict[str, object]:
    hidden = _INTERNAL | (_UNGUARDED if isinstance(value, Figures) else set())
    names = [field.name for field in fields(value) if field.name not in hidden]  # type: ignore[arg-type]
    told = {name: _plain(getattr(value, name), speech) for name in names}
    return {name: speech.url(str(each)) if name == "url" else each for name, each in told.items()}


def _plain(value: object, speech: Speech) -> object:
    if isinstance(value, Text):
        return speech.say(value)
    if isinstance(value, SafeHtml):
        return plain_text(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return _object(value, speech)
    if isinstance(value, Mapping):
        return {str(key): _plain(each, speech) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, speech) for each in value]
    return value
