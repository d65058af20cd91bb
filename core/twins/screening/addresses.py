"""Postal addresses: German, British and American forms, and what surely belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

CAP = r"[A-ZÄÖÜ][\wäöüß'’.-]*"
TOWN = r"(?:St\. |Bad )?[A-ZÄÖÜ][\wäöüß'’-]*"
GERMAN_STREET = (
    r"(?:[A-ZÄÖÜ][a-zäöüß]{2,}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|chaussee|"
    r"steig|stieg|promenade|markt|graben|wall|ring|berg|park|hof)"
    r"|(?!(?:Der|Die|Das|Dem|Den|Ein|Eine|Einem|Kein|Mein|Dein|Sein|Ihr|Unser|Auf|Vom|Zum|Im|Am"
    r"|Und)\b)"
    r"(?:[A-ZÄÖÜ][a-zäöüß]+(?:er|e|en|em|es)?[- ]){1,3}(?:Straße|Strasse|Str\.|Allee|Platz|Weg|"
    r"Gasse|Damm|Ufer|Chaussee|Ring)|(?:Am|An der|An den|Auf der|Auf dem|Im|In der|Zum|Zur|"
    r"Unter den) [A-ZÄÖÜ][a-zäöüß]{3,})"
)
SURE = re.compile(r"(?:straße|strasse|str\.|allee|gasse|chaussee|Straße|Strasse|Str\.)$")
GERMAN = re.compile(
    rf"(?<!\w)(?P<street>{GERMAN_STREET}) (?P<number>\d{{1,4}} ?[a-h]?(?:[-/]\d{{1,4}})?)"
    r"(?!\w|[.,:]\d)"
    rf"(?P<city>[,;]?\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}} {TOWN}(?:[ -](?:am|an der|im|{TOWN})){{0,3}})?"
)
POSTCODE_UK = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
).replace(" ", "|")
US_CITY = rf"{TOWN}(?: {TOWN}){{0,2}},? (?:{STATES}),? \d{{5}}(?:-\d{{4}})?"
SURE_ENGLISH = r"Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Boulevard|Blvd\.?|Lane|Ln\.?|Parkway|Pkwy\.?"
LOOSE_ENGLISH = (
    r"Drive|Dr\.?|Court|Ct\.?|Way|Place|Pl\.?|Square|Sq\.?|Terrace|Close|Crescent|Gardens|Grove|"
    r"Hill|Mews|Row|Walk|Highway|Hwy|Quay|Park|Circle|Trail"
)
ENGLISH = re.compile(
    rf"(?<![\w.,$£€-])(?P<number>\d{{1,5}}[A-Za-z]?) (?P<name>(?:[NSEW]\.? )?(?:{CAP} ){{1,4}}?)"
    rf"(?P<kind>(?P<sure>{SURE_ENGLISH})|{LOOSE_ENGLISH})(?: (?:[NS][EW]?|[EW])\b)?(?![\w’'])"
    r"(?P<unit>,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.? ?\w{1,5})?"
    rf"(?P<rest>(?:[,;]?\s{{1,2}}{TOWN}(?: {TOWN}){{0,2}})?[,;]?\s{{1,2}}(?:{POSTCODE_UK}|"
    rf"(?:{STATES}),? \d{{5}}(?:-\d{{4}})?)|[,;]?\s{{1,2}}{US_CITY})?"
)
CITY = re.compile(rf"(?<!\w)(?:{US_CITY}|{TOWN}(?: {TOWN})?,? {POSTCODE_UK})(?!\w)")
BOX = re.compile(
    rf"(?<!\w)(?:P\.? ?O\.? Box|Postfach|Apartado(?: de Correos)?) \d[\d ]{{0,8}}\d?"
    rf"(?:[,;]?\s+(?:\d{{4,5}} {TOWN}|{US_CITY}|{TOWN}(?: {TOWN})?,? {POSTCODE_UK}))?"
)
_LIVES = re.compile(
    r"\b(?:at|address(?: is)?|live[sd]?|office|studio|visit|write to|located|adresse\w*|wohn\w+|"
    r"in der|"
    r"flat \w+,?|:)\W{0,3}$",
    re.I,
)
_COUNTS = re.compile(
    r"\b(?:in|since|by|of|until|from|after|before|during|the|around|circa)\s$", re.I
)
BEFORE = 24


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where postal addresses stand; a street's name alone, or a town's, is none."""
    for found in BOX.finditer(text):
        yield found.span()
    for found in GERMAN.finditer(text):
        if found["city"] or SURE.search(found["street"]) or _lives(text, found):
            yield found.span()
    for found in ENGLISH.finditer(text):
        if found["rest"] or _is_english(text, found):
            yield found.span()
    for found in CITY.finditer(text):
        yield found.span()


def _lives(text: str, found: re.Match[str]) -> bool:
    return _LIVES.search(text[max(0, found.start() - BEFORE) : found.start()]) is not None


def _is_english(text: str, found: re.Match[str]) -> bool:
    """A number and a street without a town: not a year, and of a kind that is surely a street."""
    before = text[max(0, found.start() - BEFORE) : found.start()]
    number = int(re.match(r"\d+", found["number"])[0])  # type: ignore[index]
    if 1500 <= number <= 2100 and _COUNTS.search(before):
        return False
    if found["sure"]:
        return not re.search(r"\b(?:the|of)\s$", before)
    return _lives(text, found)
