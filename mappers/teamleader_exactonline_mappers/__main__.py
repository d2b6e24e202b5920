"""The program; `python -m teamleader_exactonline_mappers` runs it as well."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the mapper; what it imports stays to its end, so that nobody looks for garbage in it."""
    gc.disable()
    from teamleader_exactonline_mappers.mapper import TeamleaderExactOnlineMapper  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    TeamleaderExactOnlineMapper.cli()


if __name__ == "__main__":
    main()
