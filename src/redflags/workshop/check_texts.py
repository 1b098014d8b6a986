"""Checks of what a rule says in words: reasons, questions, sources, and how it speaks of people."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

from redflags import reference
from redflags.rulebook.findings import quoted
from redflags.rulebook.tree import Rule
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.subject import Subject

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_ACCUSING_WORDS = """
    accomplice accomplices bogus complicit corrupt criminal criminals crook crooks culprit culprits
    deceitful dishonest embezzler evader evaders fake fakes fraud frauds fraudster fraudsters
    fraudulent guilt guilty illegal illegally illicit illicitly launderer launderers laundering
    liar liars lies offender offenders perpetrator perpetrators scam scams sham shady smuggler
    smugglers smuggles smuggling suspect suspects swindler swindlers terrorist terrorists
    trafficker traffickers traffics trafficking
"""

ACCUSING = frozenset(_ACCUSING_WORDS.split())
"""Words that say that somebody has done wrong, which no order shows."""

ACCUSING_PHRASES = ("front company", "front companies", "front man", "shell company",
                    "shell companies", "straw man", "cover firm", "money launderer")  # fmt: skip

_PARTIES_WORDS = """
    buyer buyers seller consignee consignees customer customers firm firms company companies owner
    owners payer payers trader traders director directors shop shops party parties user users
    citizen citizens national nationals people person persons man men woman women passport
    passports businessman businessmen retailer retailers dealer dealers forwarder forwarders
"""

_PARTIES = frozenset(_PARTIES_WORDS.split())
"""Words for those who take part in an order."""

NOT_USED = frozenset({"hit", "hits", "match", "matches", "violation", "violations", "whitelist",
                      "whitelisted", "clear", "cleared", "approved"})  # fmt: skip
"""Words that promise or mean something else in this trade than what a rule can say."""

_PEOPLES_WORDS = """
    afghan african albanian algerian american arab arabian argentine armenian asian australian
    austrian azerbaijani azeri bahraini bangladeshi belarusian belgian bosnian brazilian british
    bulgarian burmese cambodian canadian caucasian chechen chilean chinese colombian congolese
    croatian cuban cypriot czech danish dutch egyptian emirati english eritrean estonian ethiopian
    european filipino finnish french gambian georgian german ghanaian greek hungarian indian
    indonesian iranian iraqi irish israeli italian japanese jewish jordanian kazakh kenyan korean
    kurd kurdish kuwaiti kyrgyz latvian lebanese libyan lithuanian malaysian maltese mexican
    moldovan mongolian moroccan muslim nepalese nigerian norwegian omani pakistani palestinian
    persian peruvian polish portuguese qatari romanian russian rwandan saudi scottish senegalese
    serbian singaporean slovak slovene somali spanish sudanese swedish swiss syrian taiwanese tajik
    tanzanian thai tunisian turk turkish turkmen ugandan ukrainian uyghur uzbek venezuelan
    vietnamese yemeni zambian zimbabwean
"""

PEOPLES = frozenset(_PEOPLES_WORDS.split())
"""Words for peoples. The list is this project's own and not complete."""


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


@cache
def _country_names() -> frozenset[tuple[str, ...]]:
    """The names of all countries in the words that a title may hold."""
    table = reference.countries()
    codes = {code for code in reference.dial_codes().values() if code}
    return frozenset(tuple(_words(table.name(code))) for code in codes)


def _names_country(words: list[str]) -> str:
    longest = max(map(len, _country_names()), default=0)
    for start in range(len(words)):
        for length in range(longest, 0, -1):
            part = tuple(words[start : start + length])
            if len(part) == length and part in _country_names():
                return " ".join(part)
    return ""


def _told_texts(rule: Rule) -> Iterator[tuple[str, str]]:
    """The texts of a rule that are shown to people, by the key that they stand under."""
    yield "title", rule.title
    yield "why", rule.why
    for lowering in rule.lowers:
        yield "lowers", lowering.because
    for question in rule.ask:
        yield "ask", question.text


@check("RL401", "no reason", ERROR)
def no_reason(subject: Subject) -> Iterator[Raised]:
    """The rule has no `why`. Whoever gets its alert cannot tell a good reason from a habit, and
    whoever changes the rule next year cannot tell what it was for.

    To do: say in one or two sentences why this is a red flag, and where it was seen.

    Bad:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity.scale: bulk}

    Good:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            why: In bulk the paste is worth asking for whom it is.
            when: {product.family: aluminium-paste, quantity.scale: bulk}
    """
    for rule in subject.rules:
        if not rule.why:
            yield Raised("the rule has no `why`", rule.place, rule.name)


@check("RL402", "no question", ERROR)
def no_question(subject: Subject) -> Iterator[Raised]:
    """The rule has no `ask`. An alert without a question leaves only a refusal or a shrug.

    To do: write what to ask, and of whom; a customer who is asked is also warned.

    Bad:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity.scale: bulk}

    Good:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity.scale: bulk}
            ask:
              - {of: sales, text: "Who visited {buyer.name}, and what does it make?"}
    """
    for rule in subject.rules:
        if not rule.ask:
            yield Raised("the rule has no `ask`", rule.place, rule.name)


@check("RL403", "no source", ERROR)
def no_source(subject: Subject) -> Iterator[Raised]:
    """The rule names no source. Nobody can tell whether a law, a report or a hunch speaks in it.

    To do: name a document of pack.yaml, or write `source: judgement`.

    Bad:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity.scale: bulk}

    Good:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            source: judgement
            when: {product.family: aluminium-paste, quantity.scale: bulk}
    """
    for rule in subject.rules:
        if not rule.sources:
            yield Raised("the rule has no `source`", rule.place, rule.name)


@check("RL404", "names a people or a country", ERROR)
def names_a_people(subject: Subject) -> Iterator[Raised]:
    """A title names a country or a people, or a reason speaks of firms or persons of a people, as
    if that were the sign. Where people come from says nothing of what they do. What the law says of
    a place belongs into a list with a source.

    To do: state the fact of the order: a place under embargo, a party in another country.

    Bad:

        rules:
          - id: buyer-abroad
            title: Syrian firm orders aluminium paste
            severity: low
            fact: place
            when: {product.family: aluminium-paste, buyer.country: {differs_from: seller.country}}

    Good:

        rules:
          - id: buyer-abroad
            title: Aluminium paste for a buyer in another country
            severity: low
            fact: place
            when: {product.family: aluminium-paste, buyer.country: {differs_from: seller.country}}
    """
    for rule in subject.rules:
        words = _words(rule.title)
        named = next((word for word in words if word in PEOPLES), "") or _names_country(words)
        if named:
            place = subject.key_place(rule, "title")
            yield Raised(f"the title names {quoted(named)}", place, rule.name)
        for key, text in _told_texts(rule):
            words = _words(text)
            for one, following in itertools.pairwise(words):
                if key != "title" and one in PEOPLES and following in _PARTIES:
                    message = f"the text under `{key}` speaks of {quoted(f'{one} {following}')}"
                    yield Raised(message, subject.key_place(rule, key), rule.name)
                    break


@check("RL405", "accuses", ERROR)
def accuses(subject: Subject) -> Iterator[Raised]:
    """A title or a question says that somebody has done wrong, or a reason says so of a party. An
    order shows what was ordered; it shows nobody's guilt. Whoever reads an alert must be able to
    show it to the customer.

    To do: state the fact of the order that anybody can look up.

    Bad:

        rules:
          - id: front
            title: Front company buys aluminium paste
            severity: low
            fact: trade
            when: {product.family: aluminium-paste, buyer.fit: incompatible}

    Good:

        rules:
          - id: at-odds
            title: Aluminium paste does not suit the buyer's trade
            severity: low
            fact: trade
            when: {product.family: aluminium-paste, buyer.fit: incompatible}
    """
    for rule in subject.rules:
        for key, text in _told_texts(rule):
            found = _accusation(text, beside_party=key in ("why", "lowers"))
            if found:
                message = f"the text under `{key}` accuses: {quoted(found)}"
                yield Raised(message, subject.key_place(rule, key), rule.name)


def _accusation(text: str, *, beside_party: bool) -> str:
    words = _words(text)
    plain = f" {' '.join(words)} "
    for phrase in ACCUSING_PHRASES:
        if f" {phrase} " in plain:
            return phrase
    for number, word in enumerate(words):
        if word in ACCUSING:
            near = words[max(0, number - 3) : number + 2]
            if not beside_party or any(one in _PARTIES for one in near):
                return word
    return ""


@check("RL406", "a word that means something else", ADVICE)
def word_not_used(subject: Subject) -> Iterator[Raised]:
    """A text of the rule has a word that promises more than a rule can know (clear, approved) or
    makes an alert sound like a verdict (hit, match, violation). Nobody should read in an alert that
    an order is approved.

    To do: use a plain word: flag, agrees with, is the same as.

    Bad:

        rules:
          - id: names-differ
            title: The names of payer and buyer do not match
            severity: low
            fact: payer
            when: {payer.name: {differs_from: buyer.name}, product.family: detonators}

    Good:

        rules:
          - id: names-differ
            title: The payer is another firm than the buyer
            severity: low
            fact: payer
            when: {payer.name: {differs_from: buyer.name}, product.family: detonators}
    """
    for rule in subject.rules:
        for key, text in _told_texts(rule):
            found = next((word for word in _words(text) if word in NOT_USED), None)
            if found is not None:
                message = f"the text under `{key}` has the word {quoted(found)}"
                yield Raised(message, subject.key_place(rule, key), rule.name)
