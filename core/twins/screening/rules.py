"""All signs that a text speaks to a model instead of to people, and where to look for them."""

from __future__ import annotations

from core.twins.screening.chats import CHATS
from core.twins.screening.english import ASKED, ENGLISH, GAIN, SELLING
from core.twins.screening.languages import FRENCH, GERMAN, MORE, SPANISH
from core.twins.screening.replies import REPLIES
from core.twins.screening.signs import ENOUGH, quick, sign

__all__ = [
    "ANCHORS",
    "ASKED",
    "CHATS",
    "ENOUGH",
    "GAIN",
    "JOINED_ANCHORS",
    "SELLING",
    "SIGNS",
    "SQUEEZED",
]

SIGNS = (*ENGLISH, *REPLIES, *GERMAN, *SPANISH, *FRENCH, *MORE)

SQUEEZED = sign(
    "spread",
    1.0,
    r"(?:ignore|disregard|forget|override)(?:all|any|the|your|these|"
    r"previous|prior|above|earlier)+"
    r"(?:instructions?|rules|prompts?|directives?)|(?:reveal|show|"
    r"print)(?:me)?your(?:system)?prompt|"
    r"youarenow(?:an?)?(?:dan|ai|chatbot|unrestricted)|systemprompt",
)

ANCHORS = quick(
    r"nutzer|\bchat|stop being|you are now|override:|ask (?:\w+ )?for|"
    r"(?:private|confidential|secret|personal) (?:notes?|data|inform|detail|messag|conver|record)|"
    r"comes? up|brought up|(?:is|are|gets?) (?:mentioned|discussed|raised)|"
    r"\bskip\b|your sole|your only|ignor(?!an(?:ce|t))|\bscrap|abandon|delete|"
    r"disregard|forget|overrid|bypass|overrul|dismiss|discard|"
    r"neglect|\berase|set aside|\bcancel|"
    r"not follow|n['’]t follow|stop follow|\bobey|no attention|instruct|"
    r"prompt|\bsystem|assistant|\bais?\b|\bllm|language model|bot\b|"
    r"gpt|twin|<\||<<|\[/?inst|[\"']role|you are now|you['’]re now|"
    r"no longer|act as|act like|pretend|"
    r"role-?play|reveal|output|\bleak|disclos|jailbr|do anything now|"
    r"mode\b|asked|asks|prompted|queried|"
    r"from now on|henceforth|(?<!cor)respond|repl(?:y|ies)|\busers?\b|verbatim|"
    r"https?://|exfiltrat|"
    r"vergiss|vergess|missacht|anweisung|instruktion|\bki\b|gefragt|"
    r"antworte|zeig|verrat|"
    r"olvid|\bomit[ae]|descart|instrucci|pregunt|recomiend|\bia\b|"
    r"ahora eres|oubli|néglig|consigne|"
    r"tu es maintenant|tu es désormais|vous êtes|vous demande|te "
    r"demande|on demande|utilisateur demande|interrog|istruzion|"
    r"instruç|negeer|vergeet|instrukc|"
    r"polece|инструкц|указани|指令|指示|提示|التعليمات|الأوامر|talimat|"
    r"end of (?:the )?(?:doc|con|user|promp|retr|sour|trans|system|dev|adm|hid|new|secr)|"
    r"superse|"
    r"automated|machine|crawler|scraper|summari[sz]er|(?:day|here|now|today) (?:on|forward)|"
    r"starting (?:now|today)|who(?:m?ever| ask| want)|want(?:s|ing)? to know|enquir|brings? up|"
    r"responses?\b|every (?:answer|reply)|answers (?:about|to|on|regarding)|"
    r"ingore|ignroe|igonre|disreguard|fogret|froget|wonders|as of (?:now|today)|software a|"
    r"should (?:any|some)(?:one|body)|artificial|robotic|synthetic|virtual a|"
    r"your (?:reply|answer|role|task|job) (?:must|should|has|from)|"
    r"question (?:touch|concern|is about|relat)|"
    r"(?:correct|right|proper|approved|official|expected|accepted|required) (?:answer|repl)"
)
JOINED_ANCHORS = quick(
    r"ignor(?!an(?:ce|t))|disregard|forget|overrid|instruct|prompt\b|assistant|\bai\b|\bllm|"
    r"language model|chat-?bot|gpt|\btwin|asked about|asks? about|from now on|automated|crawler|"
    r"henceforth|(?:day|here) (?:on|forward)|vergiss|missacht|anweisung|olvid|instrucci|"
    r"oubli|consigne"
)
