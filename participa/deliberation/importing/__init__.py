"""Another platform's conversations, brought in whole: threads, replies, supports, pseudonyms.

Built on `mapping`, which reads the file; what is stored here keeps every promise of `service`.
"""

from participa.deliberation.importing.acts import import_file, import_records
from participa.deliberation.importing.files import FileRefused, count_rows
from participa.deliberation.importing.results import ImportResult, told, told_in_column
from participa.deliberation.importing.storing import Place, PlaceOf

__all__ = [
    "FileRefused",
    "ImportResult",
    "Place",
    "PlaceOf",
    "count_rows",
    "import_file",
    "import_records",
    "told",
    "told_in_column",
]
