"""The chart of accounts that the sandbox starts with: Belgian numbering, types as in exact-online 8.2."""

from __future__ import annotations

LEDGER: tuple[tuple[str, str, int], ...] = (
    ("100000", "Geplaatst kapitaal", 50),
    ("130000", "Wettelijke reserve", 52),
    ("140000", "Overgedragen winst", 52),
    ("170000", "Leningen op meer dan één jaar", 55),
    ("200000", "Oprichtingskosten", 30),
    ("210000", "Software en licenties", 30),
    ("210900", "Afschrijvingen op software", 35),
    ("230000", "Installaties en machines", 30),
    ("230900", "Afschrijvingen op installaties", 35),
    ("240000", "Meubilair", 30),
    ("240900", "Afschrijvingen op meubilair", 35),
    ("241000", "Rollend materieel", 30),
    ("241900", "Afschrijvingen op rollend materieel", 35),
    ("288000", "Borgtochten", 32),
    ("340000", "Handelsgoederen", 40),
    ("400000", "Handelsdebiteuren", 20),
    ("400900", "Handelsdebiteuren buitenland", 20),
    ("404000", "Te innen opbrengsten", 27),
    ("406000", "Betaalde voorschotten", 26),
    ("411000", "Terug te vorderen btw", 24),
    ("416000", "Diverse vorderingen", 32),
    ("430000", "Leningen op rekening", 60),
    ("440000", "Leveranciers", 22),
    ("444000", "Te ontvangen facturen", 60),
    ("450000", "Geraamde belastingen", 29),
    ("451000", "Te betalen btw", 24),
    ("451100", "Te betalen btw buitenland (OSS)", 24),
    ("453000", "Ingehouden voorheffing", 60),
    ("454000", "Rijksdienst voor Sociale Zekerheid", 60),
    ("455000", "Bezoldigingen", 25),
    ("460000", "Ontvangen voorschotten", 21),
    ("489000", "Diverse schulden", 60),
    ("490000", "Over te dragen kosten", 26),
    ("493000", "Over te dragen opbrengsten", 27),
    ("499000", "Wachtrekening", 90),
    ("550000", "Bank", 12),
    ("570000", "Kas", 10),
    ("580000", "Interne overboekingen", 90),
    ("581000", "Online betalingen", 16),
    ("600000", "Aankopen handelsgoederen", 111),
    ("602000", "Aankopen diensten", 111),
    ("604000", "Aankopen grondstoffen", 111),
    ("608000", "Verkregen kortingen", 111),
    ("609000", "Voorraadwijziging", 111),
    ("610000", "Huur", 121),
    ("611000", "Onderhoud en herstellingen", 121),
    ("612000", "Telefoon en internet", 121),
    ("612100", "Elektriciteit", 121),
    ("613000", "Erelonen", 121),
    ("614000", "Reclame", 121),
    ("615000", "Verzekeringen", 121),
    ("616000", "Vervoer", 121),
    ("617000", "Uitzendkrachten", 121),
    ("618000", "Bezoldiging bestuurders", 121),
    ("620000", "Lonen", 125),
    ("621000", "Werkgeversbijdragen", 126),
    ("630000", "Afschrijvingen", 122),
    ("640000", "Bedrijfsbelastingen", 120),
    ("650000", "Rente van schulden", 120),
    ("654000", "Wisselkoersverschillen", 120),
    ("657000", "Betalingsverschillen", 120),
    ("660000", "Uitzonderlijke kosten", 130),
    ("670000", "Vennootschapsbelasting", 150),
    ("700000", "Verkoop handelsgoederen", 110),
    ("700100", "Verkoop handelsgoederen EU", 110),
    ("700200", "Verkoop handelsgoederen buiten EU", 110),
    ("701000", "Verkoop afgewerkte producten", 110),
    ("702000", "Verkoop licenties", 110),
    ("703000", "Verkoop abonnementen", 110),
    ("704000", "Verkoop diensten", 110),
    ("705000", "Verkoop onderhoud", 110),
    ("706000", "Verkoop oude reeks", 110),
    ("707000", "Verkoop projecten", 110),
    ("708000", "Toegestane kortingen", 110),
    ("740000", "Andere bedrijfsopbrengsten", 110),
    ("743000", "Doorgerekende kosten", 120),
    ("750000", "Financiële opbrengsten", 160),
    ("764000", "Uitzonderlijke opbrengsten", 140),
    ("800000", "Overboeking resultaat", 300),
)
"""Code, description, type. Classes 1-5 are balance sheet accounts, 6-7 profit and loss."""

BLOCKED = frozenset({"706000"})
COST_CENTER_OBLIGATORY = frozenset({"707000"})

VAT_CODES: tuple[tuple[str, str, str, str, str, str, str | None], ...] = (
    ("21", "Verkoop 21%", "E", "S", "0.21", "N", "451000"),
    ("12", "Verkoop 12%", "E", "S", "0.12", "N", "451000"),
    ("6", "Verkoop 6%", "E", "S", "0.06", "N", "451000"),
    ("0", "0%", "B", "B", "0", "N", None),
    ("IC", "Intracommunautaire levering", "B", "S", "0", "L", None),
    ("ICD", "Intracommunautaire dienst", "B", "S", "0", "S", None),
    ("EX", "Uitvoer buiten EU", "B", "S", "0", "N", None),
    ("MC", "Medecontractant", "B", "S", "0", "N", None),
    ("VR", "Vrijgesteld", "N", "S", "0", "N", None),
    ("I21", "Verkoop 21% inclusief", "I", "S", "0.21", "N", "451000"),
    ("FR", "OSS Frankrijk 20%", "E", "S", "0.2", "N", "451100"),
    ("DE", "OSS Duitsland 19%", "E", "S", "0.19", "N", "451100"),
    ("NL", "OSS Nederland 21%", "E", "S", "0.21", "N", "451100"),
    ("OLD", "Verkoop 21% (oud)", "E", "S", "0.21", "N", "451000"),
    ("P21", "Aankoop 21%", "E", "P", "0.21", "N", "411000"),
    ("P12", "Aankoop 12%", "E", "P", "0.12", "N", "411000"),
    ("P6", "Aankoop 6%", "E", "P", "0.06", "N", "411000"),
    ("PIC", "Intracommunautaire verwerving", "B", "P", "0", "N", "411000"),
)
"""Code, description, Type, VATTransactionType, fraction, EUSalesListing, its ledger account (exact-online 6.3, 8.4)."""

BLOCKED_VAT_CODES = frozenset({"OLD"})
OSS_COUNTRIES = {"FR": "FR", "DE": "DE", "NL": "NL"}

JOURNALS: tuple[tuple[str, str, int, str | None], ...] = (
    ("30", "Kas", 10, "570000"),
    ("50", "Bank", 12, "550000"),
    ("60", "Aankopen", 22, "440000"),
    ("61", "Creditnota's aankoop", 23, "440000"),
    ("70", "Verkopen", 20, "400000"),
    ("71", "Creditnota's verkoop", 20, "400000"),
    ("72", "Verkopen alleen EUR", 20, "400000"),
    ("73", "Retouren", 21, "400000"),
    ("79", "Verkopen oud", 20, "400000"),
    ("90", "Diverse verrichtingen", 90, None),
)
"""Code, description, type, ledger account (exact-online 8.1)."""

BLOCKED_JOURNALS = frozenset({"79"})
FREE_CURRENCY_JOURNALS = frozenset({"70", "71", "60", "61"})

PAYMENT_CONDITIONS: tuple[tuple[str, str, int, int, str], ...] = (
    ("00", "Contant", 0, 0, "K"),
    ("08", "8 dagen", 8, 0, "B"),
    ("14", "14 dagen", 14, 0, "B"),
    ("30", "30 dagen", 30, 0, "B"),
    ("30E", "30 dagen einde maand", 30, 1, "B"),
    ("60", "60 dagen", 60, 0, "B"),
    ("DD", "Domiciliëring 14 dagen", 14, 0, "I"),
)
"""Code, description, days, ends of months, payment method (exact-online 6.10, 8.6)."""

DOCUMENT_TYPES: tuple[tuple[int, str, bool], ...] = (
    (1, "Notitie", True),
    (2, "E-mail", False),
    (10, "Verkoopfactuur", True),
    (20, "Inkoopfactuur", True),
    (55, "Diversen", True),
    (140, "Contract", True),
)
"""Type, description, whether it may be created (exact-online 6.33)."""

EXCHANGE_RATES = {"USD": ("0.925", "0.915"), "GBP": ("1.155", "1.165"), "CHF": ("1.02", "1.045")}
"""Euro for one unit: on 1 January of the previous year, and of the current one (exact-online 6.11)."""
