"""Invented stories of orders that belong together, each with an honest twin that looks alike."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from honest_year import Order


@dataclass(frozen=True)
class Story:
    """One story: its orders, those of its honest twin, and why each is what it is.

    ``beside`` are order numbers that the story needs and that are no part of the case, such as
    earlier ordinary orders of the same firm.
    """

    name: str
    why: str
    orders: list[Order]
    twin_why: str
    twin: list[Order]
    beside: frozenset[str] = field(default_factory=frozenset)


def _days(first: str, *after: int) -> list[str]:
    start = datetime.date.fromisoformat(first)
    return [(start + datetime.timedelta(days=days)).isoformat() for days in after]


def _orders(prefix: str, common: Order, rows: list[Order]) -> list[Order]:
    """One order for each row, numbered in turn; rows that have their own number keep it."""
    return [
        {"order_id": f"{prefix}-{number:02d}", "seller_country": "DE", **common, **row}
        for number, row in enumerate(rows, start=1)
    ]


def _one_address() -> Story:
    goods = {
        "product": "aluminium paste, non-leafing",
        "hs_code": "3212.90",
        "unit": "kg",
        "payment_method": "bank transfer",
        "buyer_country": "TR",
        "buyer_size": "micro",
    }
    firms = [
        {"buyer_name": "Dorvela Nalburiye", "buyer_city": "Şanlıurfa",
         "buyer_address": "Yeni Mah. 14. Sok. No:7", "buyer_business": "hardware store"},
        {"buyer_name": "Kestral Oto Yedek Parça", "buyer_city": "Sanliurfa",
         "buyer_address": "YENİ MAHALLESİ 14. SOKAK NO 7", "buyer_business": "car parts dealer"},
        {"buyer_name": "Vimaro Genel Ticaret", "buyer_city": "Şanlıurfa",
         "buyer_address": "Yeni Mah., 14. Sokak No: 7",
         "buyer_business": "general trading company"},
    ]  # fmt: skip
    rows = [
        {"date": day, "quantity": amount, "value": f"{int(amount) * 5} EUR", **firms[which]}
        for day, amount, which in zip(
            _days("2022-03-07", 0, 9, 17, 25, 36, 44),
            ("50", "45", "50", "40", "50", "45"),
            (0, 1, 2, 0, 1, 2),
            strict=True,
        )
    ]
    shops = ("mobile phone shop", "textile shop", "hardware store", "restaurant", "beauty salon",
             "car parts dealer", "toy shop", "travel agency", "pharmacy", "jeweller")  # fmt: skip
    stems = ("Ara", "Bel", "Cem", "Dal", "Elm", "Fir", "Gul", "Han", "Ibo", "Jal")
    twin = []
    for number, day in enumerate(_days("2022-02-01", *range(0, 200, 4))):
        business = shops[number % 10]
        twin.append(
            {
                "date": day,
                "buyer_name": f"{stems[number % 10]}{'kmrstvzdln'[number // 10]}ona "
                f"{business.split()[-1].title()}",
                "buyer_country": "TR",
                "buyer_city": "Mersin",
                "buyer_address": "Sahil Alışveriş Merkezi, Liman Cad. 100",
                "buyer_business": business,
                "buyer_size": "micro",
                "product": ("acetone, cleaning grade", "hydrogen peroxide 3 %")[number % 2],
                "hs_code": ("2914.11", "2847.00")[number % 2],
                "quantity": str(10 + number % 7 * 5),
                "unit": "l",
                "value": f"{20 + number} EUR",
                "payment_method": "card",
            }
        )
    return Story(
        "one-address",
        "three firms of three trades at one address, each below the usual, together well above it",
        _orders("A", goods, rows),
        "fifty shops of a shopping mall have the address of the mall",
        _orders("AH", {}, twin),
    )


def _weekly_split() -> Story:
    buyer = {"buyer_name": "Pelmora Tarım Malzemeleri", "buyer_country": "TR",
             "buyer_city": "Adana", "buyer_address": "Pamuk Cad. 31",
             "buyer_business": "farm supplies dealer", "buyer_size": "micro",
             "payment_method": "bank transfer", "product": "sorbitol powder, food grade",
             "hs_code": "2905.44"}  # fmt: skip
    rows = [
        {"date": day, "quantity": amount, "unit": unit, "value": "560 EUR"}
        for day, (amount, unit) in zip(
            _days("2022-04-04", 0, 7, 14, 21, 28, 35),
            (("400", "kg"), ("0.4", "t"), ("400", "kg"), ("16 drums of 25 kg", ""),
             ("400", "kg"), ("400", "kg")),
            strict=True,
        )
    ]  # fmt: skip
    wholesale = {"buyer_name": "Ostvel Zoetwaren Groothandel BV", "buyer_country": "NL",
                 "buyer_city": "Utrecht", "buyer_address": "Molenkade 4",
                 "buyer_business": "chemical distributor", "buyer_size": "medium",
                 "payment_method": "bank transfer", "product": "sorbitol powder, food grade",
                 "hs_code": "2905.44", "quantity": "400", "unit": "kg",
                 "value": "560 EUR"}  # fmt: skip
    bakery = wholesale | {"buyer_name": "Halgost Backwaren GmbH", "buyer_country": "DE",
                          "buyer_city": "Bremen", "buyer_address": "Kornweg 9",
                          "buyer_business": "confectionery manufacturer"}  # fmt: skip
    twin = [wholesale | {"date": day} for day in _days("2022-03-01", *range(0, 140, 7))]
    twin += [bakery | {"date": day} for day in _days("2022-03-03", *range(0, 140, 7))]
    return Story(
        "weekly-split",
        "400 kg every week, where a tonne at once would be asked about",
        _orders("B", buyer, rows),
        "a wholesaler and a confectioner have the same 400 kg delivered every week",
        _orders("BH", {}, twin),
    )


def _telephone_of_refused() -> Story:
    refused = {"buyer_name": "Quarvex Survey Systems", "buyer_country": "AE",
               "buyer_city": "Dubai", "buyer_address": "Al Safa Street 12",
               "buyer_business": "general trading company", "buyer_incorporated": "2014-02-01",
               "buyer_phone": "+971 4 555 0177", "buyer_email": "sales@quarvex.example",
               "product": "UAV autopilot with GNSS", "hs_code": "8526.91", "quantity": "4",
               "unit": "pcs", "value": "14800 EUR", "outcome": "refused",
               "notes": "no answer about the end user"}  # fmt: skip
    again = {"buyer_name": "Lendrake Technologies", "buyer_country": "AE",
             "buyer_city": "Sharjah", "buyer_address": "Industrial Area 5, Unit 88",
             "buyer_business": "electronics retailer", "buyer_incorporated": "2022-03-15",
             "buyer_phone": "00971-4-5550177", "buyer_email": "info@lendrake.example",
             "product": "flight controller for survey drone", "hs_code": "8526.91",
             "quantity": "4", "unit": "pcs", "value": "14800 EUR"}  # fmt: skip
    rows = [refused | {"date": "2022-01-18"}, again | {"date": "2022-05-11"},
            again | {"date": "2022-06-02", "quantity": "3", "value": "11100 EUR"}]  # fmt: skip
    survey = {"buyer_name": "Brasveld Vermessung GmbH", "buyer_country": "DE",
              "buyer_city": "Erfurt", "buyer_address": "Turmgasse 3",
              "buyer_business": "land surveying company", "buyer_phone": "+49 361 5550 140",
              "product": "survey quadcopter", "hs_code": "8806.22", "quantity": "3",
              "unit": "pcs", "value": "11100 EUR"}  # fmt: skip
    daughter = survey | {"buyer_name": "Brasveld Luftbild GmbH",
                         "buyer_incorporated": "2022-02-10"}  # fmt: skip
    twin = [survey | {"date": "2022-01-20", "outcome": "refused", "notes": "credit limit reached"},
            survey | {"date": "2022-02-14", "outcome": "delivered"},
            daughter | {"date": "2022-05-20"}]  # fmt: skip
    return Story(
        "telephone-of-a-refused-firm",
        "a new firm with the telephone of a firm whose order was refused asks for the same goods",
        _orders("C", {"payment_method": "bank transfer"}, rows),
        "a surveyor refused for its credit limit orders again, and its new daughter firm as well",
        _orders("CH", {"payment_method": "bank transfer"}, twin),
    )


def _kit() -> Story:
    shop = {"consignee_name": "Marzen Phone Center", "consignee_country": "IQ",
            "consignee_city": "Mosul", "consignee_business": "mobile phone shop",
            "consignee_address": "University Street 40",
            "payment_method": "bank transfer"}  # fmt: skip
    parts = [
        ("2022-02-08", "Talvero Hobby", "GR", "Athens", "model and hobby shop",
         "servo motor, digital, metal gear", "8501.10", "40"),
        ("2022-03-01", "Sundrel Trading", "TR", "Gaziantep", "general trading company",
         "rc receiver and transmitter set", "8526.92", "10"),
        ("2022-03-29", "Ikvona Bilgisayar", "TR", "Kilis", "IT services company",
         "GNSS receiver module", "8526.91", "12"),
        ("2022-05-03", "Corbeth Models Ltd", "GB", "Luton", "model and hobby shop",
         "carbon fibre tubes and sheet", "6815.13", "30 kg"),
    ]  # fmt: skip
    rows = [
        shop
        | {
            "date": date,
            "buyer_name": name,
            "buyer_country": country,
            "buyer_city": city,
            "buyer_business": business,
            "product": product,
            "hs_code": heading,
            "quantity": amount,
            "unit": "" if amount.endswith("kg") else "pcs",
            "value": "900 EUR",
        }
        for date, name, country, city, business, product, heading, amount in parts
    ]
    institute = {"consignee_name": "Halmere University, Robotics Laboratory",
                 "consignee_country": "GB", "consignee_city": "Halmere",
                 "consignee_business": "university", "consignee_relation": "customer",
                 "end_user_name": "Halmere University", "end_user_business": "university",
                 "end_use": "teaching robotics", "consignee_address": "College Road"}  # fmt: skip
    dealers = ("Halcorn Models", "Westrup Trading", "Ludvane Computing", "Perrinot Composites")
    twin = [
        {key: text for key, text in row.items() if not key.startswith("consignee")}
        | institute
        | {"buyer_name": name}
        for row, name in zip(rows, dealers, strict=True)
    ]
    return Story(
        "kit-for-one-consignee",
        "four buyers in three countries each send one kind of part to one telephone shop",
        _orders("D", {}, rows),
        "four dealers supply the robotics laboratory of a university",
        _orders("DH", {}, twin),
    )


def _six_lines() -> Story:
    buyer = {"date": "2022-05-16", "buyer_name": "Grelvan Mobilya", "buyer_country": "TR",
             "buyer_city": "Kayseri", "buyer_business": "building materials wholesaler",
             "buyer_size": "small", "product": "potassium nitrate, technical",
             "hs_code": "2834.21", "quantity": "80", "unit": "kg", "value": "110 EUR",
             "payment_method": "bank transfer"}  # fmt: skip
    names = ("potassium nitrate, technical", "Kaliumnitrat, technisch", "potassium nitrate",
             "saltpetre (KNO3)", "potasyum nitrat", "potassium nitrate, crystals")  # fmt: skip
    rows = [
        buyer | {"order_id": "E-01", "line": str(number), "product": name}
        for number, name in enumerate(names, start=1)
    ]
    paint = {"date": "2022-05-17", "buyer_name": "Ruvenhal Farben GmbH", "buyer_country": "DE",
             "buyer_city": "Mainz", "buyer_business": "paint manufacturer",
             "product": "aluminium paste", "hs_code": "3212.90", "quantity": "80",
             "unit": "kg", "value": "360 EUR", "payment_method": "bank transfer"}  # fmt: skip
    twin = [
        paint | {"order_id": "EH-01", "line": str(number), "product": f"aluminium paste, {grade}"}
        for number, grade in enumerate(
            ("leafing", "non-leafing", "fine", "coarse", "for gravure", "for coil coating"), 1
        )
    ]
    return Story(
        "six-lines",
        "six lines of 80 kg in one order, under six names of one substance",
        _orders("E", {}, rows),
        "a paint maker orders six grades of aluminium paste, 80 kg of each",
        _orders("EH", {}, twin),
    )


def _one_payer() -> Story:
    payer = {"payer_name": "Zorvane Rent a Car", "payer_country": "TR",
             "payer_business": "car rental", "payment_method": "bank transfer"}  # fmt: skip
    rows = [
        payer
        | {
            "date": date,
            "buyer_name": name,
            "buyer_country": country,
            "buyer_business": business,
            "product": product,
            "quantity": amount,
            "unit": unit,
            "value": "8200 EUR",
        }
        for date, name, country, business, product, amount, unit in (
            ("2022-02-21", "Ardmel Technics", "GB", "IT services company",
             "motion control unit (pan-tilt)", "2", "pcs"),
            ("2022-04-12", "Belsoro Machines", "BG", "machinery dealer",
             "thermal imaging camera core", "3", "pcs"),
            ("2022-06-14", "Cantrev Elektronik", "TR", "electronics retailer",
             "UAV autopilot", "4", "pcs"),
        )
    ]  # fmt: skip
    treasury = {"payer_name": "Halvorn Group Treasury BV", "payer_country": "NL",
                "payer_business": "group treasury company", "payer_relation": "same group",
                "payment_method": "bank transfer"}  # fmt: skip
    twin = [
        treasury
        | {
            "date": date,
            "buyer_name": name,
            "buyer_country": country,
            "buyer_business": business,
            "product": product,
            "quantity": amount,
            "unit": unit,
            "value": "12000 EUR",
        }
        for date, name, country, business, product, amount, unit in (
            ("2022-02-22", "Halvorn Coatings GmbH", "DE", "paint manufacturer",
             "aluminium paste", "2000", "kg"),
            ("2022-04-13", "Halvorn Chimie SARL", "FR", "chemical manufacturer",
             "nitric acid 65 %", "1000", "l"),
            ("2022-06-15", "Halvorn Fibres Ltd", "GB", "composites manufacturer",
             "carbon fibre fabric", "400", "kg"),
            ("2022-07-06", "Halvorn Instruments GmbH", "AT", "electronics manufacturer",
             "microcontroller, 32 bit", "1200", "pcs"),
        )
    ]  # fmt: skip
    return Story(
        "one-payer",
        "a car-hire firm pays for the orders of three firms in three countries",
        _orders("F", {}, rows),
        "the treasury of a group pays for its four works, and says so",
        _orders("FH", {}, twin),
    )


def _moved_flow() -> Story:
    before = {"buyer_name": "Novaprim Elektro OOO", "buyer_country": "RU",
              "buyer_city": "Tver", "buyer_address": "Zavodskaya 8",
              "buyer_business": "electronics distributor", "buyer_phone": "+7 4822 555 031",
              "buyer_email": "zakaz@novaprim.example", "product": "microcontroller, 32 bit",
              "hs_code": "8542.31", "quantity": "900", "unit": "pcs",
              "value": "2100 EUR", "outcome": "delivered"}  # fmt: skip
    after = {"buyer_name": "Altynbrid Supply LLP", "buyer_country": "KZ",
             "buyer_city": "Almaty", "buyer_address": "Abay Avenue 210",
             "buyer_business": "general trading company", "buyer_incorporated": "2022-03-21",
             "buyer_phone": "+7 727 555 0440", "buyer_email": "zakaz@novaprim.example",
             "product": "microcontroller, 32 bit", "hs_code": "8542.31", "quantity": "900",
             "unit": "pcs", "value": "2300 EUR"}  # fmt: skip
    rows = [before | {"date": day} for day in _days("2021-10-05", 0, 40, 85)]
    rows += [after | {"date": day} for day in _days("2022-04-12", 0, 30, 62)]
    old = before | {"buyer_name": "Severnal Pribor OOO", "buyer_address": "Lesnaya 3",
                    "buyer_phone": "+7 4822 555 090",
                    "buyer_email": "info@severnal.example"}  # fmt: skip
    other = {"buyer_name": "Kyrgazan Meters LLP", "buyer_country": "KZ", "buyer_city": "Astana",
             "buyer_address": "Respublika 16", "buyer_business": "electronics manufacturer",
             "buyer_phone": "+7 717 255 5101", "buyer_email": "buy@kyrgazan.example",
             "buyer_incorporated": "2009-05-05", "product": "microcontroller, 32 bit",
             "hs_code": "8542.31", "quantity": "700", "unit": "pcs",
             "value": "1700 EUR"}  # fmt: skip
    twin = [old | {"date": day} for day in _days("2021-10-07", 0, 41, 80)]
    twin += [other | {"date": day} for day in _days("2022-04-14", 0, 33, 66)]
    return Story(
        "moved-flow",
        "direct trade stops, and the same goods go to a new firm abroad with the same mailbox",
        _orders("G", {"payment_method": "bank transfer"}, rows),
        "one customer is lost, and a maker of meters that has nothing to do with it becomes one",
        _orders("GH", {"payment_method": "bank transfer"}, twin),
    )


def _surge() -> Story:
    buyer = {"buyer_name": "Wendrokil Güzellik", "buyer_country": "TR", "buyer_city": "Antalya",
             "buyer_address": "Narenciye Sok. 5", "buyer_business": "beauty salon",
             "buyer_size": "micro", "product": "acetone", "hs_code": "2914.11", "unit": "l",
             "payment_method": "bank transfer"}  # fmt: skip
    amounts = ("5", "5", "5", "5", "5", "5", "150")
    days = _days("2021-11-08", 0, 31, 62, 90, 121, 150, 182)
    rows = [
        {"date": day, "quantity": amount, "value": f"{amount} EUR"}
        for day, amount in zip(days, amounts, strict=True)
    ]
    farm = {"buyer_name": "Delmarko Pamuk Kooperatifi", "buyer_country": "TR",
            "buyer_city": "Söke", "buyer_address": "Ova Yolu 2",
            "buyer_business": "farm cooperative", "product": "urea, prilled 46 % N",
            "hs_code": "3102.10", "unit": "t", "payment_method": "bank transfer"}  # fmt: skip
    twin = [
        farm | {"date": day, "quantity": amount, "value": f"{int(amount) * 380} EUR"}
        for day, amount in zip(
            _days("2021-10-11", 0, 40, 85, 150, 158, 166, 175, 183),
            ("2", "3", "2", "25", "30", "40", "30", "24"),
            strict=True,
        )
    ]
    return Story(
        "surge",
        "a beauty salon that takes five litres a month orders thirty times as much",
        _orders("I", buyer, rows),
        "a farm co-operative orders its fertiliser in spring",
        _orders("IH", {}, twin),
        frozenset(f"I-{number:02d}" for number in range(1, 7)),
    )


def _refused_comes_back() -> Story:
    first = {"buyer_name": "Bostrel Kimya", "buyer_country": "TR", "buyer_city": "Mersin",
             "buyer_address": "Serbest Cad. 61 Kat 2", "buyer_business": "general trading company",
             "buyer_email": "bostrel.kimya@gmail.com", "product": "nitric acid 65 %",
             "hs_code": "2808.00", "quantity": "150", "unit": "l", "value": "700 EUR",
             "outcome": "refused", "notes": "use not stated"}  # fmt: skip
    again = {"buyer_name": "Mavrun Temizlik", "buyer_country": "TR", "buyer_city": "Tarsus",
             "buyer_address": "Gar Sokak 19", "buyer_business": "textile shop",
             "buyer_email": "bostrel.kimya@gmail.com", "product": "nitric acid, technical",
             "concentration": "60 %", "hs_code": "2808.00", "quantity": "6 canisters of 25 l",
             "value": "690 EUR"}  # fmt: skip
    rows = [first | {"date": "2022-03-15"}, again | {"date": "2022-04-19"}]
    lab = {"buyer_name": "Testaro Prüflabor GmbH", "buyer_country": "AT", "buyer_city": "Linz",
           "buyer_address": "Donauweg 2", "buyer_business": "testing laboratory",
           "buyer_email": "einkauf@testaro.example", "product": "nitric acid 65 %",
           "hs_code": "2808.00", "quantity": "60", "unit": "l", "value": "500 EUR"}  # fmt: skip
    twin = [lab | {"date": "2022-03-16", "outcome": "refused", "notes": "invoice unpaid"},
            lab | {"date": "2022-04-20", "outcome": "delivered"},
            lab | {"date": "2022-05-04", "buyer_name": "Testaro Umwelt GmbH",
                   "buyer_address": "Donauweg 4"}]  # fmt: skip
    return Story(
        "refused-comes-back",
        "a refused order comes back from a firm of another trade with the same mail address",
        _orders("J", {"payment_method": "bank transfer"}, rows),
        "a laboratory and its sister firm order again once an old invoice is paid",
        _orders("JH", {"payment_method": "bank transfer"}, twin),
    )


def _junction() -> Story:
    shop = {"consignee_name": "Şirin Cep Telefonu", "consignee_country": "TR",
            "consignee_city": "Şanlıurfa", "consignee_business": "mobile phone shop",
            "payment_method": "bank transfer"}  # fmt: skip
    spelt = ("Şirin Cep Telefonu", "SIRIN CEP TELEFONU LTD. ŞTİ.", "Sirin Cep Telefonu")
    rows = [
        shop | {"consignee_name": name, "date": date, "buyer_name": buyer,
                "buyer_country": country, "buyer_business": business, "product": product,
                "quantity": amount, "unit": unit, "value": "3000 EUR"}
        for name, (date, buyer, country, business, product, amount, unit) in zip(spelt, (
            ("2022-01-25", "Hexwort Media", "GB", "web design company",
             "video transmitter 5.8 GHz", "12", "pcs"),
            ("2022-03-22", "Jolvard Import", "DK", "import export company",
             "carbon fibre tube", "40", "kg"),
            ("2022-05-24", "Nivrosa Foto", "ES", "electronics retailer",
             "thermal imaging camera core", "2", "pcs"),
        ), strict=True)
    ]  # fmt: skip
    plant = {"consignee_name": "Ovrelund Power Station", "consignee_country": "FI",
             "consignee_city": "Oulu", "consignee_business": "power utility",
             "end_user_name": "Ovrelund Power Station", "end_user_business": "power utility",
             "payment_method": "bank transfer"}  # fmt: skip
    twin = [
        plant | {"date": date, "buyer_name": buyer, "buyer_country": country,
                 "buyer_business": business, "product": product, "quantity": amount,
                 "unit": "pcs", "value": "9000 EUR"}
        for date, buyer, country, business, product, amount in (
            ("2022-01-26", "Tervanto Engineering", "FI", "engineering office",
             "thermal imaging camera", "2"),
            ("2022-03-23", "Gulvik Elservice", "SE", "electrical contractor",
             "relay, 24 V", "400"),
            ("2022-05-25", "Bardenholt Machines GmbH", "DE", "machinery dealer",
             "pressure transducer", "6"),
        )
    ]  # fmt: skip
    return Story(
        "junction",
        "firms in three countries, with no link to see, send goods to one telephone shop",
        _orders("K", {}, rows),
        "contractors in three countries supply the overhaul of one power station",
        _orders("KH", {}, twin),
    )


STORIES = (
    _one_address(),
    _weekly_split(),
    _telephone_of_refused(),
    _kit(),
    _six_lines(),
    _one_payer(),
    _moved_flow(),
    _surge(),
    _refused_comes_back(),
    _junction(),
)
"""Every story, in the order of the labels."""
