"""The verbs that group texts from files: cluster, assign, duplicates, score."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from participa.cli.running import FAILED

if TYPE_CHECKING:
    from participa.insights.grouping import Grouping
    from participa.insights.tables import Texts

_NICE = 10
_MIB = 1024
_IN = typer.Argument(..., exists=True, dir_okay=False, readable=True, metavar="ENTRADA.csv")
_TEXT = typer.Option(..., "--text", help="Columna del texto; repetida, se unen.")
_ID = typer.Option("", "--id", help="Columna que identifica la fila; si no, «id» o el número.")
_OUT = typer.Option(..., dir_okay=False, help="Archivo CSV que se escribe (.gz lo comprime).")
_JSON = typer.Option(False, "--json", help="Las cifras en un objeto JSON.")
_SEED = typer.Option(2026, min=0, help="Semilla: la misma da lo mismo, byte por byte.")


def cluster(
    source: Path = _IN,
    text: list[str] = _TEXT,
    out: Path = _OUT,
    lang: str = typer.Option("auto", help="es, ca, en o auto."),
    k: int | None = typer.Option(None, min=2, max=1000, help="Cuántos grupos; si no, los halla."),
    levels: int = typer.Option(1, min=1, max=2, help="2: de cinco a diez temas, y sus partes."),
    seed: int = _SEED,
    id_column: str = _ID,
    report: Path | None = typer.Option(None, dir_okay=False, help="Informe en HTML."),
    model: Path | None = typer.Option(None, dir_okay=False, help="Modelo para «assign»."),
    as_json: bool = _JSON,
) -> None:
    """Agrupa textos por lo que dicen: una fila por texto, en el orden de la entrada."""
    _check_language(lang)
    with _told() as began:
        from participa.insights.grouping import group_texts

        texts = _read(source, text, id_column)
        grouping = group_texts(
            texts.bodies,
            language="es" if lang == "auto" else lang,
            count=k,
            seed=seed,
            levels=levels,
        )
        _write_groups(out, texts, grouping, levels)
        if report is not None:
            _write_report(report, source, texts, grouping)
        if model is not None:
            _save(model, grouping)
        _tell(_figures(texts, grouping, began), as_json=as_json)


def assign(
    model: Path = typer.Argument(..., exists=True, dir_okay=False, metavar="MODELO"),
    source: Path = typer.Argument(..., exists=True, dir_okay=False, metavar="NUEVOS.csv"),
    text: list[str] = _TEXT,
    out: Path = _OUT,
    id_column: str = _ID,
    as_json: bool = _JSON,
) -> None:
    """Ubica textos nuevos en los grupos de «cluster --model», sin volver a aprender."""
    with _told() as began:
        from participa.insights.kept_grouping import NotAGrouping, load_model
        from participa.insights.tables import write_table

        try:
            kept = load_model(model)
        except NotAGrouping as error:
            raise _refused(f"{model} no es un modelo de «participa insights cluster».") from error
        texts = _read(source, text, id_column)
        labels, strength = kept.place(texts.bodies)
        rows = (
            _row(key, int(label), kept.labels[label] if label >= 0 else "", float(near))
            for key, label, near in zip(texts.ids, labels, strength, strict=True)
        )
        write_table(out, _HEADER, rows)
        figures = {"n": len(texts.ids), "clusters": len(kept.labels)}
        _tell(figures | {"heard_once": int((labels < 0).sum())} | _spent(began), as_json=as_json)


def duplicates(
    source: Path = _IN,
    text: list[str] = _TEXT,
    out: Path = _OUT,
    id_column: str = _ID,
    as_json: bool = _JSON,
) -> None:
    """Halla los textos que dicen lo mismo casi con las mismas palabras."""
    with _told() as began:
        from participa.insights.duplicates import find_duplicates, overlap
        from participa.insights.tables import write_table
        from participa.insights.words import read_words

        texts = _read(source, text, id_column)
        table = read_words(texts.bodies)
        copies = find_duplicates(table)
        groups = {first: n for n, first in enumerate(sorted(set(copies.values())), 1)}
        rows = (
            (groups[first], texts.ids[row], texts.ids[first],
             round(overlap(table, row, first), 4))
            for row, first in sorted(copies.items(), key=lambda pair: (pair[1], pair[0]))
        )  # fmt: skip
        write_table(out, ("group", "id", "same_as", "overlap"), rows)
        figures = {"n": len(texts.ids), "groups": len(groups), "copies": len(copies)}
        _tell(figures | _spent(began), as_json=as_json)


def score(
    corpus: Path = typer.Argument(..., exists=True, dir_okay=False, metavar="CORPUS.csv"),
    found: Path = typer.Argument(..., exists=True, dir_okay=False, metavar="SALIDA.csv"),
    label: str = typer.Option(..., help="Columna del corpus con la etiqueta verdadera."),
    as_json: bool = _JSON,
) -> None:
    """Compara los grupos con etiquetas puestas por personas; lo no agrupado cuenta como uno."""
    with _told():
        from participa.insights import scoring
        from participa.insights.tables import read_columns

        gold = [cells[0] for cells in read_columns(corpus, [label])]
        clusters = [cells[0] for cells in read_columns(found, ["cluster"])]
        if len(gold) != len(clusters):
            raise _refused(
                f"{corpus} tiene {len(gold)} filas y {found} {len(clusters)}: no se corresponden."
            )
        try:
            result = asdict(scoring.score(clusters, gold))
        except ValueError as error:
            raise _refused(f"Ninguna fila tiene etiqueta en «{label}».") from error
        _tell(
            {k: round(v, 4) if isinstance(v, float) else v for k, v in result.items()},
            as_json=as_json,
        )


_HEADER = ("id", "cluster", "label", "strength")
Figures = dict[str, int | float | str | None]


def _row(key: str, cluster_number: int, label: str, strength: float) -> tuple[str | float, ...]:
    number = str(cluster_number + 1) if cluster_number >= 0 else ""
    return key, number, label, round(strength, 4)


def _write_groups(out: Path, texts: "Texts", grouping: "Grouping", levels: int) -> None:
    from participa.insights.tables import write_table

    labels = [group.label for group in grouping.groups]
    placed = zip(texts.ids, grouping.labels.tolist(), grouping.strength.tolist(), strict=True)
    rows = (_row(key, n, labels[n] if n >= 0 else "", near) for key, n, near in placed)
    if levels == 1:
        write_table(out, _HEADER, rows)
        return
    parts = (
        _part(grouping, n, part) for n, part in zip(grouping.labels, grouping.parts, strict=True)
    )
    both = ((*row, *part) for row, part in zip(rows, parts, strict=True))
    write_table(out, (*_HEADER, "subcluster", "sublabel"), both)


def _part(grouping: "Grouping", theme: int, part: int) -> tuple[str, str]:
    """Number a part behind its theme, as in 3.2."""
    if part < 0:
        return "", ""
    return f"{theme + 1}.{part + 1}", grouping.groups[theme].parts[part].label


def _write_report(path: Path, source: Path, texts: "Texts", grouping: "Grouping") -> None:
    from participa.insights.grouping_report import as_html

    path.write_text(as_html(source.name, texts.ids, grouping), encoding="utf-8")


def _save(path: Path, grouping: "Grouping") -> None:
    from participa.insights.kept_grouping import save_model

    try:
        save_model(path, grouping)
    except ValueError as error:
        raise _refused("No hay grupos: no se guardó ningún modelo.") from error


def _figures(texts: "Texts", grouping: "Grouping", began: float) -> Figures:
    agreement = grouping.agreement
    return {
        "n": len(texts.ids),
        "clusters": len(grouping.groups),
        "subclusters": sum(len(group.parts) for group in grouping.groups),
        "placed": int((grouping.labels >= 0).sum()),
        "heard_once": int((grouping.labels < 0).sum()),
        "copies": len(grouping.copies),
        "agreement": None if agreement is None else round(agreement, 4),
        "language": grouping.language,
        "broken_rows": len(texts.broken),
        **_spent(began),
    }


def _spent(began: float) -> Figures:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MIB
    return {"seconds": round(time.perf_counter() - began, 2), "peak_mib": peak}


_WORDS = {
    "n": "Textos",
    "texts": "Textos con etiqueta",
    "clusters": "Grupos",
    "labels": "Etiquetas",
    "left_out": "Sin grupo",
    "subclusters": "Partes de grupos",
    "placed": "Ubicados",
    "heard_once": "Oídos una vez",
    "groups": "Grupos de copias",
    "copies": "Copias",
    "agreement": "Acuerdo entre mitades",
    "language": "Lengua",
    "broken_rows": "Filas que no se pudieron leer",
    "ami": "AMI",
    "v_measure": "Medida V",
    "purity": "Pureza",
    "ari": "ARI",
    "seconds": "Segundos",
    "peak_mib": "Memoria máxima (MiB)",
}


def _tell(figures: Figures, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        if value is not None:
            typer.echo(f"{_WORDS[name]}: {value}")
    if figures.get("clusters") == 0:
        typer.echo("No hay grupos estables: los textos no se parecen más de lo que da el azar.")


def _check_language(lang: str) -> None:
    if lang not in {"es", "ca", "en", "auto"}:
        raise typer.BadParameter("es, ca, en o auto", param_hint="--lang")


@contextmanager
def _told() -> Iterator[float]:
    """Work alone on one core, at low priority; a file that cannot be used is told in a line."""
    from participa.jobs.apart import single_threaded

    began = time.perf_counter()
    os.environ.update(single_threaded())
    if hasattr(os, "nice"):
        os.nice(_NICE)
    from participa.insights.tables import ColumnMissing
    from participa.kit.csvs import CsvError

    try:
        yield began
    except ColumnMissing as error:
        columns = ", ".join(filter(None, error.columns))
        raise _refused(f"No hay columna «{error.name}». Están: {columns}.") from error
    except CsvError as error:
        raise _refused(f"No es un CSV que se pueda leer: línea {error.line}.") from error
    except OSError as error:
        raise _refused(f"{error.filename}: {error.strerror}.") from error


def _read(source: Path, columns: list[str], id_column: str) -> "Texts":
    from participa.insights.tables import read_texts

    return read_texts(source, columns, id_column)


def _refused(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(FAILED)


VERBS: dict[str, Callable[..., None]] = {
    "cluster": cluster,
    "assign": assign,
    "duplicates": duplicates,
    "score": score,
}
