"""The command `participa`: English verbs, help and messages in Spanish.

Exit codes: 0 done, 1 refused or failed, 2 wrong use of the command, 3 wrong configuration.
Verbs import what they need inside, so that `--help` answers at once.
"""

import typer

from participa import __version__
from participa.cli import benches, imports, insights, reports, serving, setting_up
from participa.cli.running import ended

app = typer.Typer(
    name="participa",
    help="Participa: el municipio y la ciudadanía deliberan y deciden juntos.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    epilog="Configuración: variables PARTICIPA_* o el archivo participa.env; véase «participa "
    "check». Salida: 0 bien, 1 rechazado o fallido, 2 mal uso, 3 mala configuración.",
)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("migrate")(setting_up.migrate)
app.command("check")(setting_up.check)
app.command("backup")(setting_up.backup)
app.command("create-entity")(setting_up.create_entity)
app.command("create-admin")(setting_up.create_admin)
app.command("create-process")(setting_up.create_process)
app.command("demo")(setting_up.demo)
app.add_typer(imports.app, name="import")
app.add_typer(reports.app, name="report")
app.add_typer(insights.app, name="insights")
app.add_typer(benches.app, name="bench")


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Muestra la versión y termina."),
) -> None:
    """Participa: el municipio y la ciudadanía deliberan y deciden juntos."""
    if version:
        typer.echo(f"participa {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command; a refusal becomes one line and an exit code."""
    with ended():
        app()
