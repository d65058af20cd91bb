"""Signs in English of machines that are spoken to, and of rules for what they reply."""

from __future__ import annotations

from core.twins.screening.signs import BEFORE, GAP, MACHINE, SEP, sign

_READS = r"(?:read|process|index|pars|summari[sz]|scann|ingest|see|handl|crawl)\w*"
_ASKS = (
    r"(?:asks?|asking|wants? to know|wanting to know|inquir\w+|enquir\w+|wonders?|"
    r"brings? up|mentions?|has questions?|have questions?)"
)
_WHO = (
    r"(?:whoever|whomever|anyone who|anybody who|everyone who|everybody who|those who|people who|"
    r"(?:when(?:ever)?|if|each time|every time|any time) "
    r"(?:someone|somebody|anyone|anybody|people|they|a (?:client|person|reader|listener)))"
)
_PASSIVE = (
    r"(?:when(?:ever)?|if|each time|every time) (?:you(?:['’]re| are) |it is )?asked (?:about|for)"
)
_MUST = r"(?:must|has to|have to|should|shall|needs? to|is to|are to|will)"
_REPLIES = r"(?:repl(?:y|ies)|answers?|responses?|outputs?)"
_RULED = (
    r"(?:rules?|tasks?|instructions?|orders|polic(?:y|ies)|directives?|objectives?|goals?|"
    r"guidelines|system prompt|default (?:answer|reply|response))"
)
_IS = r"(?:\W{1,3}number \w+)?\W{1,3}(?:is|are|will be|must be|reads?|now)\b"
_OWN = (
    r"(?:ai |digital |creator['’]s )?(?:twin|ais?|chat-?bot|bot|llm|language model)(?:['’]s|s['’])"
)
_ON = r"(?:[^.!?\n]|[.](?=\w))"
_REACH = (
    r"(?:https?://|\+?\d[\d ()/-]{6,}\d|"
    r"\b[a-z0-9-]{2,40}+\.(?:com|net|org|io|shop|store|example|xyz|co)\b)"
)
_ASKED_OF = rf"\b(?:{_WHO} {_ASKS}|{_PASSIVE})\b"
_SUGGEST = (
    r"(?<!\bi )(?<!\bwe )(?<!\bthey )(?<!\bto )\b(?:recommend|promote|mention|suggest|offer|"
    r"link|tell|give|say|advertise|praise|send|name)\b"
)

REPLIES = (
    sign(
        "address",
        0.8,
        r"\b(?:to )?(?:whichever|whatever|any|every|each) (?:machine|software|program|computer|"
        rf"algorithm|{MACHINE})\W{{1,3}}(?:that |which |who )?(?:is |are |may be |will be )?"
        rf"(?:currently |now )?{_READS}",
    ),
    sign(
        "address",
        0.8,
        r"\b(?:note|message|attention|instructions?|notice|memo|hint|directives?|reminder|"
        r"command|dear|hey|hello|hi)s?\W{1,3}(?:to |for )?(?:the |an? |any |all |every |each )*"
        rf"{MACHINE}",
    ),
    sign(
        "address",
        1.0,
        r"(?:^|<!--|[\[({*>#]|[.!?]\s)[^\w\n]{0,4}(?:(?:attention|note|notice|to|for|dear|hey),? )*"
        rf"(?:the |any |all )?(?:gpt(?:-?\d\w?)?|{MACHINE})"
        rf"(?:(?:,| and| or|/| &) ?(?:all |any |other )?(?:{MACHINE}|gpt))*\s?[:,—–]\s*"
        r"(?:please )?(?:add|describe|mark|answer|call|state|claim|mention|promote|link|rate|agree|"
        r"refuse|send|quote|leave|omit|insert|drop|put|use|give|treat|consider|assume|remember|tell|say|ignore|respond|reply|always|"
        r"never|write|recommend|include|you (?:must|should|will|are))\b",
    ),
    sign(
        "address",
        0.7,
        rf"\b(?:as|if|since|because) (?:you(?:['’]re| are) )?(?:an? )?{MACHINE}\b",
    ),
    sign("address", 0.5, rf"\b{MACHINE}\W{{1,3}}(?:that |which )?{_MUST}\b"),
    sign("colon to a model", 0.3, rf"\b{MACHINE}\b[^.!?\n]{{0,50}}\s?:"),
    sign(
        "reads this",
        0.3,
        r"\b(?:when|if|once|as|while) you(?:['’]re| are)? (?:read(?:ing)?|process(?:ing)?|"
        r"index(?:ing)?|summari[sz](?:e|ing)|pars(?:e|ing)|ingest(?:ing)?) (?:this|these)\b",
    ),
    sign("as your own", 0.4, r"\bas your own (?:opinion|words?|view|belief|advice|position)\b"),
    sign(
        "correct reply",
        0.6,
        r"\bthe (?:one |only )?(?:correct|right|proper|approved|official|expected|accepted|"
        rf"required|mandatory|standard|authori[sz]ed) {_REPLIES} (?:to|for|when|if)\b"
        rf"[^.!?\n]{{0,20}}?\b(?:questions?|quer(?:y|ies)|{_ASKS}|asked)\b[^.!?\n]{{0,80}}?\b"
        r"(?:is|are|must be|should be|will be|shall be)\b",
    ),
    sign(
        "quoted reply",
        0.4,
        r"\b(?:repl(?:y|ies)|answers?|responses?)\b[^.!?\n]{0,100}?\b(?:is|are|be|with)\W{0,2}"
        r"[:\"“'‘«]\s?\w",
    ),
    sign(
        "all replies",
        0.6,
        rf"\b(?:every|each|all|any)(?: of)?(?: your)? {_REPLIES}\b[^.!?\n]{{0,50}}?\b{_MUST} "
        r"(?:always |never |only )?(?:end|begin|start|close|finish|include|contain|mention|"
        r"recommend|link|point|be|say)\b",
    ),
    sign(
        "all replies",
        0.7,
        rf"\b{_REPLIES} (?:about|regarding|concerning|on|"
        rf"to (?:any |all )?questions) [^.!?\n]{{1,50}}?\b{_MUST} (?:always |never |only )?"
        r"(?:include|contain|mention|recommend|link|point|say|state|end|name|promote)\b",
    ),
    sign(
        "always so",
        0.3,
        rf"\b{_MUST} (?:always|never|only) (?:include|mention|recommend|link|say|state|end|name|"
        r"promote|contain)\b",
    ),
    sign(
        "answer so",
        0.5,
        r"\b(?:answer|reply|respond)\b[^.!?\n]{0,70}?\bwith (?:the )?(?:(?:exact |following |"
        r"same )*(?:sentence|words?|phrase|line|text|message|statement|link)\b|[\"“'‘«])",
    ),
    sign(
        "answer so",
        0.4,
        r"\b(?:end|begin|start|finish|close) with (?:the )?(?:exact |following )?"
        r"(?:sentence|words?|phrase|line|text|link)\b",
    ),
    sign(
        "from now on",
        0.3,
        r"\b(?:from (?:now|here|today|this (?:day|point|moment|line)) (?:on(?:wards?)?|forward)|"
        r"henceforth|starting (?:now|today|immediately)|as of (?:now|today)|"
        r"effective immediately)\b",
    ),
    sign(
        "every question",
        0.4,
        r"\b(?:respond|reply|answer)(?: to)? (?:all|every|any|each)(?: of the)? (?:\w+ )?"
        r"(?:questions?|quer(?:y|ies)|requests?) (?:about|regarding|concerning|on|related to)\b",
    ),
    sign(
        "orders follow",
        0.4,
        r"\byour (?:new|updated|revised|actual|real|current)(?: and only)? (?:instructions?|"
        r"directives?|orders|rules|system prompt)\W{1,3}(?:is|are)\W{1,3}(?:now |as follows|to\b)",
    ),
    sign(
        "new role",
        0.5,
        r"\byour (?:new )?(?:role|task|job|persona|identity|purpose) (?:from (?:here|now) "
        r"on|henceforth|starting now|as of now)",
    ),
    sign(
        "answer so", 0.4, r"\b(?:answer|respond|reply) (?:only|exclusively|solely) (?:with|in|by)\b"
    ),
    sign(
        "your reply",
        0.5,
        rf"\b(?:your|the|its) {_REPLIES} {_MUST} (?:always |never |only )?(?:contain|include|"
        r"mention|end with|begin with|start with|be exactly|recommend|link)\b",
    ),
    sign(
        "in these words",
        0.4,
        r"\b(?:contain|include|mention|use) the (?:exact |following )?(?:sentence|words?|phrase|"
        r"line|link)\b",
    ),
    sign(
        "a question",
        0.3,
        r"\b(?:when(?:ever)?|if|each time|every time) (?:a|any|the|some) (?:question|query|message|"
        r"prompt|conversation) (?:touch|concern|is about|mention|relate|ask|come|contain|turn)",
    ),
    sign(
        "no reply", 0.3, r"\b(?:never|do not|don['’]?t|refuse to) (?:answer|reply to|respond to)\b"
    ),
    sign("of its maker", 0.3, r"\b(?:about|that) the (?:coach|creator)\b"),
    sign(
        "address",
        1.0,
        r"\b(?:the|this|your) (?:(?:ai|digital) )?(?:twin|ai|chat-?bot|bot|llm|language model) "
        r"(?:is|are) (?:now |hereby |always )?(?:required|obliged|instructed|ordered|told|allowed|"
        r"forbidden|programmed|expected) to (?:always |never |only )?(?:answer|say|reply|respond|"
        r"recommend|tell|mention|refuse|promote|speak|claim)\b",
    ),
    sign(
        "strictly",
        0.5,
        r"\b(?:answer|reply|respond)\b[^.!?\n]{0,60}?\b(?:exclusively|solely|only) with the "
        r"(?:words?|sentence|phrase|text|line)\b",
    ),
    sign(
        "address",
        1.0,
        r"\b(?:the|this) model (?:is|are) (?:now |hereby )?(?:required|obliged|instructed|ordered|"
        r"programmed) to\b",
    ),
    sign("address", 1.0, rf"\b(?:if|since|because) you(?:['’]re| are) (?:an? )?{MACHINE}"),
    sign("must", 0.3, rf"\b{MACHINE}\b[^.!?\n]{{0,60}}?\b(?:must|shall|should|is to)\b"),
    sign("your reply", 0.3, rf"\byour {_REPLIES} to (?:anything|everything|every|any|all)\b"),
    sign("visitors", 0.3, r"\b(?:the|each|every|any|all) (?:users?|visitors?)\b"),
    sign(
        "its rules",
        1.0,
        rf"\b(?:the|this|your|every|our) {_OWN} (?:new|updated|first|only|main|sole|revised) "
        rf"{_RULED}{_IS}",
    ),
    sign("its rules", 1.0, rf"\bthis {_OWN} {_RULED}{_IS}"),
    sign("its rules", 0.7, rf"\b(?:the|your|every|our) {_OWN} {_RULED}{_IS}"),
    sign(
        "its rules",
        0.7,
        rf"\b(?:the|this) assistant['’]s (?:new|updated|only|sole|revised) {_RULED}{_IS}",
    ),
    sign(
        "conduct",
        0.3,
        r"\b(?:promot(?:e|ing)|advertis(?:e|ing)|endors(?:e|ing)|upsell|never refuse\w*|"
        r"agree(?:ing)? with everything|giv(?:e|ing) away|prais(?:e|ing))\b",
    ),
    sign("steer back", 0.6, rf"{_SUGGEST}{_ON}{{0,80}}?{_ASKED_OF}"),
    sign("steer back", 1.0, rf"{_SUGGEST}{_ON}{{0,60}}?{_REACH}{_ON}{{0,60}}?{_ASKED_OF}"),
    sign("steer back", 1.0, rf"{_SUGGEST}{_ON}{{0,60}}?{_ASKED_OF}{_ON}{{0,60}}?{_REACH}"),
    sign(
        "must be told",
        0.7,
        r"\b(?:anyone|anybody|whoever|everyone|everybody|people|those|a person)(?: who)? "
        rf"{_ASKS}\b[^.!?\n]{{0,60}}?\b{_MUST} (?:always )?be (?:told|sent|directed|given|"
        r"referred|pointed)\b",
    ),
    sign("told that", 0.3, r"\bbe (?:told|given|sent|directed|pointed|referred) (?:that|to)\b"),
    sign(
        "override",
        1.0,
        rf"\b(?:ignor[a-z]|ingore|ignroe|igonre|disregrad|disreguard|fogret|froget){SEP}"
        rf"{GAP}{{0,4}}?{BEFORE}{SEP}{GAP}{{0,3}}?(?:instructions?|directives?|prompts?)\b",
    ),
    sign(
        "override",
        1.0,
        r"\b(?:forget|ignore|disregard) (?:everything|anything|all|what|whatever)(?: that)? "
        r"(?:you|was)\b[^.!?\n]{0,40}?\b(?:told|said|given|taught|instructed)\b[^.!?\n]{0,30}?\b"
        r"(?:and|then|instead)\b[^.!?\n]{0,30}?\b(?:tell|inform|assure|convince) (?:the |all |"
        r"your |every )?(?:listeners?|users?|readers?|visitors?|clients?|customers?|whoever|"
        r"anyone who|everyone who)\b",
    ),
    sign("my prompt", 0.8, r"\bmy (?:hidden|system|secret|internal) (?:instructions?|prompt)\b"),
)
