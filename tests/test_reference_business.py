"""Lines of business: recognised as people write them, in seven languages."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from redflags import reference
from redflags.model.kinds import BUSINESS
from redflags.reference.suitability import classes
from redflags.reference.tables import public_id, read_rows
from redflags.values.text import fold

ORDERS = Path(__file__).parent / "cases" / "orders.csv"


def line(text: str) -> str | None:
    value: str | None = BUSINESS.parse(text).value
    return value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IT and electronics micro company", "it-services"),
        ("IT company", "it-services"),
        ("software house", "it-services"),
        ("electronics company", "electronics-distributor"),
        ("electronics firm", "electronics-distributor"),
        ("solar installation company", "electrical-contractor"),
        ("solar installer", "electrical-contractor"),
        ("vegetable grower", "farm-or-cooperative"),
        ("grower of vegetables", "farm-or-cooperative"),
        ("farmer", "farm-or-cooperative"),
        ("aircraft parts broker", "aviation-parts-broker"),
        ("phone company", "mobile-phone-shop"),
        ("phone repair", "mobile-phone-shop"),
        ("car hire", "car-rental"),
        ("luxury car hire", "car-rental"),
        ("luxury car rental", "car-rental"),
        ("general trader", "general-trading"),
        ("trader", "general-trading"),
        ("trading house", "general-trading"),
        ("import export", "import-export"),
        ("holding company", "holding-shell"),
        ("vehicle repair chain", "garage-vehicle-repair"),
        ("auto workshop", "garage-vehicle-repair"),
        ("chemicals trader", "chemical-distributor"),
        ("paint producer", "paint-manufacturer"),
        ("paint factory", "paint-manufacturer"),
        ("coatings maker", "paint-manufacturer"),
        ("textile company", "textile-trader"),
        ("bakery", "food-manufacturer"),
        ("dairy", "food-manufacturer"),
        ("brewery", "food-manufacturer"),
        ("clinic", "hospital"),
        ("dental lab", "medical-supplier"),
        ("school", "school"),
        ("ministry", "public-authority"),
        ("municipality", "public-authority"),
        ("private person", "private-individual"),
        ("individual", "private-individual"),
        ("consumer", "private-individual"),
        ("telefon mağazası", "mobile-phone-shop"),
        ("CEP TELEFONU DÜKKÂNI", "mobile-phone-shop"),
        ("sebze üreticisi", "farm-or-cooperative"),
        ("tüccar", "general-trading"),
        ("lüks araç kiralama", "car-rental"),
        ("تاجر", "general-trading"),
        ("محل جوالات", "mobile-phone-shop"),
        ("مقاول بناء", "construction-company"),
        ("фермер", "farm-or-cooperative"),
        ("магазин телефонов", "mobile-phone-shop"),
        ("физлицо", "private-individual"),
        ("Handykette", "mobile-phone-shop"),
        ("Landwirt", "farm-or-cooperative"),
        ("Autovermieter", "car-rental"),
        ("Farbenfabrik", "paint-manufacturer"),
        ("agriculteur", "farm-or-cooperative"),
        ("boulangerie industrielle", "food-manufacturer"),
        ("agricultor", "farm-or-cooperative"),
        ("panadería", "food-manufacturer"),
        ("tienda de teléfonos", "mobile-phone-shop"),
        ("florist", "household-goods-shop"),
        ("flower shop", "household-goods-shop"),
        ("butchery", "butcher"),
        ("insurance broker", "management-consulting"),
        ("veterinary clinic", "hospital"),
        ("graphic design studio", "web-design-microfirm"),
        ("estate agency", "real-estate"),
        ("mobiles & gadgets", "mobile-phone-shop"),
        ("cellulaires et accessoires", "mobile-phone-shop"),
        ("Tlf. aksesuar", "mobile-phone-shop"),
        ("Brautmoden", "textile-trader"),
        ("takı toptan", "jeweller"),
        ("kwiaciarnia", "household-goods-shop"),
        ("macelleria", "butcher"),
        ("privato", "private-individual"),
        ("نمایشگاه اتومبیل", "auto-parts-dealer"),
        ("coal mine", "mining-quarry"),
        ("analytical laboratory", "testing-laboratory"),
        ("injection moulding machine builder", "machinery-manufacturer"),
    ],
)
def test_everyday_names_are_recognised(text: str, expected: str) -> None:
    assert line(text) == expected


@pytest.mark.parametrize(
    "text",
    ["power bank", "data bank", "sole trader", "company", "Ltd", "business", "steel bar",
     "market research", "pension fund", "consumer goods", "garage door",
     "day trader", "land mine", "private limited company", "student housing", "gas regulator",
     "flight school"],
)  # fmt: skip
def test_words_that_name_no_line_are_not_guessed_at(text: str) -> None:
    assert line(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("solar farm operator", "farm-or-cooperative"),
        ("wind farm", "farm-or-cooperative"),
        ("power bank seller", "bank-or-factoring"),
        ("food bank", "bank-or-factoring"),
        ("bar code printer", "restaurant"),
    ],
)
def test_a_one_word_term_does_not_swallow_another_trade(text: str, wrong: str) -> None:
    assert line(text) != wrong


@pytest.mark.parametrize("ending", ["company", "Ltd", "firm", "GmbH"])
def test_a_word_for_the_firm_itself_changes_nothing(ending: str) -> None:
    assert line(f"paint manufacturer {ending}") == "paint-manufacturer"


def test_every_business_of_the_labelled_orders_is_recognised() -> None:
    with ORDERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ("buyer_business", "consignee_business", "payer_business")
    written = {row[column] for row in rows for column in columns if row[column]}
    assert [text for text in sorted(written) if line(text) is None] == []


def test_the_title_and_the_id_of_every_line_are_recognised() -> None:
    for identifier in reference.business_lines():
        assert line(identifier) == identifier
        assert BUSINESS.operand(identifier).value == identifier


def test_no_term_stands_for_two_lines() -> None:
    owners: dict[str, set[str]] = {}
    for term in reference.business_terms().terms:
        owners.setdefault(fold(term.text), set()).add(term.id)
    assert {text: lines for text, lines in owners.items() if len(lines) > 1} == {}


def test_every_further_term_leads_to_its_own_line() -> None:
    wrong = [
        (row[1], line(row[1]))
        for row in read_rows("extra_business_terms")
        if line(row[1]) != row[0].replace("_", "-")
    ]
    assert wrong == []


def test_every_line_has_terms_in_seven_languages() -> None:
    spoken: dict[str, set[str]] = {}
    for term in reference.business_terms().terms:
        spoken.setdefault(term.id, set()).add(term.language)
    assert set(spoken) == set(reference.business_lines())
    for found, languages in spoken.items():
        assert languages >= {"en", "tr", "ar", "ru", "de", "fr", "es"}, found


def test_an_exclusion_keeps_its_line_from_being_found() -> None:
    index = reference.business_terms()
    for identifier, phrase in index.exclusions:
        assert identifier in reference.business_lines()
        assert identifier not in {match.id for match in index.find(phrase)}, phrase


def test_every_judgement_of_fit_is_about_things_that_exist() -> None:
    lines, families = reference.business_lines(), reference.families()
    rows = [*read_rows("business_product_fit"), *read_rows("extra_fit")]
    for business, family, value, reason, *_ in rows:
        assert business.replace("_", "-") in lines
        assert family.replace("_", "-") in families
        assert value in reference.choices("fit").values
        assert reason
    assert reference.fit("mobile-phone-shop", "no-such-family") is None


def judged_pairs() -> dict[tuple[str, str], str]:
    rows = [*read_rows("business_product_fit"), *read_rows("extra_fit")]
    judged = [(row[0].replace("_", "-"), row[1].replace("_", "-")) for row in rows]
    assert len(judged) == len(set(judged))
    return {pair: row[2] for pair, row in zip(judged, rows, strict=True)}


def test_a_pair_has_its_own_judgement_or_that_of_the_wider_classes_or_none() -> None:
    judged = judged_pairs()
    by_class = 0
    for line in reference.business_lines():
        for family in reference.families():
            found = reference.fit(line, family)
            if (line, family) in judged:
                assert found is not None
                assert (found.value, found.by_class) == (judged[line, family], False)
            elif found is not None:
                assert found.by_class
                by_class += 1
    assert by_class > 0


def test_a_class_has_the_fit_that_most_of_its_judged_pairs_have() -> None:
    counts: dict[tuple[str, str], Counter[str]] = {}
    families = reference.families()
    for (line, family), value in judged_pairs().items():
        for isic in classes(reference.business_lines()[line].isic):
            counts.setdefault((isic, families[family].group), Counter())[value] += 1
    for isic, group, value, *_ in read_rows("fit_by_class"):
        found = counts[isic, group]
        assert found.most_common(1)[0][0] == value, (isic, group)
        assert found[value] * 4 >= found.total() * 3, (isic, group)


def test_a_private_person_and_an_unknown_line_have_no_class() -> None:
    assert classes("") == ()
    assert classes("4741") == ("474", "47", "G")
    assert reference.fit("private-individual", "semiconductor-equipment") is None
    assert reference.fit("no-such-line", "urea") is None


@pytest.mark.parametrize(
    ("business", "family", "value"),
    [
        ("paint-manufacturer", "acetone", "normal"),
        ("paint-manufacturer", "isopropanol", "normal"),
        ("paint-manufacturer", "epoxy-resin", "normal"),
        ("hospital", "microcontroller", "unusual"),
        ("food-manufacturer", "pressure-transducer", "normal"),
        ("fertiliser-retailer", "aluminium-paste", "incompatible"),
        ("electronics-retailer", "nitromethane", "incompatible"),
        ("electronics-retailer", "isopropanol", "unusual"),
        ("agriculture-supplier", "nitric-acid", "unusual"),
        ("web-design-microfirm", "hexamine", "incompatible"),
        ("construction-company", "gnss-receiver", "normal"),
        ("chemical-manufacturer", "imu-gyro-accelerometer", "unusual"),
        ("paint-manufacturer", "autopilot-flight-controller", "incompatible"),
        ("electronics-distributor", "detonators", "incompatible"),
    ],
)
def test_judgements_by_class(business: str, family: str, value: str) -> None:
    found = reference.fit(business, family)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    ["n/a", "N.A.", "NA", "No", "none", "nil", "-", "?", "unknown", "TBD", "to be advised",
     "see above", "same", "Same as buyer", "same as sold-to", "(same as consignee)", "ditto",
     "idem", "as above",
     "prepaid", "cash", "various", "walk-in customer", "aynı", "AYNI", "siehe oben", "то же",
     "نفس المشتري", "igual que el comprador", "même que l'acheteur"],
)  # fmt: skip
def test_what_stands_for_no_name_is_known_as_such(text: str) -> None:
    assert reference.is_placeholder_name(text)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "Nadir Ltd", "No. 1 Trading", "Cash & Carry Ltd", "Same Tractors", "x" * 10_000],
)
def test_a_name_or_a_blank_is_no_placeholder(text: str) -> None:
    assert not reference.is_placeholder_name(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("NACE 46.52", "electronics-distributor"), ("46.52", "electronics-distributor"),
        ("46.52Z", "electronics-distributor"), ("WZ 2008: 47.42.0", "mobile-phone-shop"),
        ("G46.52", "electronics-distributor"), ("NACE Rev. 2: 20.30", "paint-manufacturer"),
        ("ОКВЭД 46.52", "electronics-distributor"), ("47.42.01", "mobile-phone-shop"),
        ("NACE 13.93", "textile-manufacturer"), ("NACE 10.5", "food-manufacturer"),
        ("96.02 Coiffure", "hairdresser-beauty"),
    ],
)  # fmt: skip
def test_a_class_of_nace_is_a_line_of_business(text: str, line: str) -> None:
    found = BUSINESS.parse(text)
    assert found.value == line
    assert "NACE" in found.how


@pytest.mark.parametrize(
    "text",
    ["46.69", "46.75", "46.72", "25.61", "12.50", "4652", "10.5", "01.02.2023", "46", "1.2.3"],
)
def test_a_class_of_several_lines_and_other_figures_are_no_line(text: str) -> None:
    assert BUSINESS.parse(text).value is None


def test_words_beside_a_class_decide_before_it() -> None:
    assert BUSINESS.parse("46.52 mobile phone shop").value == "mobile-phone-shop"


def test_every_class_of_nace_stands_for_a_line_that_there_is_and_states_it() -> None:
    lines, classes = reference.business_lines(), dict(read_rows("nace_lines"))
    assert {public_id(line) for line in classes.values()} <= set(lines)
    shared = [one.nace for one in lines.values()]
    for one in lines.values():
        if one.confidence == "high" and one.nace in classes and shared.count(one.nace) == 1:
            assert public_id(classes[one.nace]) == one.id, one.nace
