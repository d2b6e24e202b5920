"""The lines of an entry: codes resolved, discounts booked, every VAT rate closed to the cent."""

from target_exactonline.booking.closing.lines import DISCOUNT_TEXT, ResolvedLine, close_lines, resolve_lines

__all__ = ["DISCOUNT_TEXT", "ResolvedLine", "close_lines", "resolve_lines"]
