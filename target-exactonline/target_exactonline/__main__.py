"""The program; `python -m target_exactonline` runs it as well."""

from __future__ import annotations

from singer_shell.starting import start


def main() -> None:
    """Run the target."""
    start("target_exactonline.target", "TargetExactOnline")


if __name__ == "__main__":
    main()
