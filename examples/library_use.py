"""Check one order from Python, before it is released."""

from redflags import Screener, Transaction

screener = Screener()  # every shipped rule; build it once and use it for every order
order = Transaction.model_validate(
    {
        "order_id": "X-1017",
        "buyer": {"name": "Örnek Telefon", "business": "mobile phone shop", "country": "TR"},
        "product": "aluminium paste",
        "quantity": "6 t",
    }
)
assessment = screener.check(order)
print(assessment.band, assessment.score, *assessment.action)
for flag in assessment.flags:
    print(f"- {flag.title}: {flag.sentence}")
print(f"{len(assessment.incomplete)} rules could not be judged")
