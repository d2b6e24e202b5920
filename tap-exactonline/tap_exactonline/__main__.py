"""The program; `python -m tap_exactonline` runs it as well."""

from __future__ import annotations

from singer_shell.starting import start


def main() -> None:
    """Run the tap."""
    start("tap_exactonline.tap", "TapExactOnline")


if __name__ == "__main__":
    main()
