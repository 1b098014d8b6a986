"""Goods that share a name with goods of concern: books, drinks, insect killers, car ignition."""

from __future__ import annotations

import pytest

from redflags import reference
from redflags.values.small_words import STOP
from redflags.values.text import fold

HOMONYMS = """\
صاعق حشرات
صاعق الحشرات
صاعق ناموس
صاعق البعوض كهربائي
صاعق ذباب للمطاعم
مصباح صاعق للبعوض
مانعة صواعق
صاعق كهربائي للدفاع
novel "The Detonator"
The Detonator (paperback)
The Detonator - novel
DVD: The Detonator
CD Detonator
book: Life on Autopilot
book: “Autopilot”
Autopilot (paperback)
hardcover: “Autopilot”
DVD Drone
poster: Drone
drone flag
magazine about drones
film about detonators
livre sur les drones
libro sobre drones
Buch über Drohnen
drone hakkında kitap
книга: Автопилот
كتاب: الطيار الآلي
détonateur roman
T-shirt "Detonator"
T-shirt: Drone Pilot
футболка «Детонатор»
tişört: Dinamit
dynamite T-shirt
Dynamite dance shoes
Dynamite energy drink
detonator beer
gun barrel candle
candle: gun barrel
toy drone
mini toy drone
drone toy for children
oyuncak drone
игрушечный дрон
drone jouet
dron de juguete
درون لعبة
bumblebee drone
allumeur Delco pour Peugeot 504
allumeur Renault 4
allumeur électronique Bosch
tête d'allumeur
doigt d'allumeur
carbon brake pads for bicycle
carbon brake pad bicycle
safety fuse for oven
safety fuse 5x20 mm
AdBlue
AdBlue 10 l canister (urea)
AUS 32 urea solution
diesel exhaust fluid (DEF), urea
urea solution 32.5 %
urea solution 32.5 % for SCR
SCR fluid, urea based
Harnstofflösung AUS 32
Harnstofflösung 32,5 %
solution d'urée à 32,5 %
solución de urea 32,5 %
DEF dizel egzoz sıvısı üre
раствор мочевины 32,5 %
محلول يوريا 32.5
urea glue
""".splitlines()

GOODS = [
    ("detonators, electric", "detonators"),
    ("electric detonators, box of 100: instantaneous", "detonators"),
    ("صاعق كهربائي", "detonators"),
    ("صواعق تفجير", "detonators"),
    ("posters, detonators", "detonators"),
    ("books and detonators", "detonators"),
    ("books; electric detonators", "detonators"),
    ("drone with book of instructions", "uav-complete-or-parts"),
    ("drone for making films and DVDs", "uav-complete-or-parts"),
    ("drones, toys, telephones", "uav-complete-or-parts"),
    ("drone with camera", "uav-complete-or-parts"),
    ("gun barrel, 23 mm", "aa-gun-parts"),
    ("aluminium powder for candles", "aluminium-powder"),
    ("firework igniters, electric match", "igniters"),
    ("allumeur électrique pour feux d'artifice", "igniters"),
    ("electric match igniters", "igniters"),
    ("carbon brake for aircraft", "aircraft-parts"),
    ("potassium nitrate, book of recipes", "potassium-nitrate"),
    ("safety fuse for blasting, 250 m", "safety-fuse"),
    ("urea 46 % N, prilled, 50 kg bags", "urea"),
    ("urea prills, automotive grade for SCR plants", "urea"),
    ("urea solution 40 %", "urea"),
    ("Harnstoff technisch", "urea"),
]


def ids(text: str) -> set[str]:
    return {match.id for match in reference.family_terms().find(text)}


@pytest.mark.parametrize("text", HOMONYMS)
def test_a_homonym_belongs_to_no_family(text: str) -> None:
    assert ids(text) == set()


@pytest.mark.parametrize(("text", "family"), GOODS)
def test_the_goods_beside_such_a_word_are_found(text: str, family: str) -> None:
    assert family in ids(text)


def test_no_exclusion_is_a_bare_number_once_its_small_words_are_gone() -> None:
    """ "AUS 32" is one: in German *aus* counts for nothing."""
    for family, phrase in reference.family_terms().exclusions:
        kept = [word for word in fold(phrase).split() if word not in STOP]
        assert any(not word.isdigit() for word in kept), (family, phrase)
