"""Lets `python -m teamleader_exactonline_mappers` run the plugin."""

from teamleader_exactonline_mappers.mapper import TeamleaderExactOnlineMapper

TeamleaderExactOnlineMapper.cli()
