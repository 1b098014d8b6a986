"""Powders and pastes of metals are told from compounds of the metal and from packs made of it."""

from __future__ import annotations

import pytest

from redflags import reference
from redflags.reference.tables import read_rows

POWDERS = """\
aluminium powder
aluminum powder, atomised, 325 mesh
aluminium powder atomized 99.7 %
atomised aluminium
aluminium flake
aluminum flake powder
dark pyro aluminium
German dark aluminium
aluminium dust
fine aluminium powder, spherical, 5 um
aluminium alloy powder AlSi10Mg
aluminium powder, aluminium oxide max. 0.5 %
aluminium powder (oxide below 1 %)
aluminium powder, nitrate-free
iron oxide and aluminium powder
iron oxide aluminium powder mix
potassium perchlorate aluminium powder
aluminium powder for candles
powder aluminium bag 25 kg
aluminium powder, 1 kg can
aluminium powder in aluminium tins
aluminium powder 25 kg in drums
Aluminiumpulver
Aluminiumpulver dunkel, 63 µm
Aluminium-Pulver in Beuteln
Aluminiumgrieß
Pyroaluminium
poudre d'aluminium
poudre d'aluminium en sachets de 1 kg
aluminium en poudre, sac de 25 kg
polvo de aluminio
bolsas de aluminio en polvo
aluminio en polvo, sacos de 25 kg
alüminyum tozu
toz alüminyum 25 kg torba
toz boya için alüminyum tozu
алюминиевый порошок
порошок алюминия в мешках
пудра алюминиевая ПАП-1
مسحوق الألومنيوم
مسحوق ألمنيوم أكياس 25 كجم
بودرة الألومنيوم
铝粉
球形铝粉
""".splitlines()

PASTES = """\
aluminium paste leafing 65 %
aluminium paste in drums
paste aluminium drum 60 kg
non-leafing aluminum paste
Aluminiumpaste
Alupaste 65 %, Fass
pâte d'aluminium, fût de 100 kg
pasta de aluminio en bidones
alüminyum pasta
алюминиевая паста в бочках
معجون الألومنيوم
铝银浆
""".splitlines()

OTHERS = """\
aluminium oxide powder
aluminum oxide powder 220 grit
aluminium oxide (alumina) powder
aluminium trihydroxide powder
aluminium tri-hydroxide powder
aluminum hydroxide powder
aluminium hydrate powder
aluminium sulphate powder
aluminum sulfate powder
aluminium chloride powder
aluminium chlorohydrate powder
aluminium fluoride powder
aluminium nitride powder
aluminium nitrate powder
aluminium phosphate powder
sodium aluminium phosphate powder
aluminium silicate powder
magnesium aluminium silicate powder
aluminium carbonate powder
aluminium stearate powder
aluminium acetate powder
powder, aluminium oxide
aluminium oxide polishing paste
aluminium hydroxide paste
Aluminium-Oxid Pulver
Aluminiumoxid Pulver
Aluminiumoxidpulver
Aluminium Hydroxid Pulver
Aluminiumnitridpulver
oxyde d'aluminium en poudre
poudre d'oxyde d'aluminium
hydroxyde d'aluminium poudre
poudre de sulfate d'aluminium
polvo de óxido de aluminio
óxido de aluminio en polvo
sulfato de aluminio polvo
alüminyum oksit tozu
alüminyum hidroksit tozu
alüminyum sülfat toz
alüminyum fosfat tozu
порошок оксида алюминия
оксид алюминия порошок
гидроксид алюминия, порошок
сульфат алюминия порошок
порошок нитрида алюминия
أكسيد الألومنيوم مسحوق
مسحوق أكسيد الألومنيوم
مسحوق هيدروكسيد الألومنيوم
كبريتات الألومنيوم بودرة
氧化铝粉
氢氧化铝粉
titanium dioxide powder
zirconium oxide powder
cobalt oxide powder
nickel sulphate powder
tungsten carbide powder
poudre de dioxyde de titane
polvo de dióxido de titanio
порошок диоксида титана
titanyum dioksit tozu
مسحوق أكسيد التيتانيوم
boron nitride powder
magnesium oxide powder
magnesium nitrate hexahydrate powder
oxyde de magnésium en poudre
порошок оксида магния
magnezyum oksit tozu
aluminium powder coating paint
aluminium powder paint RAL 9006
alüminyum toz boya RAL 9006
порошковая краска алюминий
milk powder in aluminium bags
cocoa powder in aluminium foil
baby powder aluminium bottle
makeup powder in aluminium case
powder in aluminium tin
powder in sealed aluminium pouches
aluminium bottle of talcum powder
tomato paste in aluminium tubes
Pulver in Aluminium Dose
lait en poudre en boîte aluminium
poudre en sachet aluminium
leche en polvo en bolsas de aluminio
polvo en bolsa de aluminio
süt tozu alüminyum poşet
порошок в алюминиевых пакетах
порошок в пакетах из алюминия
مسحوق حليب ألومنيوم
مسحوق في أكياس ألومنيوم
""".splitlines()

METALS = {"aluminium-powder", "aluminium-paste", "magnesium-powder", "metal-powder-special"}


def ids(text: str) -> set[str]:
    return {match.id for match in reference.family_terms().find(text)}


@pytest.mark.parametrize("text", POWDERS)
def test_powders_of_aluminium_are_found_however_they_are_packed(text: str) -> None:
    assert "aluminium-powder" in ids(text)


@pytest.mark.parametrize("text", PASTES)
def test_pastes_of_aluminium_are_found_however_they_are_packed(text: str) -> None:
    assert "aluminium-paste" in ids(text)


@pytest.mark.parametrize("text", OTHERS)
def test_a_compound_of_a_metal_and_a_pack_made_of_it_are_no_powder_of_it(text: str) -> None:
    assert not ids(text) & METALS


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("titanium powder, grade 1", "metal-powder-special"),
        ("nickel powder in aluminium bags", "metal-powder-special"),
        ("boron powder, amorphous", "metal-powder-special"),
        ("boron carbide and boron powder", "metal-powder-special"),
        ("magnesium powder, magnesium oxide below 1 %", "magnesium-powder"),
        ("ammonium nitrate", "ammonium-nitrate"),
        ("potassium chlorate", "chlorates-perchlorates"),
    ],
)
def test_other_goods_keep_their_names(text: str, family: str) -> None:
    assert family in ids(text)


def test_every_word_beside_a_metal_has_a_meaning_and_stands_once() -> None:
    rows = list(read_rows("metal_neighbours"))
    kinds = {"metal", "metal of packs", "compound", "pack", "form", "within", "other", "whole"}
    assert {row[0] for row in rows} == kinds
    assert len({tuple(row[:3]) for row in rows}) == len(rows)
    spoken = {row[2] for row in rows if row[0] == "metal of packs"}
    for kind in ("compound", "pack", "other"):
        assert {row[2] for row in rows if row[0] == kind} == spoken
