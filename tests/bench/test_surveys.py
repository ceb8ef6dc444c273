"""The benchmark of surveys as it is run, with few answers."""

from participa.bench.surveys import bench_surveys
from participa.bench.words import WORDS


def test_everything_is_measured_and_has_words() -> None:
    """Figures and bars have names, and a page takes as many statements with many as with few."""
    found = bench_surveys(300)
    assert len(found.bars) == 6
    assert all(float(str(value)) > 0 for value in found.figures.values())
    assert found.figures.keys() | {bar.name for bar in found.bars} <= WORDS.keys()
    few, many = (found.figures[f"survey_page_{size}_statements"] for size in ("few", "many"))
    assert few == many
