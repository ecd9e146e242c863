"""The ten companies of the demo desk and who works there; the first is our own."""

from msgspec import Struct

EVERYTHING = ("support", "heating", "portal", "api", "orders", "invoices")


class Company(Struct, frozen=True):
    """A company; `people` holds a line of name and position for each.

    `country_id` is the country's ISO 3166 number, `phone` lacks its last two digits;
    `topics` are what they write about.
    """

    contact_id: int
    name: str
    language: str
    domain: str
    country_id: int
    orgnr: str
    phone: str
    people: str
    topics: tuple[str, ...] = EVERYTHING


COMPANIES = (
    Company(
        1,
        "Lunvarm AS",
        "nb",
        "lunvarm.example",
        578,
        "000 111 222",
        "+47 00 55 01 ",
        """
        Tjerand Engen, Head of service
        Anna Lindqvist, Customer adviser
        Bo Kragh, Customer adviser
        Mette Solheim, Heat pump engineer
        Jonas Weber, Systems engineer
        Sofie Lambert, Quality manager
        Ulla Brandt, Heat pump engineer
        Ingrid Aas, Account manager
        Petter Haug, Warehouse foreman
        Nora Myhre, Payroll officer
        """,
        topics=("it", "personnel"),
    ),
    Company(
        2,
        "Harbour Lane Hotels Ltd",
        "en",
        "harbourlane.example",
        826,
        "GB00042117",
        "+44 1632 9600",
        """
        Emma Hartley, Front office manager
        Oliver Pike, Maintenance supervisor
        Grace Whitcombe, Group accountant
        Daniel Okoro, General manager
        Ruth Ainsley, Housekeeping manager
        Callum Reid, Night manager
        Priya Nair, Purchasing
        Thomas Bexley, Caretaker
        Hannah Moss, Events coordinator
        """,
        topics=("support", "heating", "portal", "orders", "invoices"),
    ),
    Company(
        3,
        "Fjellheim Eiendom AS",
        "nb",
        "fjellheim.example",
        578,
        "000 333 444",
        "+47 00 55 03 ",
        """
        Kari Nygård, Driftsleder
        Ola Bakken, Vaktmester
        Silje Rønning, Regnskapsansvarlig
        Håkon Tveit, Teknisk sjef
        Marit Sørli, Forvalter
        Trond Åsen, Vaktmester
        Linn Dahle, Kundeansvarlig
        Amina Yusuf, Energirådgiver
        Geir Fossum, Daglig leder
        Åse Lunde, Barnehagestyrer
        Jon Eide, Innkjøper
        Vilde Hauge, Prosjektleder
        """,
    ),
    Company(
        4,
        "Björklunda Skolor AB",
        "sv",
        "bjorklunda.example",
        752,
        "000555-6666",
        "+46 31 390 06 ",
        """
        Elin Sjöberg, Rektor
        Johan Ekström, Vaktmästare
        Karin Åkerlund, Ekonom
        Mikael Norén, Fastighetschef
        Sara Hedman, Skolsköterska
        Ali Rahimi, Idrottslärare
        Lena Wallgren, Kanslist
        Oskar Dahlin, IT-tekniker
        Birgitta Fors, Bibliotekarie
        """,
    ),
    Company(
        5,
        "Vesterhav Mejeri A/S",
        "da",
        "vesterhavmejeri.example",
        208,
        "00 77 88 99",
        "+45 00 55 05 ",
        """
        Søren Lykke, Driftsleder
        Mia Østergaard, Kvalitetschef
        Henrik Bonde, Maskinmester
        Pernille Krogh, Bogholder
        Jens Thorup, Lagerchef
        Camilla Friis, Indkøber
        Asger Holst, Mejerist
        """,
    ),
    Company(
        6,
        "Grünthal Wohnbau GmbH",
        "de",
        "gruenthal.example",
        276,
        "DE 000 123",
        "+49 30 23125 0",
        """
        Sabine Keller, Hausverwalterin
        Markus Vogt, Hausmeister
        Heike Brandner, Buchhaltung
        Thomas Grünwald, Geschäftsführer
        Leyla Aydin, Sachbearbeiterin
        Jürgen Pohl, Hausmeister
        Katrin Seidel, Technische Leitung
        Florian Maurer, IT-Administrator
        Monika Straub, Mieterbetreuung
        """,
    ),
    Company(
        7,
        "Kanaalzicht Zorg B.V.",
        "nl",
        "kanaalzicht.example",
        528,
        "00099111",
        "+31 00 555 07",
        """
        Marieke de Wit, Locatiemanager
        Joost van Leeuwen, Technische dienst
        Fatima Bouazza, Teamleider zorg
        Pieter Smeets, Financiën
        Anouk Verhoeven, Receptie
        Ruben Kuipers, Facilitair medewerker
        """,
    ),
    Company(
        8,
        "Boulangeries Montclair SARL",
        "fr",
        "montclair.example",
        250,
        "000 222 555",
        "+33 1 99 00 08 ",
        """
        Camille Perrin, Gérante
        Luc Fontaine, Chef d'atelier
        Nadia Benali, Comptable
        Hugo Marchand, Responsable technique
        Élise Garnier, Responsable de boutique
        Yann Le Goff, Boulanger
        """,
    ),
    Company(
        9,
        "Lumikko Kylmätekniikka Oy",
        "fi",
        "lumikko.example",
        246,
        "0007788-9",
        "+358 00 555 09",
        """
        Aino Mäkelä, Toimitusjohtaja
        Timo Korhola, Huoltopäällikkö
        Sanna Järvi, Kirjanpitäjä
        Ville Hietala, Varastopäällikkö
        Päivi Lehto, Toimistosihteeri
        """,
    ),
    Company(
        10,
        "Quillmark Software Ltd",
        "en",
        "quillmark.example",
        372,
        "IE0061234",
        "+353 20 910 10",
        """
        Aoife Brennan, Integration lead
        Rory Caffrey, Developer
        Mei Tanaka, Developer
        Declan Moran, Product owner
        Zofia Nowak, Test engineer
        Sam Adeyemi, Operations
        Niamh Farrell, Office manager
        """,
        topics=("api", "portal", "invoices"),
    ),
)
