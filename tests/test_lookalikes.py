"""Goods whose names look like goods of concern and are not: a table, phrase by phrase.

Gift shops, pharmacies, nurseries, hardware and toy shops sell them by the thousand. None may belong
to a product family, in the words of the order alone.
"""

from __future__ import annotations

import pytest

from redflags import Transaction, reference
from redflags.model.record import record_of
from redflags.values.small_words import BARRIER, STOP
from redflags.values.text import fold

LOOK_ALIKES = """\
Karton zu 23 Stück
Volvo XC60 brake pads
orange cube storage box
paracetamol 500 mg powder
3W LED engine light
watering can 27 cm
iridium spark plug
Thuraya SIM card
DJI Osmo Pocket 3
Nokia 105 case
手机壳
硫磺皂
rocket balloons
jam making set with jars
metal sign
battery powered candle
drone bee
acetone-free remover
jet pump
sulphur-free paper
rocket salad
rocket ice lolly moulds
rocket stove
toy rocket launcher for children
rocket lamp
space rocket night light
jet black ink
jet ski
jet lag pillow
jet washer lance
jet spray bathroom
jumbo jet soft toy
inkjet paper
jet bead necklace
turbo lighter
turbocharger for diesel car
hair dryer with turbine nozzle
turbine ventilator for roof
queen bee and drone cells
drone cleaning brush
drone T-shirt
drone landing pad
drone insurance policy
drone propeller keyring
drone flight training course
fly swatter
flight of stairs carpet
flight bag
autopilot watch strap
acetone free nail polish remover
nail varnish remover without acetone
acetone resistant gloves
sulphur free detergent
sulphur soap bar
sulphur ointment 10 %
sulphur butterfly print
sulphur tuft bird card
sulphur yellow paint
low sulphur diesel
sulphur hexafluoride gas
sulphur lamp
sulphur dye for cotton
matches, sulphur tipped
nitrate-free bacon
nitrate test kit for aquarium
nitrate filter cartridge
nitrile gloves
calcium tablets
calcium nitrate test kit
magnesium tablets 400 mg
magnesium supplement powder
magnesium citrate powder
magnesium oil spray
magnesium fire starter
magnesium alloy wheels
magnesium sulphate bath salt
milk powder
baking powder
talcum powder
washing powder
gunpowder green tea
powder room sign
powder coated steel rack
aluminium foil tray
aluminium sign plate
toothpaste
pasta machine
almond paste
paste table
hydrochloric acid resistant floor paint
hydrochloric acid test kit
betaine hydrochloride capsules
glucosamine hydrochloride tablets
phosphoric acid free cola
battery acid tester
acid house record
citric acid
hyaluronic acid serum
salicylic acid cleanser
amino acid shampoo
folic acid tablets
fruit acid peel
peroxide-free whitening strips
bleach-free wipes
fertiliser spikes for house plants
bone meal fertiliser
urea-free foot cream
sugar-free sorbitol mints
chip and dip bowl
potato chips
chocolate chip cookies
wood chip mulch
poker chips set
computer chip socks
chip pan
casino chip tray
circuit training mat
integrated circuit design textbook
microchip cat flap
pet microchip scanner
memory card game
memory foam pillow
memory box
flash cards
diode lamp
LED diode string lights
ball bearing drawer slides
ball bearing yo-yo
skateboard with ball bearings
fidget spinner with bearings
bearing puller
bearing grease
ball bearing game
drawer runner with ball bearings
crystal glass bowl
quartz wall clock
quartz crystal pendant
rose quartz roller
crystal bracelet
oscilloscope art poster
signal whistle
generator of bubbles
capacitor microphone
condenser tumble dryer
flux capacitor T-shirt
relay race medal
rust converter
catalytic converter
torque converter
currency converter app
power converter for caravans
brimstone butterfly garden stake
asics trainers
microchip reader for cats
transistor radio retro
thermal socks
thermal flask
thermal baselayer
thermal paper roll
night light
night vision driving glasses
camera bag
toy walkie talkie
remote control car
remote control holder
remote controlled candle
pistol grip spray gun
glue gun
water gun
party popper
sparkler candle
birthday cake fountain candle
fireworks poster
cracker jokes
Christmas crackers box of 6
fuse beads
fuse wire 5 A
detonator chilli sauce
bath bomb
bomb shelter board game
seed bombs
cocoa bombs
carbon paper
carbon monoxide alarm
carbon water filter
fibre rich cereal
epoxy-free flooring
model aeroplane wooden kit
paper aeroplane book
aeroplane wall stickers
aircraft carrier jigsaw
helicopter seeds mobile
gyro kebab
gyroscope desk toy
GPS dog collar
phone box money bank
phone pouch
mobile hanging decoration
baby mobile
satellite wall clock
CNC carved wooden sign
lathe calendar
camouflage night light
Raketeneis
Raketenballons
Schwefelfreies Papier
schwefelarmer Diesel
Schwefelbad
acetonfreier Nagellackentferner
Metallschild
Drohnenbiene
Kugellager-Schubladenschiene
Salzsäure-Teststreifen
Chipstüte
Kartoffelchips
ballons fusée
fusée en chocolat
dissolvant sans acétone
papier sans soufre
roulement de tambour livre
puce de lit spray
puces de chocolat
globos de cohete
quitaesmalte sin acetona
papel libre de azufre
chips de patata
roka salatası
asetonsuz oje çıkarıcı
kükürtsüz kağıt
kükürt sabunu
patates cipsi
рокет салат
бумага без серы
жидкость для снятия лака без ацетона
микросхема книга
بطاطس شيبس
مزيل طلاء الأظافر بدون أسيتون
صابون كبريت
أعواد كبريت
"""

PHRASES = LOOK_ALIKES.splitlines()


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_look_alike_belongs_to_no_family(phrase: str) -> None:
    families = record_of(Transaction.model_validate({"product": phrase}))["product.family"]
    assert families.value == frozenset(), families.how


@pytest.mark.parametrize(
    ("phrase", "family"),
    [
        ("sulphur powder, 25 kg bags", "sulphur"),
        ("wettable sulphur 80 % WP", "sulphur"),
        ("Schwefel gemahlen", "sulphur"),
        ("azufre en polvo", "sulphur"),
        ("toz kükürt", "sulphur"),
        ("magnesium powder 99 %, 100 mesh", "magnesium-powder"),
        ("sodium nitrate technical", "sodium-nitrate"),
        ("calcium nitrate, greenhouse grade", "calcium-nitrate"),
        ("hydrochloric acid 33 % IBC", "hydrochloric-acid"),
        ("muriatic acid", "hydrochloric-acid"),
        ("phosphoric acid 85 % food grade", "phosphoric-acid"),
        ("integrated circuits", "integrated-circuit"),
        ("DRAM memory chips", "integrated-circuit"),
        ("entegre devre", "integrated-circuit"),
        ("микросхемы памяти", "integrated-circuit"),
        ("analogue-digital converter modules", "fpga-adc"),
        ("AD converter 16 bit", "fpga-adc"),
        ("microchips, reel", "integrated-circuit"),
        ("MLCC 100 nF 0402", "capacitor"),
        ("tantalum capacitors 10 uF", "capacitor"),
        ("Schottky diodes", "semiconductor-device"),
        ("deep groove ball bearings 6204", "rolling-bearing"),
        ("Kugellager 6204-2RS", "rolling-bearing"),
        ("digital oscilloscope 200 MHz", "test-instrument"),
        ("wafer stepper, used", "semiconductor-equipment"),
        ("nail polish remover, acetone 1 l", "acetone"),
        ("drone with camera", "uav-complete-or-parts"),
    ],
)
def test_the_goods_themselves_are_recognised(phrase: str, family: str) -> None:
    families = record_of(Transaction.model_validate({"product": phrase}))["product.family"]
    assert family in families.value


def test_no_term_is_a_small_word_away_from_an_everyday_one() -> None:
    """A term whose single letters count for nothing is read as what is left of it."""
    for term in reference.family_terms().terms:
        words = fold(term.text).split()
        kept = [word for word in words if word not in STOP and word not in BARRIER]
        lost = [word for word in words if word not in kept and len(word) == 1]
        assert len(kept) > 1 or not lost, term.text


def test_no_phrase_stands_twice() -> None:
    assert len(PHRASES) == len(set(PHRASES)) >= 80
