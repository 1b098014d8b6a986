"""Parties as orders name them, each with the keys by which it is known again."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from redflags import reference
from redflags.model.fields import roles
from redflags.model.record import Record
from redflags.values.contact import parse_email, parse_website
from redflags.values.names import name_key
from redflags.values.street_address import street_address_key
from redflags.values.text import fold

LINKS = ("address", "phone", "email", "website", "registration", "payer", "director")
"""What can link two parties."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that two parties can share: its kind, its key, and its text as an order has it."""

    kind: str
    key: str
    written: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class PartySeen:
    """A party as one order names it. All keys are "" where the order does not state them.

    ``shown`` is the name as written (the registration number where there is none); ``name`` its
    comparison key, ``country`` alpha-2. ``attributes`` holds whatever can link it to others, also
    a second telephone number or the domain of its mail, which the single keys leave out.
    """

    role: str
    shown: str
    name: str
    country: str = ""
    registration: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    directors: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()

    @property
    def identity(self) -> tuple[str, str, str]:
        """Name, country and registration: what the party's identity is judged by."""
        return (self.name, self.country, self.registration)

    @property
    def registered(self) -> str:
        """The registration number as written; "" where there is none."""
        own = [one.written for one in self.attributes if one.kind == "registration"]
        return own[0] if own else ""


PARTY_PARTS = (
    "name", "registration", "country", "city", "address", "phone", "email", "website", "directors",
)  # fmt: skip
PARTY_PATHS: Mapping[str, tuple[str, ...]] = {
    role: tuple(f"{role}.{part}" for part in PARTY_PARTS) for role in roles()
}
"""The fields that say who a party of each role is; it is stated by the first two."""


def parties_of(record: Record) -> dict[str, PartySeen]:
    """The parties that an order line states, by role.

    A party is stated where it has a name or a registration number. Words that stand where an end
    user should be named ("stock", "as buyer") name no party.
    """
    found = {role: party_of(record, role) for role in PARTY_PATHS}
    return {role: party for role, party in found.items() if party is not None}


def party_of(record: Record, role: str) -> PartySeen | None:
    """The party of one role that an order line states, as in :func:`parties_of`."""
    paths = PARTY_PATHS[role]
    name, registration = record.get(paths[0]), record.get(paths[1])
    if (name is None or name.value is None) and (
        registration is None or registration.value is None
    ):
        return None
    values = [record.get(path) for path in paths]
    texts = [
        "" if value is None or value.value is None
        else "; ".join(sorted(value.value)) if isinstance(value.value, frozenset)
        else str(value.value)
        for value in values
    ]  # fmt: skip
    return party_seen(role, *texts)


@lru_cache(maxsize=200_000)
def party_seen(
    role: str,
    name: str,
    registration: str = "",
    country: str = "",
    city: str = "",
    address: str = "",
    phone: str = "",
    email: str = "",
    website: str = "",
    directors: str = "",
) -> PartySeen | None:
    """The party that these texts name; None where they name none. ``country`` is alpha-2."""
    if role == "end_user" and reference.end_user_words().find(name) is not None:
        name = ""
    key = name_key(name, reference.legal_forms())
    number = registration_key(registration, country) if registration else ""
    if not key and not number:
        return None
    place = address_key(address, city, country) if address else ""
    phones = phone_keys(phone, country) if phone else ()
    mail = email_key(email) if email else ""
    sites = site_keys(website, email) if website or email else ()
    people = director_keys(directors) if directors else ()
    attributes = [Attribute("registration", f"{country}|{number}", registration)] if number else []
    attributes += [Attribute("address", place, address)] if place else []
    attributes += [Attribute("phone", one, phone) for one in phones]
    attributes += [Attribute("email", mail, email)] if mail else []
    attributes += [Attribute("website", one, written) for one, written in sites]
    attributes += [Attribute("director", one, written) for one, written in people]
    return PartySeen(
        role=role,
        shown=name.strip() or registration.strip(),
        name=key,
        country=country,
        registration=number,
        address=place,
        phone=phones[0] if phones else "",
        email=mail,
        website=sites[0][0] if sites else "",
        directors=tuple(one for one, _ in people),
        attributes=tuple(attributes),
    )


_LABELS = frozenset(
    fold(word)
    for word in (
        "registration", "registered", "reg", "regno", "company", "no", "nr", "number", "num", "vat",
        "tax", "id", "tin", "ust", "idnr", "ustid", "ustidnr", "steuernummer", "vkn", "vergi",
        "numarası", "numara", "sicil", "ticaret", "mersis", "crn", "licence", "license", "tva",
        "nif", "cif", "rcs", "siren", "siret", "inn", "ogrn", "инн", "огрн", "n", "o", "the",
        "commercial", "trade", "register", "handelsregister", "kdnr", "code",
    )
)  # fmt: skip


def registration_key(text: str, country: str) -> str:
    """A registration or tax number without labels and punctuation; "" where it is none.

    The country's code before the number ("DE123456789") is left out in its own country. A number
    has at least three digits, not all alike: ``00000`` and ``n/a`` are no numbers.
    """
    words = [word for word in fold(text[:120]).split() if word not in _LABELS]
    key = "".join(words)
    if country and key.startswith(country.lower()) and key[2:].isdigit():
        key = key[2:]
    digits = [letter for letter in key if letter.isdigit()]
    if len(digits) < 3 or len(set(digits)) < 2:
        return ""
    return key


def address_key(text: str, city: str, country: str) -> str:
    """The key of a full street address; see :func:`~redflags.values.street_address`.

    The name of the country at the end of the text is left out, and a town that the text names
    counts where none is stated beside it.
    """
    if not text.strip():
        return ""
    parts = re.split(r"[,;\n]", text[:400])
    while len(parts) > 1 and (not parts[-1].strip() or _is_country(parts[-1], country)):
        parts.pop()
    kept = ",".join(parts)
    if not city and country and len(parts) == 1:
        found = reference.find_place(kept, country)
        city = found.name if found is not None else ""
    return street_address_key(kept, city, country)


def _is_country(text: str, country: str) -> bool:
    plain = text.strip(" .")
    if not plain or any(letter.isdigit() for letter in plain):
        return False
    return bool(country) and _country_of(plain) == country


@lru_cache(maxsize=4_096)
def _country_of(text: str) -> str | None:
    from redflags.values.country import parse_country

    found: str | None = parse_country(text, reference.countries()).value
    return found


_PHONES = re.compile(r"[;|\n]|\s/\s|\s(?:or|und|and|ve|oder)\s|,(?=\s*[+0(])")
_EXTENSION = re.compile(
    r"(?:ext\.?|extension|dahili|durchwahl|dw|x|доб\.?)\s?:?\s?\d{1,6}\s*$", re.I
)
_NO_TRUNK = frozenset({"IT", "SM", "VA", "ES", "PT", "DK", "NO", "PL", "CZ", "GR", "US", "CA"})


_OF_SHARED_CODES = {"US": "1", "CA": "1", "RE": "262", "YT": "262", "GP": "590", "NF": "672"}


@cache
def _dial_code_of() -> Mapping[str, str]:
    """The dialling code of each country: the shortest that is its own."""
    shared = [digits for digits, country in reference.dial_codes().items() if not country]
    found = dict(_OF_SHARED_CODES)
    for digits, country in sorted(reference.dial_codes().items(), key=lambda one: len(one[0])):
        if country:
            # Where several countries share a code, what follows it is part of their numbers.
            code = next((one for one in shared if digits.startswith(one)), digits)
            found.setdefault(country, code)
    return found


def phone_keys(text: str, country: str) -> tuple[str, ...]:
    """The telephone numbers of a text as digits with their country's code.

    A number in national form gets the code of the party's own country; where that is not known it
    is kept as it is and meets only the same national form. Numbers of fewer than seven digits or
    of one digit alone are none. At most four numbers are read.
    """
    if not text.strip():
        return ()
    found: list[str] = []
    for part in _PHONES.split(text[:200])[:4]:
        key = _phone_key(part, country)
        if key and key not in found:
            found.append(key)
    return tuple(found)


def _phone_key(text: str, country: str) -> str:
    bare = _EXTENSION.sub("", text.strip()).replace("(0)", "")
    digits = "".join(filter(str.isdecimal, bare))
    if not digits.isascii():
        digits = "".join(str(int(digit)) for digit in digits)
    if not 7 <= len(digits) <= 17 or len(set(digits)) < 3 or digits in "01234567890":
        return ""
    lead = bare.lstrip("( \u200e\u200f\u202a\u202d").removeprefix("tel:").removeprefix("Tel:")
    if lead.strip(" .:").startswith(("+", "＋")):
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    code = _dial_code_of().get(country, "")
    if not code:
        return digits
    if not digits.startswith("0") and digits.startswith(code) and len(digits) >= len(code) + 9:
        return "+" + digits
    if country in ("RU", "KZ") and len(digits) == 11 and digits.startswith("8"):
        return "+7" + digits[1:]
    if country not in _NO_TRUNK:
        digits = digits.removeprefix("0")
    return "+" + code + digits


def email_key(text: str) -> str:
    """A whole mail address in lower case, without a tag after a plus sign; "" where it is none."""
    found = parse_email(text).value
    if found is None:
        return ""
    local, _, domain = found.lower().rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local}@{domain}"


_PLATFORMS = frozenset(
    (
        "facebook.com", "instagram.com", "linkedin.com", "twitter.com", "x.com", "youtube.com",
        "alibaba.com", "aliexpress.com", "made-in-china.com", "indiamart.com", "tradekey.com",
        "ebay.com", "etsy.com", "amazon.com", "google.com", "wordpress.com", "blogspot.com",
        "wixsite.com", "weebly.com", "shopify.com", "myshopify.com", "wa.me", "t.me", "vk.com",
        "telegram.me", "github.io", "business.site", "linktr.ee", "ok.ru", "tiktok.com",
        "hepsiburada.com", "trendyol.com", "sahibinden.com", "n11.com",
    )
)  # fmt: skip
"""Sites on which many firms have their pages: they link nobody. A judgement."""

SECOND_LEVEL = frozenset(
    (
        "ac", "co", "com", "edu", "gen", "gov", "gouv", "ind", "ltd", "mil", "net", "nom", "or",
        "org", "plc", "web",
    )
)  # fmt: skip
"""Labels before that of a country under which firms have their names."""


def hosts_of_many() -> tuple[Collection[str], ...]:
    """Hosts and domains at which anybody can have a page or a mail box."""
    return (reference.free_mail_domains(), reference.disposable_mail_domains(), _PLATFORMS)


def site_keys(website: str, email: str) -> tuple[tuple[str, str], ...]:
    """The domains that are a firm's own, from its web site and from its mail address, each with
    the text that has it. Mail providers, throw-away mail and sites of many firms are left out."""
    found: list[tuple[str, str]] = []
    host = parse_website(website).value
    mail = parse_email(email).detail
    for domain, written in ((host, website), (mail, email)):
        own = own_domain(domain) if domain else ""
        if own and all(own != one for one, _ in found):
            found.append((own, written))
    return tuple(found)


@lru_cache(maxsize=65_536)
def own_domain(host: str) -> str:
    """The registered domain of a host, such as ``firm.com.tr`` for ``mail.firm.com.tr``; "" for
    one at which anybody can have a page or a mail box."""
    labels = host.lower().strip(".").split(".")
    if len(labels) < 2:
        return ""
    take = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    domain = ".".join(labels[-take:])
    if any(host in one or domain in one for one in hosts_of_many()):
        return ""
    return domain


_TITLES = frozenset(
    fold(word)
    for word in (
        "mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "bay", "bayan", "eng", "sir",
        "sayın", "av", "ing", "dipl", "mme", "monsieur", "madame", "sr", "sra", "jr",
    )
)  # fmt: skip


def director_keys(text: str) -> tuple[tuple[str, str], ...]:
    """The directors of a text, each as its words in no order with the name as written. A name of
    one word is too common to link anybody. At most twenty are read."""
    found: list[tuple[str, str]] = []
    for written in text[:2_000].split(";")[:20]:
        words = name_key(written, reference.legal_forms()).split()
        telling = sorted(word for word in words if word not in _TITLES)
        if len(telling) > 1 and any(len(word) > 2 for word in telling):
            key = " ".join(telling)
            if all(key != one for one, _ in found):
                found.append((key, written.strip()))
    return tuple(found)
