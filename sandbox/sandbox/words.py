"""Names, places and goods that the seed data is put together from."""

from __future__ import annotations

# ruff: noqa: RUF001 - the typographic quotes are what the data is about

TRADES = (
    "Bakkerij", "Drukkerij", "Garage", "Schrijnwerkerij", "Brouwerij", "Tuinen", "Installatiebedrijf", "Dakwerken",
    "Elektro", "Boekhandel", "Studio", "Transport", "Slagerij", "Bouwgroep", "Architecten", "Catering",
    "Schilderwerken", "Kwekerij", "Optiek", "Drankenhandel",
)  # fmt: skip
SURNAMES = (
    "Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet",
    "Dubois", "Lambert", "Dupont", "Vermeulen", "Van den Broeck", "Desmedt", "Hermans", "Aerts", "Michiels", "Devos",
    "de Vries", "van Dijk", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "Bos", "Vos", "Hendriks",
)  # fmt: skip
FIRST_NAMES = (
    "Anaïs", "Bram", "Chloé", "Dries", "Eléonore", "Femke", "Gijs", "Hélène", "Ilse", "Jérôme", "Karel", "Loïc",
    "Maaike", "Noëlle", "Olivier", "Petra", "Ruben", "Saskia", "Thijs", "Zoë",
)  # fmt: skip
FORMS = {
    "BE": ("BV", "NV", "VOF", "CV"),
    "NL": ("B.V.", "V.O.F.", "N.V."),
    "FR": ("SARL", "SAS"),
    "DE": ("GmbH", "AG"),
    "GB": ("Ltd", "PLC"),
    "US": ("Inc.", "LLC"),
    "CH": ("SA", "AG"),
}
_LONG_NAME = (
    "Coöperatieve Vennootschap voor Duurzame Energievoorziening, Waterbeheer en Landschapszorg"
    " van de Vlaamse Ardennen en het Meetjesland CV"
)
REMARKABLE_NAMES = (
    ("BE", "d'Hondt & Zn"),
    ("NL", "’t Gouden Hoofd B.V."),
    ("BE", "Café Réné & Fils SRL"),
    ("GB", "O'Brien & Sons Ltd"),
    ("BE", _LONG_NAME),
    ("BE", '"De Ark" vzw'),
    ("DE", "Müller & Söhne GmbH"),
    ("FR", "L’Atelier Élégant SARL"),
    ("BE", "Œuvre <Nationale> & Cie SA"),
    ("US", "100% Pure; Inc."),
    ("NL", "Loodgietersbedrijf Øster-Ånd B.V."),
)
"""Quotes, accents, ampersands, brackets and a name longer than most fields."""

STREETS = {
    "BE": ("Stationsstraat", "Kerkstraat", "Rue de l'Église", "Dorpsplein", "Nieuwstraat", "Gentsesteenweg"),
    "NL": ("Dorpsstraat", "Prinsengracht", "Molenweg", "Julianalaan"),
    "FR": ("Rue de la République", "Avenue Foch", "Rue d'Alsace"),
    "DE": ("Hauptstraße", "Bahnhofstraße", "Königsallee"),
    "GB": ("High Street", "King's Road"),
    "US": ("Main Street", "5th Avenue"),
    "CH": ("Bahnhofplatz", "Rue du Rhône"),
}
CITIES = {
    "BE": (("9000", "Gent"), ("2000", "Antwerpen"), ("8000", "Brugge"), ("3000", "Leuven"), ("4000", "Liège"),
           ("1000", "Brussel"), ("8500", "Kortrijk"), ("5000", "Namur")),
    "NL": (("1012 AB", "Amsterdam"), ("3511 AX", "Utrecht"), ("5611 EM", "Eindhoven"), ("4811 GE", "Breda")),
    "FR": (("75011", "Paris"), ("59000", "Lille"), ("67000", "Strasbourg")),
    "DE": (("50667", "Köln"), ("10115", "Berlin"), ("40212", "Düsseldorf")),
    "GB": (("SW3 4UD", "London"), ("M1 1AE", "Manchester")),
    "US": (("10018", "New York"), ("94105", "San Francisco")),
    "CH": (("8001", "Zürich"), ("1204", "Genève")),
}  # fmt: skip
LANGUAGES = {
    "BE": ("nl", "nl", "fr"),
    "NL": ("nl",),
    "FR": ("fr",),
    "DE": ("de",),
    "GB": ("en",),
    "US": ("en",),
    "CH": ("fr", "de"),
}
PHONE_CODES = {"BE": "32", "NL": "31", "FR": "33", "DE": "49", "GB": "44", "US": "1", "CH": "41"}

GOODS = (
    ('Laptop 14"', 1, "1149.00"),
    ("Dockingstation", 1, "189.95"),
    ("Bureaustoel ergonomisch", 1, "342.50"),
    ("Glasvezelkabel per meter", 1, "0.4375"),
    ("Maatkast eik", 2, "2180.00"),
    ("Ontwerp huisstijl", 2, "1450.00"),
    ("Licentie boekhoudpakket", 3, "39.9167"),
    ("Licentie CRM per gebruiker", 3, "27.5000"),
    ("Abonnement hosting", 4, "24.95"),
    ("Abonnement onderhoud website", 4, "85.00"),
    ("Uren advies", 5, "95.00"),
    ("Uren programmeur", 5, "87.5000"),
    ("Opleiding op maat", 5, "675.00"),
    ("Verplaatsing per km", 5, "0.4259"),
    ("Onderhoud installatie", 6, "145.00"),
    ("Herstelling ter plaatse – spoed", 6, "210.3333"),
    ("Portkosten", 7, "12.40"),
    ("Café & thee, levering «bureau»", 1, "18.7550"),
)
"""Description, product category, price."""
NOTES = (
    "Gelieve het referentienummer te vermelden.",
    "Levering volgens afspraak met mevr. D'Hooghe.\nBedankt voor uw vertrouwen!",
    "Werken uitgevoerd conform offerte.",
)

DISCOUNTS = ("Handelskorting", "Trouwe klant", "Actie")
