"""What the name of one column can mean, by itself: from the table of names, or by its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from redflags import reference
from redflags.intake.date_patterns import date_notation
from redflags.model.fields import columns, field_table
from redflags.reference.headers import ANY_PARTY, LANGUAGES, NO_FIELD, HeaderName

WITH_UNIT = frozenset({"quantity", "value", "weight", "particle_size", "concentration"})
"""Paths of which the name of the column can state the unit: ``Gewicht (kg)``."""

GIVEN_NAME, FAMILY_NAME = "given_name", "family_name"
"""The parts of a person's name, as attributes of a party that are joined to its name."""

_FIRMS = ("company", "firm", "organi", "business", "société", "raison sociale", "empresa",
          "razón social", "unvan", "şirket", "unternehmen", "kompan", "компани", "организаци",
          "公司", "企业", "شركة", "azienda", "ragione sociale", "bedrijf")  # fmt: skip
_LONGEST_COMPOUND = 60
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBERING = re.compile(r"^\(?\d{1,3}\s{0,3}[.):]\s{0,3}(?=\D)")
_BRACKET = re.compile(
    r"^(?P<name>[^([{<]{1,100})[([{<](?P<inside>[^)\]}>]{1,40})[)\]}>]?[\s:*.]{0,5}$"
)
_REPEATED = re.compile(r"^(?P<name>.{1,100}?)(?:[._ ]\d{1,2}|\s?\(\d{1,2}\))$")
_SAP_TABLE = re.compile(
    r"^(?P<table>VBAK|VBAP|VBPA|VBKD|VBRK|VBRP|LIKP|LIPS|KNA1|EKKO|EKPO|MARA|MAKT|MARC|ADRC|LFA1)"
    r"[-_.~ ](?=.)"
)
_NESTED = re.compile(
    r"^(?:order[ _]id|order[ _]lines?|sale[ _]order|sale[ _]line[ _]id)/(?=.)", re.I
)
_OWN = re.compile(r"^(?:cf|udf|custom|custom[ _]fields?|user[ _]fields?)[._:](?=.)", re.I)
"""What some systems write before the fields that a house has added."""
_SIGN = re.compile("[%€£₺₽₹]")
_PART = ("item", "items", "line", "lines", "position", "pos", "kalem", "poste")
"""What says of which part of an order a column speaks: in a header “Item” is no unit."""

_FILLER = frozenset({"iso", "iso2", "iso3", "isocode", "code", "text", "txt", "desc", "optional",
                     "required", "mandatory", "pflichtfeld", "2letter", "3letter", "en", "de", "fr",
                     "es", "tr", "english", "deutsch", "german", "englisch", "sd", "header",
                     *_PART})  # fmt: skip
_BESIDE = {
    "value": frozenset({"net", "netto", "nett", "ht", "horstaxes", "exclvat", "excltax", "exvat",
                        "exkl", "exklmwst", "ohnemwst", "zzglmwst", "neto", "siniva", "kdvharic",
                        "total", "line", "gesamt"}),
    "weight": frozenset({"net", "netto", "nett", "neto", "total"}),
    "quantity": frozenset({"ordered", "order", "total", "bestellt", "auftrag"}),
    "date": frozenset({"order", "po", "document", "auftrag", "bestellung", "beleg", "commande",
                       "pedido", "siparis"}),
    "concentration": frozenset(),
    "particle_size": frozenset(),
}  # fmt: skip
"""What can stand beside a name without changing what it means."""

_CODES = frozenset({"hs_code", "cas", "control_code"})
"""Paths of which whatever stands in brackets says only how the code is written."""

_AGAIN, _TWICE = "again", "twice"
_IN = frozenset({"in", "en", "de", "als", "per", "as"})
_AFTER_ROLE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("", "party", "address", "addr", "adresse", "adres", "company", "firma",
                     "customer", "firm"), ()),
    **dict.fromkeys(("s",), ("English", "German")),
    **dict.fromkeys(("n", "in", "nin", "un", "nun"), ("Turkish",)),
    **dict.fromkeys(("的", "所在"), ("Chinese",)),
}  # fmt: skip
_AFTER_ATTRIBUTE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("", "party"), ()),
    **dict.fromkeys(("of", "ofthe", "for", "forthe"), ("English",)),
    **dict.fromkeys(("der", "vom", "von", "fur", "zum"), ("German",)),
    **dict.fromkeys(("du", "d", "l", "pour"), ("French",)),
    **dict.fromkeys(("dell", "dello", "della", "delle", "dei", "degli", "di"), ("Italian",)),
    **dict.fromkeys(("do", "da", "dos", "das"), ("Portuguese",)),
    **dict.fromkeys(("delos", "delas"), ("Spanish",)),
    **dict.fromkeys(("van", "vande", "vanden", "vanhet", "vd", "voor"), ("Dutch",)),
    "des": ("German", "French"),
    "de": ("French", "Spanish", "Portuguese"),
    "del": ("Spanish", "Italian", "French"),
    "dela": ("French", "Spanish"),
    "para": ("Spanish", "Portuguese"),
}
"""What can stand between the two parts of a name, with the languages that it is from."""

_OF_PAYMENT = frozenset({"payer", "bank"})
"""The parties that can stand under a word for the payment."""

_Words = tuple[HeaderName, ...]
"""One word, in all languages in which it means the same."""

_ROLE_OF_TABLE = {"LFA1": "seller", "KNA1": "buyer"}
"""Whose master data a table of SAP holds."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a column can be.

    ``path`` is a field, or what has yet to be settled: ``*.country`` of whichever party,
    ``bill_to.name``, ``buyer.number``, ``weight``, ``weight.unit``, or ``-`` for no field.
    ``strength`` is 1 to 4; ``on_content`` says that only the cells can confirm it; ``is_role``
    that the name is that of a party alone. ``date_format`` and ``unit`` are what the name states.
    ``elsewhere`` has the other languages in which the name means the same, each with its ``why``.
    """

    path: str
    strength: int
    origin: str
    why: str
    is_language: bool = True
    on_content: bool = False
    is_role: bool = False
    unit: str = ""
    date_format: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()

    @property
    def role(self) -> str:
        """The part of the path before the point."""
        return self.path.partition(".")[0]


def recognise(name: str) -> tuple[Meaning, ...]:
    """What a column of this name can be; several meanings where the name alone does not tell.

    Never raises, whatever the name.
    """
    return _recognise(name[:200])


@lru_cache(maxsize=4_096)
def _recognise(name: str) -> tuple[Meaning, ...]:
    table = _SAP_TABLE.match(name)
    role = _ROLE_OF_TABLE.get(table["table"]) if table is not None else None
    for text, inside, is_apart in _forms(name):
        if inside == _TWICE:
            found = _twice(text)
            if found:
                return found
            continue
        found = _named(text)
        if role is not None:
            found = tuple(_of_role(one, role) for one in found)
        if inside:
            found = tuple(_with_hint(found, inside, is_apart))
        elif (sign := _SIGN.search(text)) is not None:
            found = tuple(_with_sign(one, sign[0]) for one in found)
        if found:
            return found
    return ()


def names_a_firm(name: str) -> bool:
    """Whether a name of a column says that firms are named in it and not persons."""
    key = reference.header_key(name)
    return any(word in key for word in _firms())


@cache
def _firms() -> tuple[str, ...]:
    return tuple(map(reference.header_key, _FIRMS))


def _of_role(meaning: Meaning, role: str) -> Meaning:
    if meaning.role != ANY_PARTY:
        return meaning
    path = f"{role}.{meaning.path.partition('.')[2]}"
    return replace(meaning, path=path, why=f"{meaning.why} ({label_of(path)})")


def _forms(name: str) -> Iterator[tuple[str, str, bool]]:
    """The ways to take a name, the fullest first, each with what was said beside it, and whether
    that stands in brackets."""
    text = _NUMBERING.sub("", " ".join(name.replace("\ufeff", "").split())).rstrip(" :*")
    texts = [text]
    for pattern in (_SAP_TABLE, _NESTED, _OWN):
        short = pattern.sub("", text)
        if short != text:
            texts.append(short)
    for one in texts:
        yield one, "", False
    for one in texts:
        bracket = _BRACKET.match(one)
        if bracket is not None:
            yield bracket["name"].strip(), bracket["inside"].strip(), True
        words = [word for word in re.split(r"[\s_/,;\-]+", _HUMP.sub(" ", one)) if word]
        for count in (1, 2):
            if len(words) > count:
                before = words[:-count]
                if len(before) > 1 and before[-1].lower() in _IN:
                    before = before[:-1]
                yield " ".join(before), " ".join(words[-count:]), False
        yield one, _TWICE, False
        repeated = _REPEATED.match(one)
        if repeated is not None:
            yield repeated["name"], _AGAIN, False


def _named(text: str) -> tuple[Meaning, ...]:
    key = reference.header_key(text)
    if not key:
        return ()
    names = reference.header_names()
    whole = names.whole.get(key)
    own = _own_names().get(key)
    if own is not None:
        return (Meaning(own, 4, "English", f"English for {label_of(own)}"),)
    if whole is not None:
        whole = tuple(name for name in whole if name.header == text) or whole
        found: dict[tuple[str, str], list[Meaning]] = {}
        for name in whole:
            for one in _meanings(name, text):
                found.setdefault((one.path, one.unit), []).append(one)
        meanings = [
            replace(same[0], elsewhere=tuple((one.origin, one.why) for one in same[1:]))
            for same in found.values()
        ]
        if len({one.path for one in meanings} - {NO_FIELD}) == 0:
            return (meanings[0],)
        return tuple(meanings)
    if len(key) <= _LONGEST_COMPOUND:
        compound = _compound(key)
        return (compound,) if compound is not None else _under_payment(key)
    return ()


@cache
def _own_names() -> Mapping[str, str]:
    """The fields by the keys of their own names: what stands beside one may say more of it."""
    return {reference.header_key(column): path for column, path in columns().items()}


def _meanings(name: HeaderName, text: str) -> Iterator[Meaning]:
    for path in name.meanings:
        settled = path
        is_role = path.endswith(f".{ANY_PARTY}")
        if is_role:
            settled = path.removesuffix(ANY_PARTY) + "name"
        elif path == f"{ANY_PARTY}.postcode":
            settled = NO_FIELD
        strength = max(1, name.strength)
        yield Meaning(
            path=settled,
            # The name of a party alone may stand over its number; its name says so.
            strength=min(3, strength) if is_role else strength,
            origin=name.origin,
            why=_why(name, settled, text),
            is_language=name.is_language,
            on_content=path in name.on_content,
            is_role=is_role,
            unit=name.unit,
        )


def _why(name: HeaderName, path: str, text: str) -> str:
    if name.is_language:
        told = label_of(path) if path != NO_FIELD else name.note
        return f"{name.origin} for {told}" if path != NO_FIELD else f"{name.origin}: {told}"
    told = name.note or (label_of(path) if path != NO_FIELD else "no field of an order")
    return f"{name.origin} field {text[:60]}: {told}"


def label_of(path: str) -> str:
    """What sentences call a path, fields and what has yet to be settled alike."""
    field = field_table().get(path)
    if field is not None:
        return field.label
    role, _, attribute = path.partition(".")
    if path in _LABELS:
        return _LABELS[path]
    if role == ANY_PARTY:
        return f"a party's {_attribute_label(attribute)}"
    if role == "bill_to":
        return f"the {_attribute_label(attribute)} of the party that gets the invoice"
    if attribute == "number":
        return f"the seller's own number of the {role.replace('_', ' ')}"
    return f"the {role.replace('_', ' ')}'s {attribute.replace('_', ' ')}"


_LABELS = {"weight": "the weight of the goods", "weight.unit": "the unit of the weight"}


def _attribute_label(attribute: str) -> str:
    field = field_table().get(f"buyer.{attribute}")
    if field is not None:
        return field.label.removeprefix("the buyer's ")
    return attribute.replace("_", " ")


def _compound(key: str) -> Meaning | None:
    """A name of two parts, a party and what is said of it, in either order."""
    names = reference.header_names()
    found: tuple[int, _Words, _Words, tuple[str, ...]] | None = None
    for cut in range(1, len(key)):
        left = key[:cut]
        if left in names.roles:
            after = _rest(key[cut:], _AFTER_ROLE, names.attributes)
            if after is not None and (found is None or cut > found[0]):
                found = cut, names.roles[left], *after
        if left in names.attributes:
            after = _rest(key[cut:], _AFTER_ATTRIBUTE, names.roles)
            if after is not None and (found is None or len(key) - cut > found[0]):
                found = len(key) - cut, after[0], names.attributes[left], after[1]
    if found is None:
        return None
    _, role, attribute, between = found
    owner = role[0].meanings[0].removesuffix(f".{ANY_PARTY}")
    what = attribute[0].meanings[0]
    path = f"{owner}.{what.partition('.')[2]}"
    # “Billing company” says as surely as “billing name” whose name it is.
    strength = 4 if what == f"{ANY_PARTY}.name" else attribute[0].strength or 4
    if what == f"{ANY_PARTY}.postcode":
        path = NO_FIELD
    told = label_of(path) if path != NO_FIELD else "no field of an order"
    reasons = [
        (name.origin, f"{name.origin} for {told}" if name.is_language else f"{name.origin}: {told}")
        for name in _spoken(role, attribute, between)
    ]
    origin, why = reasons[0]
    return Meaning(
        path, strength, origin, why, is_language=origin in LANGUAGES, elsewhere=tuple(reasons[1:])
    )


def _spoken(role: _Words, attribute: _Words, between: tuple[str, ...]) -> _Words:
    """The word for the party in the languages of which the whole name is."""
    both = tuple(one for one in role if one.origin in {other.origin for other in attribute})
    return tuple(one for one in both if one.origin in between) or both or role[:1]


def _rest(
    rest: str, connectors: Mapping[str, tuple[str, ...]], words: Mapping[str, _Words]
) -> tuple[_Words, tuple[str, ...]] | None:
    """The second part of a name, with the languages of what stands before it."""
    for connector, languages in connectors.items():
        if rest.startswith(connector) and rest[len(connector) :] in words:
            return words[rest[len(connector) :]], languages
    return None


def _under_payment(key: str) -> tuple[Meaning, ...]:
    """What stands under a word for the payment and names who pays: ``payment.payer.country``."""
    for word in reference.header_names().payments:
        if key.startswith(word):
            found = _named(key[len(word) :])
            if found and all(one.role in _OF_PAYMENT for one in found):
                return found
    return ()


def _twice(text: str) -> tuple[Meaning, ...]:
    """The meaning of a name that stands in two languages: ``Buyer / Käufer``, ``Ware (Goods)``."""
    parts = [part for part in re.split(r"[/|()\[\]\n]| - ", text) if part.strip()]
    if len(parts) != 2:
        return ()
    one, other = (_named(part) for part in parts)
    paths = {meaning.path for meaning in one} & {meaning.path for meaning in other}
    return tuple(meaning for meaning in one if meaning.path in paths and meaning.path != NO_FIELD)


def _with_sign(meaning: Meaning, sign: str) -> Meaning:
    """The meaning with a unit that is a sign: no key has it, so it stands beside every name."""
    if meaning.unit or meaning.path not in WITH_UNIT or not _is_unit(meaning.path, sign):
        return meaning
    return replace(meaning, unit=sign, why=f"{meaning.why}, in {sign}")


def _with_hint(found: tuple[Meaning, ...], hint: str, is_apart: bool) -> Iterator[Meaning]:
    """The meanings that what stands beside a name agrees with; a unit or a date format counts."""
    key = reference.header_key(hint)
    for one in found:
        if one.path == NO_FIELD:
            yield one
        elif one.path in WITH_UNIT and _is_unit(one.path, hint):
            yield replace(one, unit=hint, on_content=False, why=f"{one.why}, in {hint}")
        elif _is_date(one.path) and date_notation(hint) is not None:
            yield replace(one, date_format=hint, why=f"{one.why}, written {hint}")
        elif hint == _AGAIN:  # “Description 2” gives way to “Description”
            yield replace(one, strength=max(1, one.strength - 1))
        elif (
            key in _BESIDE.get(one.path, _FILLER)
            or (is_apart and one.path in _CODES)
            or ((is_apart or one.path == "quantity") and key in _PART)
            or (is_apart and one.path == "quantity" and _is_named_unit(hint))
        ):
            yield one


def _is_named_unit(text: str) -> bool:
    return any(one.path == "unit" for one in _named(text))


def _is_date(path: str) -> bool:
    field = field_table().get(path)
    return field is not None and field.kind.name == "date"


def _is_unit(path: str, text: str) -> bool:
    if path == "value":
        return reference.currencies().find(text) is not None
    if path == "concentration":
        return text.strip() in ("%", "w/w", "wt%", "% w/w", "Gew.-%", "ppm")
    unit = reference.units().find(text)
    if unit is None or _is_named_unit(text) or reference.header_key(text) in _PART:
        return False  # “unit” is a unit, too, but in a header it stands for the unit's own column
    wanted = {"weight": ("mass",), "particle_size": ("length",)}.get(path)
    return wanted is None or unit.dimension in wanted
