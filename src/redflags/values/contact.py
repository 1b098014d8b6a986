"""Ways to reach a party: mail addresses, telephone numbers, web sites."""

from __future__ import annotations

import re
from collections.abc import Mapping

from redflags.values.text import shown
from redflags.values.understood import BLANK, Understood, unknown

_LONGEST = 320
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@([^\s@<>,;:\"()\[\]]{1,253})")


def _clean(text: str) -> str:
    return text.strip().strip("<>\"'").removeprefix("mailto:").strip()


def _domain(text: str) -> str | None:
    domain = text.strip().rstrip(".").lower()
    return domain if len(domain) <= 253 and _DOMAIN.fullmatch(domain) else None


def parse_email(text: str) -> Understood:
    """A mail address, with its domain in lower case."""
    stripped = text.strip()
    if not stripped:
        return BLANK
    refused = unknown(text, f'"{shown(stripped)}" is no mail address')
    if len(text) > _LONGEST:
        return refused
    named = re.search(r"<([^<>]*)>\s*$", stripped)
    address = _clean(named[1] if named else stripped)
    match = _ADDRESS.fullmatch(address)
    domain = _domain(match[1]) if match else None
    if domain is None:
        return refused
    return Understood(written=text, value=f"{address.rpartition('@')[0]}@{domain}", detail=domain)


def email_domain(text: str) -> Understood:
    """The domain of a mail address in lower case; a domain by itself is accepted."""
    address = parse_email(text)
    if address.value is not None:
        return Understood(written=text, value=address.detail)
    if not text.strip():
        return BLANK
    domain = _domain(_clean(text).removeprefix("@")) if len(text) <= _LONGEST else None
    if domain is None:
        return unknown(text, f'"{shown(text)}" is no mail address and no domain')
    return Understood(written=text, value=domain)


def parse_website(text: str) -> Understood:
    """The host of a web address in lower case, without a leading ``www.``."""
    stripped = text.strip()
    if not stripped:
        return BLANK
    refused = unknown(text, f'"{shown(stripped)}" is no web address')
    if len(text) > 2_000:
        return refused
    rest = re.sub(r"^[a-z]{2,6}://", "", stripped, flags=re.IGNORECASE)
    host = re.split(r"[/?#:]", rest, maxsplit=1)[0]
    domain = _domain(host.removeprefix("www.").removeprefix("WWW."))
    return refused if domain is None else Understood(written=text, value=domain)


def phone_country(text: str, dial_codes: Mapping[str, str]) -> Understood:
    """The country (alpha-2) of a number in international form, by its longest dialling prefix.

    ``dial_codes`` maps digits to alpha-2 codes, and shared prefixes to "": those are unknown, as
    are national numbers. A bare prefix such as ``+90`` is enough.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    if len(text) > 60:
        return unknown(text, f'"{shown(stripped)}" is no telephone number')
    digits = "".join(str(int(c)) for c in stripped if c.isdecimal())
    lead = stripped.lstrip("( \u200e\u200f\u202a\u202d").removeprefix("tel:").strip()
    if lead.startswith(("+", "＋")):
        number = digits
    elif digits.startswith("00"):
        number = digits[2:]
    else:
        return unknown(text, f'"{shown(stripped)}" has no country prefix')
    for length in range(min(7, len(number)), 0, -1):
        country = dial_codes.get(number[:length])
        if country is None:
            continue
        if not country:
            return unknown(text, f"+{number[:length]} is shared by several countries")
        return Understood(written=text, value=country, how=f"+{number[:length]} is {country}")
    return unknown(text, f'"{shown(stripped)}" has no country prefix that is known')
