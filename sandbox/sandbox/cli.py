"""The `sandbox` command."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

from sandbox.companies import MOST
from sandbox.exact.variants import UNFINISHED
from sandbox.options import Options
from sandbox.server import serve_until_signal

if TYPE_CHECKING:
    from collections.abc import Sequence

_HELP = {
    "seed": "number that all data is drawn from",
    "customers": "companies and contacts in Teamleader",
    "invoices": "booked invoices in Teamleader",
    "credit_notes": "credit notes in Teamleader",
    "tl_minute_limit": "calls to Teamleader in any minute",
    "exact_minute_limit": "calls to Exact per minute",
    "exact_day_limit": "calls to Exact per day",
    "token_seconds": "life of an access token of Exact",
    "min_refresh_seconds": "age below which Exact refuses to replace an access token",
    "tl_token_seconds": "life of an access token of Teamleader",
    "error_velocity": "error answers per endpoint and hour before Exact blocks it, 0 for never",
    "pdf_bytes": "smallest size of a downloaded PDF",
    "download_seconds": "life of a download location",
}


def build_parser() -> argparse.ArgumentParser:
    """The command line: ports, and one option per field of Options."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("serve", help="serve Teamleader Focus and Exact Online on this machine")
    command.add_argument("--teamleader-port", type=int, default=0, metavar="N", help="0 for a free port")
    command.add_argument("--exact-port", type=int, default=0, metavar="N", help="0 for a free port")
    command.add_argument("--no-limits", action="store_true", help="no rate limits, no block after errors")
    command.add_argument(
        "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the sandbox's day, else the machine's"
    )
    command.add_argument("--frozen", action="store_true", help="time passes only when the control endpoint moves it")
    command.add_argument("--country", choices=["BE", "NL"], default="BE", help="of the company (%(default)s)")
    command.add_argument(
        "--companies",
        type=int,
        choices=range(1, MOST + 1),
        metavar="N",
        default=1,
        help=f"departments with an administration each, at most {MOST} (%(default)s)",
    )
    command.add_argument(
        "--unfinished",
        action="append",
        default=[],
        choices=sorted(UNFINISHED),
        help="leave this out of Exact; repeatable",
    )
    defaults = Options()
    for name, text in _HELP.items():
        option = f"--{name.replace('_', '-')}"
        command.add_argument(
            option, type=int, default=getattr(defaults, name), metavar="N", help=f"{text} (%(default)s)"
        )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parsed = vars(build_parser().parse_args(arguments))
    parsed["unfinished"] = tuple(parsed["unfinished"])
    options = Options(**{field.name: parsed[field.name] for field in fields(Options)})
    try:
        ports = {service: parsed[f"{service}_port"] for service in ("teamleader", "exact")}
        asyncio.run(serve_until_signal(options, ports))
    except OSError as problem:
        sys.stderr.write(f"The sandbox cannot listen: {problem}\n")
        return 1
    return 0
