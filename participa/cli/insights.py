"""Verbs that analyse anybody's data from files: no database, no network."""

import typer

from participa.cli.insights_opinion import opinion

app = typer.Typer(
    help="Analiza datos de archivos, de quien sea: sin base de datos y sin red.",
    no_args_is_help=True,
)
app.command("opinion")(opinion)


@app.callback()
def insights() -> None:
    """Keep verbs apart even while there is one."""
