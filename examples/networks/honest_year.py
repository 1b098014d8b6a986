"""A year of honest orders of a distributor, by invented firms of many trades and countries."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass

Order = dict[str, str]

COLUMNS = (
    "order_id", "line", "date", "seller_country",
    "buyer_name", "buyer_country", "buyer_city", "buyer_address", "buyer_business", "buyer_size",
    "buyer_incorporated", "buyer_customer_since", "buyer_email", "buyer_phone",
    "buyer_registration",
    "product", "hs_code", "concentration", "quantity", "unit", "value",
    "consignee_name", "consignee_country", "consignee_city", "consignee_address",
    "consignee_business", "consignee_relation",
    "end_user_name", "end_user_business", "end_use", "end_use_statement",
    "payer_name", "payer_country", "payer_business", "payer_relation", "payment_method",
    "outcome", "notes",
)  # fmt: skip


@dataclass(frozen=True)
class Goods:
    """One article: its text, tariff code, unit, the price of one unit, and a usual order."""

    product: str
    hs_code: str
    unit: str
    price: float
    least: int
    most: int
    step: int = 1
    concentration: str = ""
    has_statement: bool = False


@dataclass(frozen=True)
class Trade:
    """A line of business: what its firms are called, what they buy, how often and in which months.

    ``every`` is the usual number of days between two orders of one firm; ``names_user`` says that
    its firms buy for customers whom they name; ``address`` is one that all of them share, and
    ``ships_to`` are receivers to whom they have some of the goods sent.
    """

    business: str
    word: str
    firms: int
    every: int
    goods: tuple[Goods, ...]
    months: tuple[int, ...] = tuple(range(1, 13))
    size: str = "medium"
    names_user: bool = False
    lines: int = 1
    address: str = ""
    ships_to: tuple[Order, ...] = ()


STORE = {
    "consignee_name": "Quaywise Consolidation",
    "consignee_business": "freight forwarder",
    "consignee_relation": "agent",
}
"""A forwarder that receives for many buyers."""

PLANT = {
    "consignee_name": "Ostmel Power Station, Unit 3",
    "consignee_business": "power utility",
    "end_user_name": "Ostmel Power Station",
    "end_user_business": "power utility",
}
"""A site to which several contractors deliver."""


PLACES = (
    ("DE", "Köln", "Lindenweg", "GmbH", "+49 221 5550"),
    ("DE", "Leipzig", "Hafenstraße", "GmbH", "+49 341 5550"),
    ("FR", "Lyon", "rue des Tilleuls", "SARL", "+33 4 5550 "),
    ("IT", "Torino", "via dei Mille", "SRL", "+39 011 5550"),
    ("ES", "Sevilla", "calle Olivo", "S.L.", "+34 954 555"),
    ("PL", "Gdańsk", "ul. Lipowa", "Sp. z o.o.", "+48 58 5550"),
    ("GB", "Leeds", "Foundry Lane", "Ltd", "+44 113 496 "),
    ("NL", "Rotterdam", "Havenkade", "BV", "+31 10 5550"),
    ("TR", "Bursa", "Çınar Caddesi", "Ltd. Şti.", "+90 224 555 "),
    ("TR", "İzmir", "Zeytin Sokak", "A.Ş.", "+90 232 555 "),
    ("IN", "Pune", "Banyan Road", "Pvt Ltd", "+91 20 5550"),
    ("AE", "Dubai", "Al Nakhla Street", "LLC", "+971 4 555 "),
    ("ZA", "Durban", "Marula Road", "(Pty) Ltd", "+27 31 555 "),
    ("BR", "Curitiba", "rua das Araucárias", "Ltda", "+55 41 5550"),
    ("KZ", "Almaty", "Alma Street", "LLP", "+7 727 555 "),
)

SYLLABLES = ("bra", "ven", "tor", "mel", "kis", "dra", "lon", "fer", "gan", "ost", "vil", "mar",
             "ceb", "run", "pol", "tis", "nor", "hal", "zem", "quil", "sav", "bur", "len", "dor",
             "wik", "jas", "pem", "rud", "tal", "gos")  # fmt: skip

PASTE = Goods("aluminium paste, leafing", "3212.90", "kg", 4.2, 400, 6000, 100)
UREA = Goods("urea, prilled 46 % N", "3102.10", "t", 380.0, 10, 60)
SORBITOL = Goods("sorbitol syrup 70 %", "2905.44", "kg", 0.9, 1000, 20000, 500)
ACETONE = Goods("acetone, technical", "2914.11", "l", 1.4, 200, 4000, 100)
PEROXIDE = Goods("hydrogen peroxide", "2847.00", "l", 0.8, 200, 5000, 100, "35 %", True)
SERVOS = Goods("servo motor, metal gear", "8501.10", "pcs", 14.0, 4, 60)
RECEIVERS = Goods("rc receiver, 8 channels", "8526.92", "pcs", 22.0, 2, 20)
BEARINGS = Goods("deep groove ball bearings", "8482.10", "pcs", 3.1, 40, 1500, 10)
CHIPS = Goods("microcontroller, 32 bit", "8542.31", "pcs", 2.3, 100, 5000, 50)
CAPACITORS = Goods("ceramic capacitors", "8532.24", "pcs", 0.02, 2000, 40000, 1000)
RELAYS = Goods("relay, 24 V", "8536.41", "pcs", 2.9, 20, 900, 10)
MULTIMETERS = Goods("digital multimeter", "9030.31", "pcs", 85.0, 1, 8)
NITRIC = Goods("nitric acid, for analysis", "2808.00", "l", 9.0, 1, 40, 1, "65 %", True)
KNO3 = Goods("potassium nitrate, greenhouse grade", "2834.21", "kg", 1.1, 500, 5000, 250)
GASKETS = Goods("gaskets for heat exchangers", "8484.10", "pcs", 6.0, 5, 200, 5)
PAPER = Goods("copying paper A4", "4802.56", "boxes", 22.0, 5, 120, 5)
SPARES = Goods("aircraft brake unit", "8803.30", "pcs", 4100.0, 1, 6)
PUMPS = Goods("diaphragm metering pump", "8413.50", "pcs", 950.0, 1, 8)
ACETONE_CANS = Goods("acetone, 5 l cans", "2914.11", "l", 1.9, 5, 30, 5)
UREA_BAGS = Goods("urea for de-icing, 25 kg bags", "3102.10", "kg", 0.5, 100, 600, 25)
CAMERAS = Goods("thermal imaging camera, handheld", "8525.89", "pcs", 900.0, 1, 2)
VIDEO = Goods("video transmitter 5.8 GHz", "8525.50", "pcs", 45.0, 1, 6)
CARBON = Goods("carbon fibre fabric", "6815.13", "kg", 30.0, 10, 200, 5)
PRESSURE = Goods("pressure transducer", "9026.20", "pcs", 120.0, 1, 8)
GLOVES = Goods("nitrile gloves", "4015.19", "boxes", 4.0, 20, 800, 20)

TRADES = (
    Trade("paint manufacturer", "Coatings", 5, 21, (PASTE, ACETONE), size="medium"),
    Trade("aerated concrete block manufacturer", "Block", 2, 14, (PASTE,), size="large"),
    Trade("confectionery manufacturer", "Sweets", 5, 15, (SORBITOL,), size="medium"),
    Trade("food ingredients manufacturer", "Foods", 3, 7, (SORBITOL,), size="large"),
    Trade("farm cooperative", "Agro", 7, 9, (UREA, KNO3), months=(2, 3, 4, 5), size="medium"),
    Trade("greenhouse vegetable grower", "Gardens", 4, 24, (KNO3,), months=(1, 2, 3, 8, 9)),
    Trade("fertiliser dealer", "Fertil", 3, 12, (UREA, KNO3), months=(1, 2, 3, 4, 9, 10)),
    Trade("chemical distributor", "Chemie", 5, 7, (ACETONE, PEROXIDE, SORBITOL), size="large"),
    Trade("paper mill", "Paper", 2, 10, (PEROXIDE,), size="large"),
    Trade("model and hobby shop", "Models", 4, 30, (SERVOS, RECEIVERS), size="small", lines=2),
    Trade("university", "University", 5, 25, (NITRIC, ACETONE, MULTIMETERS, CHIPS), size="large"),
    Trade("electronics manufacturer", "Elektronik", 7, 10, (CHIPS, CAPACITORS, RELAYS), lines=3),
    Trade("electronics distributor", "Components", 5, 9, (CHIPS, CAPACITORS, RELAYS),
          names_user=True, lines=2),
    Trade("aircraft maintenance company", "Aero", 5, 16, (SPARES, BEARINGS, GASKETS), lines=2),
    Trade("airline", "Air", 2, 12, (SPARES,), size="large"),
    Trade("machinery manufacturer", "Machines", 6, 13, (BEARINGS, PUMPS, GASKETS), lines=2),
    Trade("general trading company", "Trading", 6, 20, (BEARINGS, PUMPS, PAPER, GLOVES),
          size="small", names_user=True),
    Trade("import export company", "Impex", 3, 30, (GASKETS, GLOVES, PAPER), size="small",
          names_user=True),
    Trade("hospital", "Clinic", 4, 20, (GLOVES, PEROXIDE), size="large"),
    Trade("water treatment utility", "Water", 4, 25, (PUMPS, GASKETS), size="large"),
    Trade("construction company", "Bau", 3, 40, (ACETONE_CANS, UREA_BAGS)),
    Trade("electronics retailer", "Radio", 3, 45, (CAMERAS, RELAYS), size="small"),
    Trade("agricultural supplies dealer", "Agri", 3, 9, (KNO3, UREA), size="small"),
    Trade("drone dealer", "Drones", 3, 25, (SERVOS, VIDEO), size="small"),
    Trade("composites manufacturer", "Composites", 3, 18, (CARBON, ACETONE)),
    Trade("engineering office", "Engineering", 4, 35, (PRESSURE, CAMERAS), ships_to=(PLANT,)),
    Trade("general trading company", "Tower", 6, 25, (BEARINGS, PAPER, GLOVES), size="small",
          names_user=True, address="Business Park 5, Tower One", ships_to=(STORE,)),
)  # fmt: skip

USERS = (
    ("Harbour Water Works", "water utility", "pumping station"),
    ("Second Street Brewery", "beverage factory", "bottling line"),
    ("Lakeside Textile Mill", "textile mill", "spinning frames"),
    ("Northern Instrument Works", "electronics manufacturer", "flow meters"),
    ("Green Valley Cannery", "food manufacturer", "filling line"),
    ("Old Town Cement Works", "cement plant", "kiln drive"),
)


@dataclass(frozen=True)
class Firm:
    """One customer with everything that stays the same in all its orders."""

    trade: Trade
    columns: tuple[tuple[str, str], ...]
    begins: int
    pays_through: tuple[tuple[str, str], ...] = ()


def firms(draw: random.Random, first_day: datetime.date) -> Iterator[Firm]:
    """All customers of the year; a tenth of them are new within it."""
    names: set[str] = set()
    number = 0
    for trade in TRADES:
        for _ in range(trade.firms):
            number += 1
            stem = ""
            while not stem or stem in names:
                stem = "".join(draw.choice(SYLLABLES) for _ in range(3)).capitalize()
            names.add(stem)
            country, city, street, form, dialled = PLACES[
                11 if trade.address else draw.randrange(len(PLACES))
            ]
            is_new = draw.random() < 0.1
            begins = draw.randrange(60, 300) if is_new else 0
            formed = first_day - datetime.timedelta(days=draw.randrange(1500, 15000))
            since = first_day + datetime.timedelta(days=begins)
            if not is_new:
                since -= datetime.timedelta(days=draw.randrange(200, 1400))
            stated = draw.random()
            columns = {
                "buyer_name": f"{stem} {trade.word} {form}",
                "buyer_country": country,
                "buyer_city": city,
                "buyer_address": trade.address or f"{street} {100 + number}",
                "buyer_business": trade.business,
                "buyer_size": trade.size,
                "buyer_incorporated": formed.isoformat() if stated < 0.6 else "",
                "buyer_customer_since": since.isoformat(),
                "buyer_email": f"orders@{stem.lower()}.example",
                "buyer_phone": f"{dialled}{draw.randrange(100, 1000)}{number:03d}",
                "buyer_registration": f"R-{country}-{40000 + 37 * number}" if stated < 0.8 else "",
                "payment_method": draw.choice(
                    ("bank transfer", "bank transfer", "letter of credit")
                ),
            }
            treasury: dict[str, str] = {}
            if trade.size == "large" and draw.random() < 0.3:
                treasury = {
                    "payer_name": f"{stem} Group Treasury {form}",
                    "payer_country": country,
                    "payer_business": "group treasury company",
                    "payer_relation": "same group",
                }
            yield Firm(trade, tuple(columns.items()), begins, tuple(treasury.items()))


def honest_year(draw: random.Random, first_day: datetime.date, wanted: int) -> list[Order]:
    """About ``wanted`` lines of honest orders in the year that begins on ``first_day``."""
    orders: list[list[Order]] = []
    for firm in firms(draw, first_day):
        day = firm.begins + draw.randrange(0, firm.trade.every)
        while day < 364:
            date = first_day + datetime.timedelta(days=day)
            if date.month in firm.trade.months and date.weekday() < 5:
                orders.append(_order(draw, firm, date))
            day += max(1, round(firm.trade.every * draw.uniform(0.7, 1.35)))
    draw.shuffle(orders)
    kept: list[list[Order]] = []
    count = 0
    for lines in orders:
        if count >= wanted:
            break
        kept.append(lines)
        count += len(lines)
    kept.sort(key=lambda lines: (lines[0]["date"], lines[0]["buyer_name"]))
    for number, lines in enumerate(kept, start=1):
        for position, line in enumerate(lines, start=1):
            line["order_id"] = f"H-{number:04d}"
            line["line"] = str(position)
    return [line for lines in kept for line in lines]


def _order(draw: random.Random, firm: Firm, date: datetime.date) -> list[Order]:
    common: Order = {"date": date.isoformat(), "seller_country": "DE", **dict(firm.columns)}
    common |= dict(firm.pays_through)
    if firm.trade.names_user:
        user, trade, use = draw.choice(USERS)
        common |= {
            "end_user_name": f"{user}, {common['buyer_city']}",
            "end_user_business": trade,
            "end_use": use,
        }
    if firm.trade.ships_to and draw.random() < 0.5:
        receiver = draw.choice(firm.trade.ships_to)
        common |= {"consignee_country": "NL", "consignee_city": "Rotterdam", **receiver}
    outcome = draw.random()
    if outcome < 0.008:
        common |= {"outcome": "refused", "notes": "credit limit reached"}
    elif outcome < 0.02:
        common |= {"outcome": "cancelled", "notes": "ordered twice by mistake"}
    else:
        common["outcome"] = "delivered"
    chosen = draw.sample(firm.trade.goods, min(firm.trade.lines, len(firm.trade.goods)))
    lines = []
    for goods in chosen:
        amount = draw.randrange(goods.least, goods.most + 1, goods.step)
        lines.append(
            common
            | {
                "product": goods.product,
                "hs_code": goods.hs_code,
                "concentration": goods.concentration,
                "quantity": str(amount),
                "unit": goods.unit,
                "value": f"{max(1, round(amount * goods.price))} EUR",
                "end_use_statement": "verified" if goods.has_statement else "",
            }
        )
    return lines
