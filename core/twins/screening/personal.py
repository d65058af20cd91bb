"""Personal data in a text: precise, because numbers in ordinary prose are no telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.domain.twins import Personal, PersonalKind
from core.twins.screening.addresses import addresses

REGIONS = ("US", "GB", "DE", "AT", "CH", "FR", "ES", "IT", "NL", "AU", "IE", "IN")
IBAN_LENGTHS = dict(
    zip(
        "AD AE AL AT AZ BA BE BG BH BR CH CR CY CZ DE DK DO EE ES FI FO FR GB GE GI GL GR GT HR HU "
        "IE IL IS IT JO KW KZ LB LI LT LU LV MC MD ME MK MR MT MU NL NO PK PL PS PT QA RO RS SA SE "
        "SI SK SM TN TR UA VG XK".split(),
        (24, 23, 28, 20, 28, 20, 16, 22, 22, 29, 21, 22, 28, 24, 22, 18, 28, 20, 24, 18, 18, 27,
         22, 22, 23, 18, 27, 28, 21, 28, 22, 23, 26, 27, 30, 30, 20, 28, 21, 20, 20, 21, 27, 24,
         22, 19, 27, 31, 30, 18, 15, 24, 28, 29, 25, 29, 24, 22, 24, 24, 19, 24, 27, 24, 26, 29,
         24, 20),
        strict=True,
    )
)  # fmt: skip
CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7]|35)\d{14}|3[47]\d{13}|3[068]\d{12}"
    r"|(?:6011|65\d\d|64[4-9]\d|62\d\d)\d{12,15}"
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[(\[{](?:at|@)[)\]}]\s?)"
    r"[\w-]{1,63}(?:(?:\.|\s?[(\[{](?:dot|punkt|\.)[)\]}]\s?)[\w-]{1,63}){0,4}"
    r"(?:\.|\s?[(\[{](?:dot|punkt|\.)[)\]}]\s?)[^\W\d_]{2,24}(?![\w@])"
)
_AT = re.compile(r"@(?=[\w-]{1,63}[.\s(\[{])|\s?[(\[{](?:at|@)[)\]}](?=\s?[\w-])")
_LOCAL = re.compile(r"[\w.+-]{1,64}\Z")
_NOT_MAIL = (".png", ".jpg", ".gif", ".svg", ".webp")
_DIGITS = re.compile(r"(?<![\w.,/-])\d(?:[ -]?\d){11,18}(?![\w/]|[.,]\d|[ -]\d)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")
_CALL = re.compile(
    r"(?<![\w.,:/=#&%$€£-])(?:(?:\+|\(\+|00)[1-9]|\(?0?[1-9])[\d\s()./–-]{5,22}\d(?![\w%€$£]|[.,]\d)"
)
_HINT = re.compile(
    r"(?:\b(?:tel|telefon\w*|phones?|telephone|call(?: me| us)?|mobile?|mob|cell|handy\w*|fax|fon|"
    r"whats ?app|sms|text(?: me| us)?|ring(?: me| us)?|reach (?:me|us)|dial|hotline|number is|"
    r"nummer(?: ist)?|rufen sie|ruf|móvil|teléfono|llám\w+|téléphone|tél|portable)\b)"
    r"[^\w\n]{0,4}(?:\w{1,12}[^\w\n]{1,3}){0,3}$",
    re.I,
)
_ISBN = re.compile(
    r"\b(?:isbn|issn|ean|doi|order|invoice|rechnung|ref|no|nr|id|§)\b[^\n]{0,12}$", re.I
)
_NO_CARD = re.compile(rf"(?:{_ISBN.pattern})|[A-Z]{{2}}\d\d ?$", re.I)
_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]+\d{1,2}[-/. ]+\d{2,4}"
                  r"(?:[ T,]+\d{1,2}:\d\d.*)?|"
                  r"(?:1[5-9]|20)\d\d\s*[-–/]\s*(?:1[5-9]|20)?\d\d")  # fmt: skip
_MONEY = re.compile(r"\d+\.\d{1,2}")
BEFORE = 40


def personal_data(text: str) -> tuple[Personal, ...]:
    """E-mails, telephone numbers, postal addresses, cards and bank accounts, in order."""
    found: list[Personal] = []
    taken = bytearray(0)
    for kind, spans in (
        ("email", _emails(text)),
        ("account", _accounts(text)),
        ("card", _cards(text)),
        ("address", addresses(text)),
        ("phone", _phones(text)),
    ):
        taken = taken or bytearray(len(text))
        for start, end in spans:
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\x01" * (end - start)
            found.append(_personal(kind, start, end, text))  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda each: each.start))


def _personal(kind: PersonalKind, start: int, end: int, text: str) -> Personal:
    return Personal(kind=kind, start=start, end=end, text=text[start:end])


def _emails(text: str) -> Iterator[tuple[int, int]]:
    for at in _AT.finditer(text):
        before = _LOCAL.search(text, max(0, at.start() - 65), at.start())
        found = _EMAIL.match(text, before.start(), at.end() + 260) if before else None
        if found and found.end() > at.end() and not found[0].lower().endswith(_NOT_MAIL):
            yield found.span()


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    for found in _IBAN.finditer(text):
        plain = found[0].replace(" ", "")
        length = IBAN_LENGTHS.get(plain[:2], 0)
        if length and len(plain) >= length and _is_account(plain[:length]):
            yield found.start(), _place_of(found, length)


def _place_of(found: re.Match[str], count: int) -> int:
    """Where the first ``count`` signs that are no blanks end."""
    seen = 0
    for offset, sign in enumerate(found[0]):
        seen += sign != " "
        if seen == count:
            return found.start() + offset + 1
    return found.end()


def _is_account(plain: str) -> bool:
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _cards(text: str) -> Iterator[tuple[int, int]]:
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        card = CARD.fullmatch(digits) and _luhn(digits)
        if card and not _NO_CARD.search(_before(text, found)):
            yield found.span()


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _before(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - BEFORE) : found.start()]


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for found in _CALL.finditer(text):
        words = found[0]
        for line in re.finditer(r"[^\n]+", words):
            start = found.start() + line.start()
            if _is_phone(line[0].strip(), text[max(0, start - BEFORE) : start]):
                lead = len(line[0]) - len(line[0].lstrip())
                yield start + lead, found.start() + line.end()
                break


def _is_phone(words: str, before: str) -> bool:
    """Whether digits are a telephone number: by its country code, its form, or what precedes it."""
    digits = re.sub(r"\D", "", words)
    if _MONEY.fullmatch(words):
        return False
    if not 7 <= len(digits) <= 15 or _ISBN.search(before) or len(set(digits)) < 3:
        return False
    if words.startswith(("+", "(+", "00")):
        return _valid(f"+{digits[2:]}" if words[0] == "0" else words, None)
    hinted = _HINT.search(before) is not None
    if _DAY.fullmatch(words) and not hinted:
        return False
    if not hinted and not _written_like_one(words):
        return False
    return any(_valid(words, region) for region in REGIONS)


def _written_like_one(words: str) -> bool:
    """A leading zero with groups, or an area code in brackets, or three groups of a US number."""
    groups = re.findall(r"\d+", words)
    if re.fullmatch(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}", words):
        return True
    zero = words.lstrip("(").startswith("0") and len("".join(groups)) >= 9
    return zero and len(groups) >= 2 and len(groups[0]) >= 2


def _valid(words: str, region: str | None) -> bool:
    """Whether somebody could have that number."""
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(words, region))
    except phonenumbers.NumberParseException:
        return False
