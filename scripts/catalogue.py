"""Brings the translations up to date with the texts in code and templates.

Prints how many texts of each language are still to be translated; ends with 1 if any are.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "participa" / "i18n" / "locales"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
OPTIONS = {
    "**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "false", "newstyle_gettext": "true"},
}
KEYWORDS = {"_": None, "n_": (1, 2), "gettext": None, "ngettext": (1, 2)}
# Written by hand, without dates: the file changes only when a text does.
HEADER = r"""# Translations of Participa. License: Apache-2.0.
msgid ""
msgstr ""
"Project-Id-Version: Participa\n"
"Language: {locale}\n"
"Plural-Forms: nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def sources() -> Catalog:
    """Collect every text marked for translation."""
    catalogue = Catalog(project="Participa", charset="utf-8", fuzzy=False)
    for folder in (ROOT / "participa", ROOT / "templates"):
        found = extract_from_dir(
            str(folder), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
        )
        for name, line, message, comments, _context in found:
            place = f"{folder.name}/{name}"
            catalogue.add(message, locations=[(place, line)], auto_comments=comments)
    return catalogue


def brought_up_to_date(path: Path, template: Catalog) -> Catalog:
    """Read a language's catalogue and merge the texts of today into it."""
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
    else:
        catalogue = Catalog(locale=path.parts[-3], project="Participa", charset="utf-8")
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def save(catalogue: Catalog, path: Path) -> None:
    """Write a language's catalogue, always the same way for the same texts."""
    header = HEADER.format(locale=path.parts[-3], catalogue=catalogue)
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(
            file, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False
        )


def missing(catalogue: Catalog) -> list[str]:
    """List the texts without a translation."""
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]


def main() -> int:
    """Write the catalogues and say what is missing."""
    template = sources()
    left = 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/participa.po")):
        catalogue = brought_up_to_date(path, template)
        save(catalogue, path)
        left += len(missing(catalogue))
        print(f"{path.parts[-3]}: {len(catalogue)} texts, {len(missing(catalogue))} to translate")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
