"""Numbers that exist only on paper: VAT numbers, bank accounts, company numbers, all with right check digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stdnum import iban, luhn
from stdnum.be import iban as be_iban
from stdnum.iso7064 import mod_11_10

if TYPE_CHECKING:
    from random import Random

_BICS = {"NL": "ABNANL2A", "FR": "BNPAFRPP", "DE": "COBADEFF"}


def digits(rng: Random, count: int) -> str:
    """So many digits, the first one not 0."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def vat_number(rng: Random, country: str) -> str:
    """A VAT number of BE, NL, FR or DE."""
    return country + _VAT_BODIES[country](rng)


def _belgian(rng: Random) -> str:
    body = f"0{rng.randrange(4_000_000, 9_999_999)}"
    return f"{body}{97 - int(body) % 97:02d}"


def _dutch(rng: Random) -> str:
    while True:
        body = digits(rng, 8)
        check = sum(int(digit) * weight for digit, weight in zip(body, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{body}{check}B01"


def _french(rng: Random) -> str:
    body = digits(rng, 8)
    siren = body + luhn.calc_check_digit(body)
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _german(rng: Random) -> str:
    body = digits(rng, 8)
    return body + str(mod_11_10.calc_check_digit(body))


_VAT_BODIES = {"BE": _belgian, "NL": _dutch, "FR": _french, "DE": _german}


def bank_account(rng: Random, country: str) -> str:
    """An IBAN of BE, NL, FR or DE."""
    bban = _BBANS[country](rng)
    check: str = iban.calc_check_digits(f"{country}00{bban}")
    return f"{country}{check}{bban}"


def bank_code(account: str) -> str:
    """The BIC of the bank that an IBAN of `bank_account` is at."""
    return _BICS.get(account[:2]) or str(be_iban.to_bic(account))


def _belgian_account(rng: Random) -> str:
    body = rng.choice(("001", "068", "220", "363", "407", "735")) + digits(rng, 7)
    return f"{body}{int(body) % 97 or 97:02d}"


def _dutch_account(rng: Random) -> str:
    while True:
        body = digits(rng, 10)
        if sum(int(digit) * weight for digit, weight in zip(body, range(10, 0, -1), strict=True)) % 11 == 0:
            return f"ABNA{body}"


def _french_account(rng: Random) -> str:
    bank, branch, account = digits(rng, 5), digits(rng, 5), digits(rng, 11)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02d}"


def _german_account(rng: Random) -> str:
    return digits(rng, 8) + digits(rng, 10)


BANKED = frozenset({"BE", "NL", "FR", "DE"})
"""Countries whose customers have an IBAN here."""

_BBANS = {"BE": _belgian_account, "NL": _dutch_account, "FR": _french_account, "DE": _german_account}
