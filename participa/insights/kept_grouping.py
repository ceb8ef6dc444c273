"""A grouping kept in a file, so that texts that come later are placed without learning again."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from participa.insights.grouping import Grouping, place_texts
from participa.insights.lenses import Floats, Lenses, Numbers
from participa.insights.space import Corpus, read_corpus
from participa.insights.words import read_words

FORMAT = "participa-grouping/1"
_TABLES = tuple(field.name for field in fields(Lenses) if field.name != "stems")


class NotAGrouping(ValueError):
    """A file that holds no grouping, or one of another version."""


@dataclass(frozen=True, slots=True)
class Model:
    """What places a text: what was learned, the centres of the groups and their labels."""

    lenses: Lenses
    centres: Floats
    labels: tuple[str, ...]
    language: str

    def place(self, bodies: Sequence[str]) -> tuple[Numbers, Floats]:
        """Give each text its group, or HEARD_ONCE, and its strength, 0 to 1."""
        table = read_words(bodies, self.language)
        corpus = read_corpus(table)
        columns = {stem: column for column, stem in enumerate(self.lenses.stems)}
        known = np.array([columns.get(stem, -1) for stem in corpus.stems], dtype=np.int64)
        return place_texts(self.lenses, self.centres, _moved(corpus, known, self.lenses.stems))


def _moved(corpus: Corpus, column_of: Numbers, stems: tuple[str, ...]) -> Corpus:
    """Count the stems in the columns of what was learned; new ones count nowhere."""
    found = corpus.counts.tocoo()
    columns = column_of[found.col]
    kept = columns >= 0
    counts = csr_array(
        (found.data[kept], (found.row[kept], columns[kept])),
        shape=(corpus.counts.shape[0], len(stems)),
    )
    return Corpus(counts, stems, corpus.tongues)


def save_model(path: Path, grouping: Grouping) -> None:
    """Keep what places later texts. Raises ValueError where there are no groups."""
    if grouping.lenses is None or not grouping.groups:
        raise ValueError("no groups to keep")
    about = {
        "format": FORMAT,
        "language": grouping.language,
        "labels": [group.label for group in grouping.groups],
        "stems": grouping.lenses.stems,
    }
    tables = {name: getattr(grouping.lenses, name) for name in _TABLES}
    words = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    with path.open("wb") as stream:
        np.savez_compressed(stream, about=words, centres=grouping.centres, **tables)


def load_model(path: Path) -> Model:
    """Read what `save_model` kept. Raises NotAGrouping; nothing in the file is ever run."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            about = json.loads(bytes(kept["about"]))
            tables = {name: kept[name] for name in _TABLES}
            centres = kept["centres"]
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise NotAGrouping(str(path)) from error
    if about.get("format") != FORMAT:
        raise NotAGrouping(str(path))
    lenses = Lenses(stems=tuple(about["stems"]), **tables)
    return Model(lenses, centres, tuple(about["labels"]), about["language"])
