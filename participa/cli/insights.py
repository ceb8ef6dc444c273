"""Verbs that analyse anybody's data from files: no database, no network."""

import typer

from participa.cli import insights_texts
from participa.cli.insights_opinion import opinion
from participa.cli.insights_rebuild import rebuild

app = typer.Typer(
    help="Analiza datos de archivos, de quien sea: sin base de datos y sin red.",
    no_args_is_help=True,
)
for name, verb in insights_texts.VERBS.items():
    app.command(name)(verb)
app.command("opinion")(opinion)
app.command("rebuild")(rebuild)
