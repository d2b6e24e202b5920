"""`bridge check`."""

from __future__ import annotations

import sys

import click

from bridge.commands.options import chosen, coupling_option, echo_json, output_option


@click.command()
@output_option
@coupling_option
def check(output: str) -> None:
    """Tell all that is wrong before the first document, what mends it and who does that. Writes nothing.

    Ends with 1 when something is red: documents could not be booked, or not rightly.
    """
    from bridge.setup.checking import checked  # noqa: PLC0415 - other commands start without it
    from bridge.setup.checks.finding import document  # noqa: PLC0415 - as above

    told = document(checked(chosen()))
    if output == "json":
        echo_json(told)
    else:
        for each in told["findings"]:
            colour = "red" if each["level"] == "red" else "yellow"
            click.secho(f"{each['level']:6}", fg=colour, bold=True, nl=False)
            click.echo(f"{each['message']} ({each['code']}).")
            click.echo(f"      {each['remedy']} [{each['actor']}]")
        colour = {"green": "green", "amber": "yellow", "red": "red"}[told["level"]]
        count = len(told["findings"])
        click.secho("Nothing is wrong." if not count else f"{count} to look at.", fg=colour, bold=True)
    if told["level"] == "red":
        sys.exit(1)
