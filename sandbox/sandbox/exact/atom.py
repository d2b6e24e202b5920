"""Atom XML, the form of every answer that was not asked for as JSON (exact-online 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from sandbox.exact.entities import Entity

BYTE_ORDER_MARK = "\ufeff"
_NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
    'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
)
_SCHEME = "http://schemas.microsoft.com/ado/2007/08/dataservices/scheme"
_HEAD = f'{BYTE_ORDER_MARK}<?xml version="1.0" encoding="utf-8"?>'


def document(data: Any, entity: Entity) -> str:
    """The XML of a value of `d`: an entry for one row, a feed for more."""
    if isinstance(data, dict) and "__metadata" in data:
        return f"{_HEAD}{_entry(data, entity, _NAMESPACES)}"
    rows = data["results"] if isinstance(data, dict) else data
    link = (
        f'<link rel="next" href={quoteattr(data["__next"])} />' if isinstance(data, dict) and "__next" in data else ""
    )
    entries = "".join(_entry(row, entity) for row in rows)
    return (
        f'{_HEAD}<feed {_NAMESPACES}><title type="text">{entity.path.rsplit("/", 1)[-1]}</title>{entries}{link}</feed>'
    )


def error(text: str) -> str:
    """The XML of a refusal (exact-online 4.1)."""
    return (
        f'{_HEAD}<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
        f'<code></code><message xml:lang="">{escape(text)}</message></error>'
    )


def _entry(row: dict[str, Any], entity: Entity, namespaces: str = "") -> str:
    properties = "".join(
        _property(name, entity.fields[name].type, value) for name, value in row.items() if not isinstance(value, dict)
    )
    metadata = row["__metadata"]
    return (
        f"<entry {namespaces}><id>{escape(metadata['uri'])}</id>"
        f'<category term={quoteattr(metadata["type"])} scheme="{_SCHEME}" />'
        f'<content type="application/xml"><m:properties>{properties}</m:properties></content></entry>'
    )


def _property(name: str, type_: str, value: Any) -> str:
    kind = "" if type_ == "String" else f' m:type="Edm.{type_}"'
    if value is None:
        return f'<d:{name}{kind} m:null="true" />'
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<d:{name}{kind}>{escape(text)}</d:{name}>"
