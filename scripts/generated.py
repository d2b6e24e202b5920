"""Write what the code itself says into the documents, or check that it stands there.

The settings in the plugins' READMEs and in `plugins/` come from `--about --format=json`, and what is installed for a
plugin from the pyproject files; the reasons for refusing in docs/errors.md, and their titles in bridge, come from the
targets' catalogues, those of docs/checks.md from that of `bridge check`; docs/reference/ is made by reference_pages.py.
In `plugins/<plugin>.meltano.yml` the rest is written by hand; `plugins/definitions/` is for other Meltano projects and
is derived from it as a whole. `make generated` writes them, CI runs `--check`.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference_pages import commands_page, settings_page, streams_page
from ruamel.yaml import YAML

from bridge.setup.checks.catalogue import KINDS as CHECKS
from bridge.view.actors import actor
from bridge.view.places import PLACES
from bridge.words import gettext_for
from target_exactonline.reasons import CATALOGUE as BOOKING
from target_teamleader.reasons.catalogue import CATALOGUE as REGISTERING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = ("tap-teamleader", "tap-exactonline", "target-exactonline", "target-teamleader")
FOLDERS = {
    **{plugin: plugin for plugin in PLUGINS},
    "teamleader-exactonline-mappers": "mappers",
    "bridge": "bridge",
}
"""Every plugin that is ours -> its folder."""
PREFIX = "teamleader-exactonline-"
DRIVERS = {"libs/connector-store": "[postgres]"}
"""Extras that Meltano installs: a store in production is PostgreSQL's."""
START, END = "<!-- settings:start -->", "<!-- settings:end -->"
KINDS = {"integer": "integer", "boolean": "boolean", "array": "array", "object": "object", "number": "decimal"}


def about(plugin: str) -> dict[str, Any]:
    """Return the plugin's settings, name -> JSON Schema, as the plugin itself tells them."""
    command = [str(Path(sys.executable).parent / plugin), "--about", "--format=json"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    schema: dict[str, Any] = answer["settings"]
    required = set(schema.get("required", []))
    return {name: {**each, "required": name in required} for name, each in schema["properties"].items()}


def shared(plugin: str) -> dict[str, str]:
    """Return the settings of a plugin that are given once for all plugins: name -> variable of the environment."""
    variables = {"store_uri": "CONNECTOR_STORE_URI"}
    if plugin.endswith("-teamleader"):
        of_service = ("client_id", "client_secret", "refresh_token", "api_url", "auth_url", "department_id")
        variables |= {name: f"TEAMLEADER_{name.upper()}" for name in of_service}
    if plugin.endswith("-exactonline"):
        of_service = ("client_id", "client_secret", "refresh_token", "api_url")
        variables |= {name: f"EXACT_{name.upper()}" for name in of_service}
        variables["department_id"] = "TEAMLEADER_DEPARTMENT_ID"
    return variables | {"division": "EXACT_DIVISION"}


def kind(schema: dict[str, Any]) -> str:
    """Return Meltano's kind for a JSON Schema type."""
    types = schema.get("type", "string")
    first = next((each for each in ([types] if isinstance(types, str) else types) if each != "null"), "string")
    if "enum" in schema and first == "string":
        return "options"
    return KINDS.get(first, "string")


def meltano_setting(name: str, schema: dict[str, Any], variable: str | None = None) -> dict[str, Any]:
    """Return one entry of a plugin's `settings` for Meltano; `variable` holds it for all plugins.

    Every other place that Meltano knows, the plugin's own variable among them, comes before such a value; and where the
    variable is not set the plugin has its own default.
    """
    setting: dict[str, Any] = {"name": name, "label": schema["title"], "kind": kind(schema)}
    setting["description"] = " ".join(schema["description"].split())
    if variable is not None:
        otherwise = f" Without it: {schema['default']}" if "default" in schema else ""
        setting["description"] += f" Given once for all plugins: {variable}.{otherwise}"
        setting["value"] = f"${variable}"
    elif "default" in schema:
        setting["value"] = schema["default"]
    if setting["kind"] == "options":
        setting["options"] = [{"label": str(each), "value": each} for each in schema["enum"] if each is not None]
    if schema.get("writeOnly") or schema.get("secret"):
        setting["sensitive"] = True
    return setting


def table(settings: dict[str, Any]) -> str:
    """Return the README's settings table."""
    rows = ["| Setting | Required | Default | What it is |", "| --- | --- | --- | --- |"]
    for name, schema in settings.items():
        default = f"`{json.dumps(schema['default'])}`" if "default" in schema else ""
        text = f"**{schema['title']}.** {' '.join(schema['description'].split())}".replace("|", "\\|")
        rows.append(f"| `{name}` | {'yes' if schema['required'] else 'no'} | {default} | {text} |")
    return "\n".join(rows)


def readme_with(path: Path, settings: dict[str, Any]) -> str:
    """Return the README's text with the table between its two markers."""
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table(settings)}\n{END}{after}"


def own_packages(folder: Path) -> dict[str, str]:
    """Return the packages of ours that a package needs, itself last: folder -> its extras, such as `[postgres]`."""
    project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed: dict[str, str] = {}
    for dependency in project["dependencies"]:
        if found := re.match(rf"{PREFIX}([\w-]+)(\[\w+\])?", dependency):
            needed |= own_packages(Path("libs", found[1]))
            needed[f"libs/{found[1]}"] = found[2] or needed.get(f"libs/{found[1]}", "")
    return dict(sorted(needed.items())) | {str(folder): ""}


def pip_url(folder: str) -> str:
    """Return what is installed for a plugin of this project: our packages from their folders, all others as locked."""
    packages = own_packages(Path(folder))
    return " ".join(["-c constraints.txt", *(f"./{each}{DRIVERS.get(each, own)}" for each, own in packages.items())])


def round_trip() -> YAML:
    """Return a YAML that keeps comments and quotes."""
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.preserve_quotes = True
    return yaml


def as_text(document: Any) -> str:  # noqa: ANN401 - whatever YAML can hold
    """Return a document as YAML."""
    text = io.StringIO()
    round_trip().dump(document, text)
    return text.getvalue()


def definitions(name: str, settings: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """Return a plugin's definition for this project, and the one for other Meltano projects."""
    project = round_trip().load((ROOT / "plugins" / f"{name}.meltano.yml").read_text(encoding="utf-8"))
    ((plugin_type, (plugin, *_inherited)),) = project["plugins"].items()
    plugin["pip_url"] = pip_url(FOLDERS[name])
    if name in settings:
        in_order = sorted(settings[name].items(), key=lambda each: not each[1]["required"])
        once = shared(name)
        plugin["settings"] = [meltano_setting(setting, schema, once.get(setting)) for setting, schema in in_order]
        plugin["settings_group_validation"] = [[setting for setting, schema in in_order if schema["required"]]]
    package = tomllib.loads((ROOT / FOLDERS[name] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wheels = f"{package['name']}=={package['version']}"
    if "libs/connector-store" in own_packages(Path(FOLDERS[name])):
        wheels += f" {PREFIX}connector-store[postgres]=={package['version']}"
    elsewhere = {"plugin_type": plugin_type, **plugin, "pip_url": wheels}
    return as_text(project), as_text({key: value for key, value in elsewhere.items() if key != "select"})


def for_init(settings: dict[str, dict[str, Any]]) -> str:
    """Return what `bridge init` makes a project of: plugin -> type, definitions, and our packages that it needs."""
    known = {}
    for name, folder in FOLDERS.items():
        project = YAML(typ="safe").load(definitions(name, settings)[0])
        ((plugin_type, (plugin, *inherited)),) = project["plugins"].items()
        del plugin["pip_url"]
        packages = {path: DRIVERS.get(path, extras) for path, extras in own_packages(Path(folder)).items()}
        list_ = folder if name not in PLUGINS else name
        known[name] = {
            "type": plugin_type,
            "definitions": [plugin, *inherited],
            "packages": packages,
            "list": f"{list_}.txt",
        }
    return json.dumps(known, indent=1, ensure_ascii=False) + "\n"


ERRORS = """# Reasons for not booking, for not registering a payment, and for not importing a customer

What cannot be written is kept with one of these codes, its reason and what to do. It is tried again, with the settings
of that run, until it is solved ([operations.md](operations.md#see-what-happened-and-mend-it) says when); all others are
written meanwhile. The codes are stable: scripts may rely on them. What stands between `<` and `>` is filled in for the
document. A document that a person left out with `bridge exclude` has the code `left_out`, who did so and why, until
`bridge include`.

Who acts: *accountant* works in Exact, *invoicing* works in Teamleader, *operator* keeps the settings and the machine.
The last column names the screen in Exact; a licence may show it elsewhere, and Exact's search finds it by name.
This page in [Dutch](nl/errors.md) and in [French](fr/errors.md).

## Documents: what `target-exactonline` could not book

{booking}

## Payments and customers: what `target-teamleader` could not bring into Teamleader

{registering}
"""


CHECKED = """# What `bridge check` finds

`bridge check` reads both sides and this machine once, writes nothing, and tells all that is wrong before the first
document. Red: documents could not be booked, or not rightly; the command ends with 1. Amber: they could, and somebody
ought to look. The codes are stable: scripts may rely on them.

{checks}
"""


def checks() -> str:
    """Return docs/checks.md."""
    rows = ["| Code | Level | What to do | Who |", "| --- | --- | --- | --- |"]
    for code, each in CHECKS.items():
        remedy = each.remedy.replace("{", "<").replace("}", ">")
        rows.append(f"| `{code}` | {each.level} | {remedy}. | {each.actor} |")
    return CHECKED.format(checks="\n".join(rows))


def codes(catalogue: Mapping[str, Any], language: str) -> str:
    """Return a table with a row per code: what it means, who acts, what to do, and where in Exact."""
    translated = gettext_for(language)
    heads = [translated(head) for head in ("Code", "What it means", "Who", "What to do", "Where in Exact")]
    rows = [f"| {' | '.join(heads)} |", "| --- | --- | --- | --- | --- |"]
    for code, entry in catalogue.items():
        # What follows by itself asks nobody.
        who = "" if entry.hint.startswith("Nothing to do") else translated(actor(code, "rejected") or "")
        hint = translated(entry.hint).replace("{", "<").replace("}", ">")
        cells = (f"`{code}`", translated(entry.title), who, hint, translated(PLACES.get(code, "")))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def errors(language: str) -> str:
    """Return the page of reasons in a language."""
    page = ERRORS if language == "en" else (ROOT / "docs" / language / "errors.in.md").read_text(encoding="utf-8")
    return page.format(booking=codes(BOOKING, language), registering=codes(REGISTERING, language))


def titles() -> str:
    """Return what each code means, for the tool, which does not know the targets."""
    catalogue = {**REGISTERING, **BOOKING}
    return json.dumps({code: catalogue[code].title for code in sorted(catalogue)}, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the files, or with `--check` only say which ones are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file is stale")
    check = parser.parse_args().check
    settings = {plugin: about(plugin) for plugin in PLUGINS}
    readmes = {plugin: ROOT / plugin / "README.md" for plugin in PLUGINS}
    wanted = {path: readme_with(path, settings[plugin]) for plugin, path in readmes.items()}
    for name in FOLDERS:
        here, elsewhere = definitions(name, settings)
        wanted[ROOT / "plugins" / f"{name}.meltano.yml"] = here
        wanted[ROOT / "plugins" / "definitions" / f"{name}.yml"] = elsewhere
    wanted[ROOT / "bridge" / "bridge" / "setup" / "plugins.json"] = for_init(settings)
    wanted[ROOT / "docs" / "errors.md"] = errors("en")
    for language in ("nl", "fr"):
        wanted[ROOT / "docs" / language / "errors.md"] = errors(language)
    wanted[ROOT / "docs" / "checks.md"] = checks()
    reference = ROOT / "docs" / "reference"
    wanted[reference / "settings.md"] = settings_page({plugin: table(each) for plugin, each in settings.items()})
    wanted[reference / "commands.md"] = commands_page()
    wanted[reference / "streams.md"] = streams_page()
    wanted[ROOT / "bridge" / "bridge" / "view" / "titles.json"] = titles()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run `make generated`\n")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
