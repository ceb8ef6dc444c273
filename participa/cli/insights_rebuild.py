"""The verb that counts a published report again from its open data."""

import json
from pathlib import Path

import typer

from participa.cli.running import FAILED

_PARTS = {
    "engine": "el motor", "seed": "la semilla", "input_digest": "la huella de lo leído",
    "figures": "las cifras del informe", "themes": "los temas", "parts": "los subtemas",
    "once": "lo dicho una sola vez", "empty": "los textos sin palabras",
    "repeats": "las repeticiones", "quotes": "las citas",
}  # fmt: skip


def rebuild(
    source: Path = typer.Argument(..., exists=True, dir_okay=False, metavar="INFORME.zip"),
    out: Path | None = typer.Option(None, dir_okay=False, help="Escribe el resultado rehecho."),
    as_json: bool = typer.Option(False, "--json", help="Lo hallado en un objeto JSON."),
) -> None:
    """Rehace un informe desde sus datos abiertos y dice si sale igual, byte por byte."""
    from participa.insights.files.open_data import NotABundle
    from participa.insights.files.rebuilding import rebuild as count_again
    from participa.insights.files.rebuilding import unpacked

    try:
        rebuilt = count_again(unpacked(source.read_bytes()))
    except NotABundle as error:
        typer.echo(f"{source} no es un paquete de «Compruébelo usted»: {error}", err=True)
        raise typer.Exit(FAILED) from error
    if out is not None and rebuilt.written is not None:
        out.write_bytes(rebuilt.written)
    found = {
        "texts": rebuilt.texts,
        "missing": rebuilt.missing,
        "ledger_holds": rebuilt.ledger_holds,
        "same_input": rebuilt.same_input,
        "same_result": rebuilt.is_same,
        "differences": list(rebuilt.differences),
    }
    if as_json:
        typer.echo(json.dumps(found))
    else:
        typer.echo(f"{rebuilt.texts} textos.")
        ledger = (
            "cuadran: cada texto está en un solo lugar" if rebuilt.ledger_holds else "NO cuadran"
        )
        typer.echo(f"Las cuentas {ledger}.")
        typer.echo(_told(rebuilt.missing, rebuilt.differences, same_input=rebuilt.same_input))
    if not rebuilt.holds:
        raise typer.Exit(FAILED)


def _told(missing: int, differences: tuple[str, ...], *, same_input: bool) -> str:
    if missing:
        return (
            f"Faltan {missing} textos, retirados por su autor u ocultos después: sin ellos no se "
            "puede repetir la agrupación. Solo se comprobaron las cuentas."
        )
    if not differences:
        return "El resultado es igual, byte por byte."
    parts = ", ".join(_PARTS.get(name, name) for name in differences)
    if same_input:
        return f"El resultado NO es igual. Cambian: {parts}."
    return (
        "Los textos no son los que se contaron: alguno se editó, se movió o cambió de voz desde "
        f"entonces. Cambian: {parts}."
    )
