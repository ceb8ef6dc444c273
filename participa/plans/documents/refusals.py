"""How a document is refused."""

from typing import Literal, get_args

from participa.i18n import _

Code = Literal[
    "damaged", "protected", "scanned", "too_large", "old_format", "other", "no_columns", "too_slow"
]
CODES: frozenset[str] = frozenset(get_args(Code))


class DocumentUnreadable(ValueError):
    """A document that cannot be read; `text` says it in words for the official."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.text = _REFUSALS[code]
        super().__init__(str(self.text))


_REFUSALS = {
    "damaged": _(
        "El documento está dañado o no se entiende. Ábralo, guárdelo otra vez e inténtelo de nuevo."
    ),
    "protected": _("El documento está protegido con contraseña. Guarde una copia sin ella."),
    "scanned": _(
        "El PDF solo trae imágenes de las páginas, sin texto. Busque el archivo original, o pase "
        "el PDF por un programa de reconocimiento de texto."
    ),
    "too_large": _("El documento, abierto, es demasiado grande. Divídalo en partes."),
    "old_format": _(
        "Es un documento de un programa antiguo (.doc, .xls o .rtf). Ábralo y guárdelo como .docx, "
        ".odt o .xlsx."
    ),
    "other": _(
        "El archivo no es un documento que se pueda leer. Sirven Word (.docx), ODT, PDF, HTML, "
        "Markdown, texto y hojas de cálculo."
    ),
    "no_columns": _(
        "La hoja no tiene columnas con los nombres de al menos dos niveles: eje, programa, "
        "subprograma, meta."
    ),
    "too_slow": _("Leer el documento tomó demasiado. Divídalo en partes."),
}
