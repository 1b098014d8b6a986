"""Product families: recognised in seven languages, and not where another thing is meant."""

from __future__ import annotations

import pytest

from redflags import reference
from redflags.reference.tables import public_id, read_rows
from redflags.values.codes import parse_cas
from redflags.values.text import fold


def ids(text: str) -> list[str]:
    return [match.id for match in reference.family_terms().find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "rocket balloons",
        "jam making set with jars",
        "metal sign",
        "battery powered candle",
        "drone bee",
        "drone bees",
        "acetone-free remover",
        "remover without acetone",
        "jet pump",
        "jet washer",
        "ink jet cartridge",
        "sulphur-free paper",
        "rocket salad seeds",
        "handy box",
        "handyman tool",
        "phone charm",
        "mobile phone cover",
        "mobile phone case",
        "mobile phone holder",
        "mobile phone charger",
        "case for mobile phone",
        "smartphone cases",
        "wind turbine blade",
        "turbine oil",
        "steam turbine",
        "relay race baton",
        "servo steering fluid",
        "servo press",
        "gas stove igniter",
        "grill igniter",
        "urea cream",
        "urea hand cream",
        "hand cream with 10 % urea",
        "urea-formaldehyde resin board",
        "ureaplasma test",
        "transistor radio",
        "gyroscope toy",
        "spinning top (Kreisel)",
        "autopilot software licence",
        "detonator (film prop)",
        "potassium nitrate toothpaste",
        "sorbitol chewing gum",
        "sugar-free gum with sorbitol",
        "aluminium foil",
        "aluminium paste brush",
        "carbon fibre phone case",
        "carbon fibre bicycle frame",
        "thermal camera bag",
        "drone landing pad",
        "drone backpack",
        "CCTV warning sign",
        "microcontroller textbook",
        "book on drones",
        "manual for quadcopter",
        "poster of drone",
        "model airplane kit without engine",
        "fertiliser spreader",
        "nitrate test strips",
        "peroxide test strips",
        "nitric acid resistant gloves",
        "sulphuric acid hand pump",
        "explosive atmosphere fan",
        "explosion-proof lamp",
        "explosives detector",
        "explosive detector",
        "explosive ordnance disposal suit",
        "explosionsgeschützte Leuchte",
        "explosion-proof fan",
        "explosive start trainer",
        "Sprengstoffdetektor",
        "détecteur d'explosifs",
        "Napoleon Dynamite DVD",
        "pintura antisalitre",
        "traitement anti-salpêtre",
        "TNT energy drink",
        "LED bulb 3W 85-265V",
        "beer, 26 cans of 33 cl",
        "coffee can, granulated",
        "dosing pump for hydrogen peroxide",
        "powder coated aluminium profile",
        "aluminium window, powder-coated",
        "pulverbeschichtete Aluminiumprofile",
        "soft drink can 27 cl",
        "sack of sugar",
        "teeth whitening gel, carbamide peroxide 16 %",
        "benzoyl peroxide gel",
        "relais colis",
        "concreto celular",
        "Rust-Oleum spray",
        "Handyhülle",
        "чехол для телефона",
        "شاحن هاتف محمول",
        "cep telefonu kılıfı",
        "coque de téléphone portable",
        "funda para teléfono móvil",
        "Al Rawabi milk powder",
        "nail hardener",
        "safety fuse 10 A for electrical panel",
        "electrical safety fuses 32 A",
        "safety fuse 250 V slow blow",
        "cement plant: pulse jet filter bags",
        "pulse jet dust collector",
        "sand blasting machine",
        "shot blasting machine",
        "ammonium nitrate storage tank",
        "autopilot for sailing boat",
        "marine autopilot",
        "tractor autopilot",
        "GPS trackers for fleet",
        "fuse holder 5x20",
        "detonator tester",
        "nitric acid tank",
        "tank for nitric acid",
        "sulphuric acid resistant hose",
        "hydrogen peroxide analyser",
        "hydrogen peroxide detector",
        "hydrogen peroxide test strips",
        "cabinet for acetone",
        "Pumpe für Salpetersäure",
        "pompe pour acide sulfurique",
        "bomba de ácido sulfúrico",
        "nitrik asit pompası",
        "насос для серной кислоты",
        "مضخة لحمض الكبريتيك",
        "bags for ammonium nitrate",
        "pigment",
        "burner igniter",
        "wind turbine",
        "glue gun barrel",
    ],
)
def test_a_look_alike_belongs_to_no_family(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("RC turbine engine 140 N", "model-jet-engine"),
        ("aluminium powder 45 µm atomised", "aluminium-powder"),
        ("paste of aluminium, 65 %", "aluminium-paste"),
        ("Aluminium-Pasten", "aluminium-paste"),
        ("ammonium nitrate 33.5 N prilled, 50 kg bags", "ammonium-nitrate"),
        ("hydrogen peroxide 50 % tech. grade IBC", "hydrogen-peroxide"),
        ("calcium ammonium nitrate 27 N", "calcium-ammonium-nitrate"),
        ("urea 46 N granular", "urea"),
        ("detonators, electric", "detonators"),
        ("two-cylinder petrol model aircraft engine", "uav-piston-engine"),
        ("nail polish remover with acetone", "acetone"),
        ("small model turbine (jet) engine", "model-jet-engine"),
        ("5-axis machining centre", "cnc-machine-tool"),
        ("smartphones", "mobile-phone"),
        ("Akıllı telefon 128 GB", "mobile-phone"),
        ("H2SO4 96 %", "sulphuric-acid"),
        ("KNO3 fertiliser grade", "potassium-nitrate"),
        ("Sorbitol E 420", "sorbitol"),
        ("E420 syrup", "sorbitol"),
        ("pan tilt head", "motion-control-unit"),
        ("hair dye with peroxide", "hydrogen-peroxide"),
        ("dynamite", "industrial-explosive"),
        ("dynamite cartridges 32 mm", "industrial-explosive"),
        ("explosives", "industrial-explosive"),
        ("explosifs", "industrial-explosive"),
        ("explosif", "industrial-explosive"),
        ("explosivos", "industrial-explosive"),
        ("Sprengstoffe", "industrial-explosive"),
        ("Zweizylinder-Boxermotor 210 ccm für Flugmodelle", "uav-piston-engine"),
        ("RC airplane gas engine 55cc", "uav-piston-engine"),
        ("moteur d'avion miniature", "uav-piston-engine"),
        ("мотор бензиновый для авиамодели", "uav-piston-engine"),
        ("محرك توربوجت", "turbojet-engine"),
        ("Drohnenteile", "uav-complete-or-parts"),
        ("مسيرات", "uav-complete-or-parts"),
        ("Autopilotmodul", "autopilot-flight-controller"),
        ("Sorbitpulver", "sorbitol"),
        ("калийная селитра", "potassium-nitrate"),
        ("salitre", "potassium-nitrate"),
        ("salpêtre", "potassium-nitrate"),
        ("пудра ПАП-2", "aluminium-powder"),
        ("بودرة ألمنيوم", "aluminium-powder"),
        ("عجينة ألمنيوم", "aluminium-paste"),
        ("mini drone", "uav-complete-or-parts"),
        ("FPV video transmitter 5.8 GHz", "video-transmitter"),
        ("VTX", "video-transmitter"),
        ("night vision monocular gen 3", "night-vision"),
        ("thermal imager core 640", "thermal-imaging"),
        ("gyro sensor", "imu-gyro-accelerometer"),
        ("IMU sensor", "imu-gyro-accelerometer"),
        ("quadrotor", "uav-complete-or-parts"),
        ("shock tube", "detonators"),
        ("det cord 10 g/m", "detonating-cord"),
        ("e-match 1 m", "igniters"),
        ("HNO3 65 %", "nitric-acid"),
        ("NH4NO3", "ammonium-nitrate"),
        ("kerosene model turbine", "model-jet-engine"),
        ("gas turbine engine for models", "model-jet-engine"),
        ("drone autopilot", "autopilot-flight-controller"),
        ("drone engine", "uav-piston-engine"),
        ("مسحوق ألومنيوم 99 %", "aluminium-powder"),
        ("نترات الأمونيوم 33.5", "ammonium-nitrate"),
        ("محرك نفاث للنماذج", "model-jet-engine"),
        ("пудра алюминиевая ПАП-2", "aluminium-powder"),
        ("аммиачная селитра, мешки 50 кг", "ammonium-nitrate"),
        ("мочевина марки Б", "urea"),
        ("детонаторы электрические", "detonators"),
        ("alüminyum tozu 25 kg", "aluminium-powder"),
        ("aluminyum tozu", "aluminium-powder"),
        ("hidrojen peroksit %50", "hydrogen-peroxide"),
        ("amonyum nitrat gübresi 33", "ammonium-nitrate"),
        ("Salpetersäure 65 % techn.", "nitric-acid"),
        ("Kalkammonsalpeter 27 % N", "calcium-ammonium-nitrate"),
        ("Benzinmotor für Modellflugzeuge", "uav-piston-engine"),
        ("eau oxygénée 35 %", "hydrogen-peroxide"),
        ("engrais ammonitrate 33,5", "ammonium-nitrate"),
        ("pâte d'aluminium pour béton cellulaire", "aluminium-paste"),
        ("nitrato de amonio 33,5 %", "ammonium-nitrate"),
        ("agua oxigenada 50 %", "hydrogen-peroxide"),
        ("caméra thermique portable", "thermal-imaging"),
        ("fuel control unit for turboprop engine", "aircraft-parts"),
        ("nitric acid for cleaning", "nitric-acid"),
        ("nitric acid in drums", "nitric-acid"),
        ("nitric acid 1000 l IBC tank", "nitric-acid"),
        ("ammonium nitrate 50 kg bags", "ammonium-nitrate"),
        ("ammonium nitrate bags", "ammonium-nitrate"),
        ("hydrogen peroxide water treatment grade", "hydrogen-peroxide"),
        ("aluminium paste for AAC", "aluminium-paste"),
        ("aluminium pigment paste", "aluminium-paste"),
        ("aluminium pigment", "aluminium-paste"),
        ("Al powder", "aluminium-powder"),
        ("detonators for quarry", "detonators"),
        ("detonators, case of 100", "detonators"),
        ("detonator box 100 pcs", "detonators"),
        ("elektrikli fünye", "detonators"),
        ("fünye", "detonators"),
        ("safety fuse 500 m", "safety-fuse"),
        ("Anzündschnur", "safety-fuse"),
        ("pulse jet engine with fuel pump", "pulse-jet-engine"),
        ("turbojet engine test stand and turbojet engine", "turbojet-engine"),
        ("gas turbine 230 N", "model-jet-engine"),
        ("model aeroplane engine", "uav-piston-engine"),
        ("autopilot for UAV", "autopilot-flight-controller"),
        ("pan/tilt", "motion-control-unit"),
        ("pan tilt positioner", "motion-control-unit"),
        ("control de movimiento", "motion-control-unit"),
    ],
)
def test_real_goods_are_recognised_with_common_wording_around_them(text: str, family: str) -> None:
    assert ids(text)[0] == family


def test_no_head_noun_or_exclusion_hides_a_term_of_its_own_family() -> None:
    hidden = [term for term in reference.family_terms().terms if term.id not in ids(term.text)]
    assert hidden == []


def test_every_term_names_a_family_that_exists() -> None:
    known = set(reference.families())
    assert {term.id for term in reference.family_terms().terms} == known
    assert {family for family, _ in reference.family_terms().exclusions} <= known


def test_no_further_term_stands_for_two_families() -> None:
    owners: dict[str, set[str]] = {}
    for term in reference.family_terms().terms:
        owners.setdefault(fold(term.text), set()).add(term.id)
    further = {fold(row[1]) for row in read_rows("extra_family_terms")}
    assert [text for text in further if len(owners[text]) > 1] == []


def test_every_dropped_term_was_there_and_is_gone() -> None:
    listed = {(row[0], row[1], row[2]) for row in read_rows("controlled_goods_terms")}
    used = {(term.id, term.text, term.language) for term in reference.family_terms().terms}
    for family, term, language, reason in read_rows("dropped_terms"):
        assert (family, term, language) in listed
        assert (public_id(family), term, language) not in used
        assert reason


def test_every_family_has_terms_in_english_turkish_arabic_and_german() -> None:
    spoken: dict[str, set[str]] = {}
    for term in reference.family_terms().terms:
        spoken.setdefault(term.id, set()).add(term.language)
    for family, languages in spoken.items():
        assert {"en", "tr", "ar", "de"} <= languages, family


def test_every_heading_of_a_family_says_what_else_it_covers() -> None:
    for family in reference.families().values():
        assert family.hs_codes
        for code in family.hs_codes:
            found = [one for one in reference.families_of_heading(code) if one.family == family.id]
            assert len(found) == 1
            assert found[0].also_covers


def test_a_longer_tariff_code_counts_and_a_shorter_one_does_not() -> None:
    assert "aluminium-paste" in {one.family for one in reference.families_of_heading("3212900000")}
    assert reference.families_of_heading("32129") == ()
    assert reference.families_of_heading("") == ()


def test_every_cas_number_has_its_check_digit() -> None:
    for family in reference.families().values():
        for cas in family.cas:
            assert parse_cas(cas).value == cas
            assert family.id in reference.families_of_cas(cas)


def test_bounds_are_in_order_and_in_one_dimension() -> None:
    for family in reference.families().values():
        if family.retail_below is None or family.trade_below is None:
            continue
        assert family.retail_below.dimension == family.trade_below.dimension == family.dimension
        assert family.retail_below.amount <= family.trade_below.amount
        assert family.harm in ("by_nature", "by_quantity")


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("GPS autopilot module for fixed-wing", {"autopilot-flight-controller"}),
        ("GPS module for cars", {"gnss-receiver"}),
        ("aluminium fine powder", {"aluminium-powder"}),
    ],
)
def test_a_term_does_not_reach_across_a_whole_term_of_another_family(
    text: str, families: set[str]
) -> None:
    assert {match.id for match in reference.family_terms().find(text)} == families


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("pasta di alluminio per vernici", "aluminium-paste"),
        ("saletra amonowa 34%", "ammonium-nitrate"),
        ("селітра аміачна", "ammonium-nitrate"),
        ("nitrato de potássio", "potassium-nitrate"),
        ("ammoniumnitraat", "ammonium-nitrate"),
        ("نیترات آمونیوم", "ammonium-nitrate"),
        ("Turbinentriebwerk 180 N", "turbojet-engine"),
        ("motor de gasolina bicilíndrico para aeromodelismo", "uav-piston-engine"),
        ("Alu powder atomised <63 mic", "aluminium-powder"),
        ("%33,5 N gübre 50 kg", "ammonium-nitrate"),
        ("نترات النشادر", "ammonium-nitrate"),
        ("CAN 26 granulated, 50 kg bags", "calcium-ammonium-nitrate"),
        ("clorato potásico", "chlorates-perchlorates"),
        ("kaliumklorat 99%", "chlorates-perchlorates"),
        ("Impulstriebwerk (Pulso) für Modellflug", "pulse-jet-engine"),
        ("emniyet fitili", "safety-fuse"),
        ("zapalnik elektryczny górniczy", "detonators"),
        ("tornio CNC a 5 assi", "cnc-machine-tool"),
        ("bezzałogowy statek powietrzny", "uav-complete-or-parts"),
        ("الیاف کربن", "carbon-fibre"),
        ("SRAM memory IC", "integrated-circuit"),
        ("emulsion explosive cartridges 25 mm", "industrial-explosive"),
        ("взрывчатые вещества", "industrial-explosive"),
        ("乳化炸药", "industrial-explosive"),
    ],
)
def test_goods_are_found_in_further_languages(text: str, family: str) -> None:
    assert [match.id for match in reference.family_terms().find(text)] == [family]


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("STM32F405RGT6", "microcontroller"),
        ("XC7K325T-2FFG900I", "fpga-adc"),
        ("ADIS16488BMLZ", "imu-gyro-accelerometer"),
        ("IRF540N", "transistor"),
        ("Pixhawk 6C", "autopilot-flight-controller"),
        ("Thuraya XT-LITE", "satellite-phone"),
        ("DLE-55RA", "uav-piston-engine"),
        ("ZU-23 barrel", "aa-gun-parts"),
        ("KingTech K-100G", "model-jet-engine"),
        ("GT60 gasoline engine", "uav-piston-engine"),
        ("PTU-D48", "motion-control-unit"),
        ("Baratron 10 Torr", "pressure-transducer"),
        ("Toray T300", "carbon-fibre"),
        ("2N2222", "transistor"),
    ],
)
def test_trade_names_and_part_numbers_name_the_family(text: str, family: str) -> None:
    assert [match.id for match in reference.family_terms().find(text)] == [family]
