"""Whose a column is: a party and what is said of it in twelve languages, who pays and who gets the
invoice, and what stands beside a party."""

from __future__ import annotations

import pytest

from redflags.intake import map_headers
from redflags.intake.recognition import recognise

ATTRIBUTES = ("name", "country", "city", "address", "business")

Said = tuple[tuple[str, ...], tuple[str, ...], dict[str, tuple[str, ...]]]

LANGUAGES: dict[str, Said] = {
    "English": (
        ("{0} {1}", "{1} of {0}", "{1} of the {0}"),
        ("name", "country", "city", "address", "business"),
        {
            "buyer": ("buyer", "customer"),
            "consignee": ("consignee", "ship-to"),
            "payer": ("payer",),
            "end_user": ("end user",),
        },
    ),
    "German": (
        ("{1} des {0}", "{1} {0}", "{1} vom {0}"),
        ("Name", "Land", "Ort", "Anschrift", "Branche"),
        {
            "buyer": ("Käufers", "Kunden"),
            "consignee": ("Empfängers", "Warenempfängers"),
            "payer": ("Zahlers", "Regulierers"),
            "end_user": ("Endverwenders", "Endkunden"),
        },
    ),
    "French": (
        ("{1} {0}", "{1} du {0}", "{1} de {0}", "{0} {1}"),
        ("nom", "pays", "ville", "adresse", "activité"),
        {
            "buyer": ("acheteur", "client"),
            "consignee": ("destinataire",),
            "payer": ("payeur",),
            "end_user": ("utilisateur final", "client final"),
        },
    ),
    "Spanish": (
        ("{1} {0}", "{1} del {0}", "{1} de {0}", "{0} {1}"),
        ("nombre", "país", "ciudad", "dirección", "actividad"),
        {
            "buyer": ("comprador", "cliente"),
            "consignee": ("destinatario",),
            "payer": ("pagador",),
            "end_user": ("usuario final", "cliente final"),
        },
    ),
    "Turkish": (
        ("{0} {1}",),
        ("adı", "ülkesi", "şehri", "adresi", "sektörü"),
        {
            "buyer": ("alıcı", "alıcının", "müşterinin", "müşteri firmanın"),
            "consignee": ("teslim alan", "teslim alanın", "teslimat alıcısının"),
            "payer": ("ödeyen", "ödeyenin", "ödeyen firmanın"),
            "end_user": ("son kullanıcı", "nihai kullanıcının"),
        },
    ),
    "Russian": (
        ("{1} {0}", "{0} {1}"),
        ("наименование", "страна", "город", "адрес", "отрасль"),
        {
            "buyer": ("покупателя", "заказчика", "клиента", "контрагента"),
            "consignee": ("грузополучателя", "получателя"),
            "payer": ("плательщика",),
            "end_user": ("конечного пользователя", "конечного потребителя"),
        },
    ),
    "Chinese": (
        ("{0}{1}", "{0}的{1}", "{1}（{0}）"),
        ("名称", "国家", "城市", "地址", "行业"),
        {
            "buyer": ("买方", "客户"),
            "consignee": ("收货人",),
            "payer": ("付款人",),
            "end_user": ("最终用户",),
        },
    ),
    "Arabic": (
        ("{1} {0}",),
        ("اسم", "بلد", "مدينة", "عنوان", "نشاط"),
        {
            "buyer": ("المشتري", "العميل"),
            "consignee": ("المستلم",),
            "payer": ("الدافع",),
            "end_user": ("المستخدم النهائي",),
        },
    ),
    "Italian": (
        ("{1} {0}", "{1} del {0}", "{1} dello {0}", "{1} dell'{0}", "{1} di {0}"),
        ("nome", "paese", "città", "indirizzo", "settore"),
        {
            "buyer": ("acquirente", "cliente"),
            "consignee": ("destinatario",),
            "payer": ("pagatore",),
            "end_user": ("utilizzatore finale", "cliente finale"),
        },
    ),
    "Portuguese": (
        ("{1} {0}", "{1} do {0}", "{1} da {0}", "{1} dos {0}", "{1} das {0}", "{1} de {0}"),
        ("nome", "país", "cidade", "morada", "setor"),
        {
            "buyer": ("comprador", "cliente"),
            "consignee": ("destinatário", "consignatário"),
            "payer": ("pagador",),
            "end_user": ("utilizador final", "cliente final"),
        },
    ),
    "Dutch": (
        ("{1} {0}", "{1} van {0}", "{1} van de {0}", "{1} v.d. {0}", "{0}{1}"),
        ("naam", "land", "plaats", "adres", "branche"),
        {
            "buyer": ("koper", "klant"),
            "consignee": ("ontvanger",),
            "payer": ("betaler",),
            "end_user": ("eindgebruiker", "eindklant"),
        },
    ),
    "Polish": (
        ("{1} {0}", "{0} {1}"),
        ("nazwa", "kraj", "miasto", "adres", "branża"),
        {
            "buyer": ("nabywcy", "klienta", "kupującego", "zamawiającego", "kontrahenta"),
            "consignee": ("odbiorcy",),
            "payer": ("płatnika",),
            "end_user": ("użytkownika końcowego", "odbiorcy końcowego"),
        },
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_party_and_what_is_said_of_it_are_one_name(language: str) -> None:
    patterns, words, parties = LANGUAGES[language]
    for role, names in parties.items():
        for attribute, word in zip(ATTRIBUTES, words, strict=True):
            for header in {form.format(one, word) for form in patterns for one in names}:
                assert [one.path for one in recognise(header)] == [f"{role}.{attribute}"], header


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("Nº da encomenda", "order_id"),
        ("Cliente", "buyer.name"),
        ("Destinatário", "consignee.name"),
        ("NIP nabywcy", "buyer.registration"),
        ("Kraj klienta", "buyer.country"),
        ("Kraj sprzedawcy", "seller.country"),
        ("Kraj eksportera", "exporter.country"),
        ("Cidade da entrega", "consignee.city"),
        ("Endereço de faturação", "bill_to.address"),
        ("Наименование товара", "product"),
        ("Наименование", "product"),
        ("Warunki dostawy", "incoterm"),
    ],
)
def test_names_beside_them_keep_their_meaning(header: str, path: str) -> None:
    assert [one.path for one in recognise(header)] == [path]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("País do cliente", "Portuguese"),
        ("País del cliente", "Spanish"),
        ("Cidade do destinatário", "Portuguese"),
        ("Città del cliente", "Italian"),
        ("Plaats van de klant", "Dutch"),
        ("Land des Kunden", "German"),
        ("Miasto nabywcy", "Polish"),
    ],
)
def test_the_reason_names_the_language_of_the_whole_name(header: str, language: str) -> None:
    (meaning,) = recognise(header)
    assert meaning.why.startswith(f"{language} for "), meaning.why


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("payment.payer", "payer.name"),
        ("payment.payer.name", "payer.name"),
        ("payment.payer_country", "payer.country"),
        ("Payment payer", "payer.name"),
        ("payment_payer_name", "payer.name"),
        ("paymentPayerCity", "payer.city"),
        ("payment_details.paid_by", "payer.name"),
        ("payment.payer.bank", ""),
        ("payment.bank.name", "bank.name"),
        ("Zahlung.Zahler.Land", "payer.country"),
        ("paiement.payeur", "payer.name"),
        ("pago.pagador.país", "payer.country"),
        ("ödeme.ödeyen", "payer.name"),
        ("оплата.плательщик", "payer.name"),
        ("付款.付款人", "payer.name"),
        ("pagamento.pagatore", "payer.name"),
        ("betaling.betaler.land", "payer.country"),
        ("płatność.płatnik", "payer.name"),
        ("payment.customer", ""),
        ("payment.amount", ""),
        ("payment.bank_country", "payment.bank_country"),
        ("payment.method", "payment.method"),
        ("Payment country", "payment.bank_country"),
    ],
)
def test_a_payer_under_the_payment_is_the_payer(header: str, path: str) -> None:
    assert [one.path for one in recognise(header)] == ([path] if path else [])


@pytest.mark.parametrize(
    ("header", "fields", "reasons"),
    [
        (
            "Customer;Bill-to Name;Paid By;Goods",
            ("buyer.name", None, "payer.name", "product"),
            {1: "'Paid By' states the payer's name"},
        ),
        (
            "Customer;Bill-to Name;payer;Goods",
            ("buyer.name", None, "payer.name", "product"),
            {1: "'payer' states the payer's name"},
        ),
        (
            "Paid By;Bill-to Name;Bill-to Country;Customer;Goods",
            ("payer.name", None, None, "buyer.name", "product"),
            {2: "whether that is who gets the invoice the file does not say"},
        ),
        (
            "customer;payment.payer.name;payment.payer.country;billing.name;billing.country;goods",
            ("buyer.name", "payer.name", "payer.country", None, None, "product"),
            {4: "'payment.payer.country' states the payer's country"},
        ),
        (
            "Kunde;Rechnungsempfänger;Regulierer;Ware",
            ("buyer.name", None, "payer.name", "product"),
            {1: "'Regulierer' states the payer's name"},
        ),
        (
            "buyer_name;payer_name;Bill To;Goods",
            ("buyer.name", "payer.name", None, "product"),
            {2: "'payer_name' states the payer's name"},
        ),
        (
            "Kunde;Rechnungsempfänger;Land Zahler;Ware",
            ("buyer.name", "payer.name", "payer.country", "product"),
            {1: "who gets the invoice, beside the buyer, is taken for the payer"},
        ),
        (
            "Bill To;Paid By;Goods",
            ("buyer.name", "payer.name", "product"),
            {0: "the file names no other buyer than who gets the invoice"},
        ),
        (
            "Customer;Bill-to Name;Goods",
            ("buyer.name", "payer.name", "product"),
            {1: "who gets the invoice, beside the buyer, is taken for the payer"},
        ),
        (
            "Customer;Billing Country;Paid By;Payer country;Goods",
            ("buyer.name", "buyer.country", "payer.name", "payer.country", "product"),
            {1: "no name says that the invoice goes to another party"},
        ),
    ],
)
def test_a_stated_payer_is_surer_than_who_gets_the_invoice(
    header: str, fields: tuple[str | None, ...], reasons: dict[int, str]
) -> None:
    found = map_headers(header.split(";"))
    assert found.fields == fields
    for position, reason in reasons.items():
        assert reason in found.reasons[position]


def test_the_city_behind_who_gets_the_invoice_is_not_the_buyers() -> None:
    found = map_headers(["Customer", "Bill-to Name", "City", "Paid By", "Payer City", "Goods"])
    assert found.fields == ("buyer.name", None, None, "payer.name", "payer.city", "product")


@pytest.mark.parametrize(
    ("header", "place", "path"),
    [
        ("Customer;City;Customer country;Consignee;Consignee country;Goods", 1, "buyer.city"),
        ("Customer;Customer country;City;Consignee;Consignee country;Goods", 2, "buyer.city"),
        ("Customer;City;Consignee;Consignee country;Goods", 1, "buyer.city"),
        ("Customer;Country;Ship To;Ship-to city;Goods", 1, "buyer.country"),
        ("Customer;City;Goods;Consignee;Consignee country", 1, "buyer.city"),
        ("Customer;City;Consignee;Consignee country;Paid By;Goods", 1, "buyer.city"),
        ("buyer_name;City;buyer_country;consignee_name;Goods", 1, "buyer.city"),
        ("Customer;Industry;Customer country;Consignee;Goods", 1, "buyer.business"),
        ("Customer;Customer country;Zip;City;Consignee;Consignee country", 3, "buyer.city"),
        ("Customer;Customer country;Street;City;Consignee;Goods", 3, "buyer.city"),
        ("Customer;Customer country;Consignee;City;Consignee country", 3, "consignee.city"),
        ("Seller;Country;Customer;Customer country;Goods", 1, "seller.country"),
        ("Kunde;Kundenland;Ort;Warenempfänger;Empfängerland", 2, "buyer.city"),
        ("Kunde;Ort;Kundenland;Warenempfänger;Empfängerland", 1, "buyer.city"),
        ("Client;Pays du client;Ville;Destinataire;Pays du destinataire", 2, "buyer.city"),
        ("Cliente;País del cliente;Ciudad;Destinatario;País del destinatario", 2, "buyer.city"),
        ("Müşteri;Müşteri ülkesi;Şehir;Teslim alan;Teslim alan ülkesi", 2, "buyer.city"),
        ("Покупатель;Страна покупателя;Город;Грузополучатель;Страна грузополучателя", 2,
         "buyer.city"),
        ("客户;客户国家;城市;收货人;收货人国家", 2, "buyer.city"),
        ("المشتري;بلد المشتري;المدينة;المستلم;بلد المستلم", 2, "buyer.city"),
        ("Cliente;Paese del cliente;Città;Destinatario;Paese del destinatario", 2, "buyer.city"),
        ("Cliente;País do cliente;Cidade;Destinatário;País do destinatário", 2, "buyer.city"),
        ("Klant;Land van de klant;Plaats;Ontvanger;Land van de ontvanger", 2, "buyer.city"),
        ("Nabywca;Kraj nabywcy;Miasto;Odbiorca;Kraj odbiorcy", 2, "buyer.city"),
        # Where it could be of another party it stays open.
        ("Customer;Country;Ship To;Goods", 1, None),
        ("Customer;City;Consignee country;Consignee;Goods", 1, None),
        ("Customer;Customer country;Consignee;Consignee country;City;Goods", 4, None),
        ("Customer;Customer country;Region;Consignee;Consignee country", 2, None),
        ("Customer;Customer country;E-mail;Consignee;Consignee country", 2, None),
        ("Customer;Goods;City;Consignee;Consignee country", 2, None),
    ],
)  # fmt: skip
def test_a_lone_attribute_is_whose_columns_it_stands_beside(
    header: str, place: int, path: str | None
) -> None:
    found = map_headers(header.split(";"))
    assert found.fields[place] == path
    assert (place in found.undecided) == (path is None)


@pytest.mark.parametrize("word", ["payment", "Zahlung", "paiement", "règlement", "pago", "ödeme",
                                  "оплата", "付款", "الدفع", "pagamento", "betaling",
                                  "płatność"])  # fmt: skip
@pytest.mark.parametrize(
    ("cells", "path"),
    [
        (["cash", "bank transfer"], "payment.method"),
        (["30 days net", "prepaid"], "payment.terms"),
        (["cash", "letter of credit", "T/T"], "payment.method"),
        (["COD"], None),
        (["Z1", "Z3"], None),
    ],
)
def test_a_word_for_the_payment_is_what_its_cells_say(
    word: str, cells: list[str], path: str | None
) -> None:
    found = map_headers([word, "product"], samples=lambda: {0: cells})
    assert found.fields == (path, "product")
    if path is None:
        assert found.ambiguous == {word: ("payment.method", "payment.terms")}


def test_a_payment_whose_cells_say_what_another_column_says_is_not_its_other_meaning() -> None:
    found = map_headers(["Payment", "Zahlungsart", "product"], samples=lambda: {0: ["cash"]})
    assert found.fields == (None, "payment.method", "product")
    assert "'Zahlungsart' is taken for it" in found.reasons[0]
