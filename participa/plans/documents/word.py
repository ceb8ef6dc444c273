"""Reads DOCX: styles of headings, lists and tables, through mammoth."""

import io

import mammoth

from participa.plans.documents.web import from_html

# Word names its own styles in English inside the file, whatever the language of its menus.
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def read(data: bytes) -> str:
    """Read a document; its pictures, notes of reviewers and deleted words are left out."""
    converted = mammoth.convert_to_html(
        io.BytesIO(data),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        external_file_access=False,
    )
    return from_html(str(converted.value))
