"""The program; `python -m tap_teamleader` runs it as well."""

from __future__ import annotations

from singer_shell.starting import start


def main() -> None:
    """Run the tap."""
    start("tap_teamleader.tap", "TapTeamleader")


if __name__ == "__main__":
    main()
