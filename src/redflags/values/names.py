"""Names of parties: as given, and as a key under which two spellings of one firm meet."""

from __future__ import annotations

from collections.abc import Iterable


class LegalForms:
    """The legal forms that a firm's name may carry, such as ``GmbH`` or ``San. ve Tic. A.Ş.``"""

    def __init__(self, forms: Iterable[str]) -> None:
        self.forms = tuple(forms)
