"""Words by which somebody wants a twin to be somebody else, beside what screening knows."""

from __future__ import annotations

import re

_TOLD = (
    r"(?:^|[.!?,;:\n]\s*|\b(?:please|now|just|then|instead|and|to"
    r"|you (?:must|should|shall|will|have to|are to|need to)|(?:can|could|will|would) you"
    r"|i (?:want|need|order|command) you to) )"
)
"""What stands before words that are told to the twin, not asked about."""
_YOU = r"(?:you|your (?:method|methods|programme?|course|coaching|work|advice|book|content))"
_ROLES = (
    r"(?:pirate|robot|person|chat-?bot|machine|child|villain|comedian|coach|character|stranger)"
)
_PATTERNS = (
    # Be somebody else
    rf"{_TOLD}(?:pretend|role-?play|imagine|simulate)\b[^.?!\n]{{0,20}}"
    r"\b(?:to be|being|you are|you['’]re|you were)\b(?! (?:sure|right|with)\b)",
    rf"{_TOLD}(?:pretend|act|behave|role-?play|speak|talk|answer|reply|respond|write)\b"
    r"[^.?!\n]{0,30}\b(?:as (?:if|though) you (?:were|are)|as (?:an?|my|another|the) \w+"
    rf"|like (?:an?|another) (?:\w+ ){{0,2}}{_ROLES}|you are no longer"
    r"|somebody else|someone else|anyone else)",
    rf"{_TOLD}stop being (?:yourself|a coach|the coach|the creator|the twin|a twin)\b",
    rf"{_TOLD}stop being (?-i:[A-Z])\w+",
    r"\byou(?:['’]re| are) (?:now|no longer|from now on|henceforth) "
    r"(?:an?|the|called|named|bound|in|free|(?-i:[A-Z])\w+)\b",
    r"\bfrom now on,? you(?:['’]re| are| will| shall| must|['’]ll)\b",
    r"\blet['’]?s role-?play\b",
    # Have no rules
    rf"{_TOLD}(?:drop|forget|leave|break|abandon|quit|ignore|override|bypass|disable)\b"
    r"(?: (?:the|your|all|any|all your|all the))? (?:act|role|persona|character|rules|guidelines"
    r"|safety|limits|restrictions|filters?|instructions|orders)\b(?! (?:of|for|from|about)\b)",
    r"\b(?:developer|god|admin|sudo|debug|maintenance|jailbreak|dan) mode\b|\bjailbreak\b",
    r"^\s*[\[(<{]{1,2}\s*/?\s*(?:system|admin|developer|root)\b",
    # Show what is behind
    r"\b(?:system|hidden|secret|initial|original) (?:prompt|instructions?)\b|\byour prompt\b",
    rf"{_TOLD}(?:print|repeat|output|reveal|show|recite)\b[^.?!\n]{{0,30}}"
    r"\b(?:above|verbatim|word for word|raw passages|raw text)\b",
    # Speak against the creator, or against people
    rf"{_TOLD}(?:say|repeat|admit|confess|agree|state|write"
    rf"|tell (?:everyone|everybody|people|me))(?: that)? {_YOU}\b[^.?!\n]{{0,60}}"
    r"\b(?:scam|fraud|fake|lie|liar|useless|nonsense|worthless|hoax|rip-?off)\b",
    r"\b(?:insult|swear at|curse) (?:me|us|them)\b",
    # Speak another tongue
    rf"{_TOLD}(?:answer|reply|respond|speak|write|talk)\b[^.?!\n]{{0,20}}\b(?:only|always|just)\b"
    r"[^.?!\n]{0,12}\b(?:in|with|as)\b",
    # The same in other languages
    r"\b(?:tu eres|eres) ahora (?:una?|mi)\b|\b(?:a partir de ahora|desde ahora)[, ]+eres\b",
    r"\bfinge (?:ser|que eres)\b|\bdu bist (?:jetzt|ab jetzt|ab sofort) (?:eine?|mein)\b",
    r"\btu so,? als (?:w[äa]rst|ob)\b|\b(?:spiel|sprich|antworte|rede) (?:wie|als) ein",
    r"\btu es maintenant une?\b|\bfais (?:comme si tu|semblant d['’e])|\bfai finta di\b",
    r"\bfinja (?:ser|que)\b|\bdoe alsof je\b|\b(?:sei|você é) (?:ora|agora) uma?\b",
)
TAKEOVERS = re.compile("|".join(f"(?:{one})" for one in _PATTERNS), re.I)
