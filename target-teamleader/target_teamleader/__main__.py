"""The program; `python -m target_teamleader` runs it as well."""

from __future__ import annotations

from singer_shell.starting import start


def main() -> None:
    """Run the target."""
    start("target_teamleader.target", "TargetTeamleader")


if __name__ == "__main__":
    main()
