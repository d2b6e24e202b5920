"""`bridge suggest`."""

from __future__ import annotations

import click

from bridge.commands.options import chosen, coupling_option, echo_json, output_option


@click.command()
@output_option
@click.option("--accept", is_flag=True, help="Write what is proposed into the project's settings.")
@coupling_option
def suggest(output: str, *, accept: bool) -> None:
    """Propose settings from what both sides hold, why for each, and what a person must choose.

    Nothing is written without --accept; what is open stays as it is.
    """
    from bridge.setup.checking import facts_of  # noqa: PLC0415 - other commands start without it
    from bridge.setup.suggestions.run import suggestions  # noqa: PLC0415 - as above

    coupling = chosen()
    found = suggestions(facts_of(coupling))
    if accept:
        for plugin, settings in found.settings.items():
            coupling.add(plugin, settings)
    if output == "json":
        echo_json(found.document())
        return
    for each in found.proposed:
        click.echo(f"{_name(each.setting, each.key)} = {each.value}: {each.reason}")
    for left in found.open:
        candidates = f": {', '.join(left.candidates)}" if left.candidates else ""
        click.echo(f"{_name(left.setting, left.key)} is open, {left.reason}{candidates}")
    click.echo("Written." if accept else "Nothing was written: bridge suggest --accept does that.")


def _name(setting: str, key: str | None) -> str:
    return setting if key is None else f"{setting}, {key!r}"
