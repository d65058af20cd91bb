"""Signs in English."""

from __future__ import annotations

import re

from core.twins.screening.signs import BEFORE, DROP, GAP, MODEL, ORDERS, SEP, sign

ENGLISH = (
    sign(
        "override",
        1.0,
        r"\byour (?:system )?(?:instructions|prompt|rules|directives) (?:has|have|was|"
        r"were|are) "
        r"(?:now )?(?:been )?(?:now )?"
        r"(?:changed|updated|replaced|overwritten|cancell?ed|revoked)\b",
    ),
    sign(
        "override",
        1.0,
        rf"\b{DROP}{SEP}{GAP}{{0,2}}?(?:previous|prior|preceding|above|earlier|system|safety) "
        r"guidance\b",
    ),
    sign(
        "address",
        0.8,
        r"\b(?:whichever|whatever|any|every|to the) (?:ai|llm|language model|chat-?bot|"
        r"bot|model) (?:that |which )?(?:reads?|ingests?|process(?:es)?|"
        r"sees?|summari[sz]es?) (?:this|these|it)\b",
    ),
    sign("colon to a model", 0.3, r"\b(?:ai|llm|model|bot)\b[^.!?\n]{0,40}(?:this|it|these)\s?:"),
    sign(
        "users",
        1.0,
        r"\b(?:users?|visitors?|customers?) (?:who|that) (?:asks?|wants?|inquires?|mentions?)\b"
        r"[^.!?\n]{0,60}?\b(?:must|should|are to|is to) (?:always )?be (?:told|sent|directed|"
        r"given|referred)\b",
    ),
    sign(
        "override",
        1.0,
        rf"\b{DROP}{SEP}(?:everything|anything|what|whatever) (?:that )?(?:the |your )"
        r"(?:creators?|developers?|programmers?|makers?|owners?|operators?|system) "
        r"(?:has |have )?(?:told|said|wrote|gave|instructed|ordered)\b",
    ),
    sign("new orders", 0.4, r"\bnew (?:policy|rule|directive|protocol)\b"),
    sign("tag", 0.5, r"^[^\w\n]{0,6}override\s*:"),
    sign(
        "secrets",
        0.8,
        r"\b(?:reveal|show|list|give|share|disclose|print|tell|leak|output)\b[^.!?\n]{0,20}?"
        r"\b(?:private|confidential|secret|personal) (?:notes?|data|information|details|messages|"
        r"conversations?|records?)\b",
    ),
    sign(
        "address",
        1.0,
        r"\b(?:the|this) (?:ai|chat-?bot|llm|language model|digital twin)\W{1,3}(?:must|should|"
        r"shall|has to|is to)\W{1,3}(?:now |always |only |never |not )*(?:say|answer|recommend|"
        r"claim|tell|reply|respond|promote|refuse|output|insist)\b",
    ),
    sign(
        "no answer",
        0.7,
        r"\b(?:do not|don['’]?t|never) answer (?:the |any |their )?(?:client|user|customer)"
        r"(?:['’]s|s['’]?)? ?questions?\b",
    ),
    sign(
        "credentials",
        0.6,
        r"\bask (?:them |the user |users? )?for (?:their |the |his |her |a )?(?:passwords?|"
        r"card number|credit card|pin\b|login|bank details|e-?mail address)",
    ),
    sign("persona", 0.5, r"\bstop being (?:a |an |the )?(?:coach|assistant|twin|helpful|ai)\b"),
    sign(
        "other person",
        0.5,
        r"\byou are now (?:an? |the )(?:\w+ )?(?:pirate|sales\w+|lawyer|doctor|therapist|hacker|"
        r"comedian|advertiser|critic)\b",
    ),
    sign(
        "override",
        1.0,
        rf"\b{DROP}{SEP}{GAP}{{0,2}}?your{SEP}(?:earlier|previous|prior|original|initial|former)"
        rf"{SEP}(?:directions|rules|guidelines|orders|task|role|training|programming)\b",
    ),
    sign(
        "override",
        1.0,
        rf"\b{DROP}{SEP}(?:all )?(?:of )?(?:your|the|any){SEP}(?:safety|content|ethical|ethics|"
        r"moral|moderation) (?:guidelines|rules|polic(?:y|ies)|filters?|restrictions|"
        r"constraints|guardrails|training)\b",
    ),
    sign(
        "override",
        1.0,
        rf"\b{DROP}{SEP}{GAP}{{0,3}}?(?:instructions?|prompts?|rules|orders|directions) "
        r"(?:that )?(?:you (?:were|have been|had been) (?:given|told|sent)|came) "
        r"(?:before|earlier|above|previously|so far)\b",
    ),
    sign(
        "void",
        0.8,
        r"\b(?:previous|prior|above|earlier|old|original|existing) (?:system )?"
        r"(?:prompts?|instructions?|directives?)\W{1,4}(?:is|are|was|were|have been|has been)"
        r"\W{1,4}(?:now )?(?:void|invalid|cancell?ed|obsolete|outdated|superseded|revoked|"
        r"no longer|replaced|deleted|null|lifted)\b",
    ),
    sign(
        "address",
        1.0,
        r"(?:^|<!--|[\[({*>#]|[.!?])[^\w\n]{0,4}(?:(?:dear|hey|attention|note|notice|hi|hello),? )?"
        r"(?:to )?(?:the |any |all )?(?:ais?|llms?|(?:large )?language models?|chat-?bots?|chatgpt|"
        r"claude|gemini|copilot|ai (?:assistants?|models?|agents?|systems?|twins?))\s?[:,—]\s*"
        r"(?:please |you |always |never |when |if |do |don['’]?t |in |"
        r"from |only |tell|say|answer|ignore|respond|reply|reveal|output|print|skip|"
        r"forget|disregard|recommend|write|include|add|treat|summari)",
    ),
    sign(
        "address",
        1.0,
        r"(?:^|<!--|[\[({*>#]|[.!?])[^\w\n]{0,4}(?:assistant|twin|bot|model)\s?[,:]\s*(?:please )?"
        r"(?:ignore|forget|disregard|reveal|output|print|skip|respond|reply|recommend|override)\b",
    ),
    sign(
        "address",
        0.7,
        rf"\b{MODEL} (?:that|which|who) (?:reads?|sees?|finds?|process(?:es)?|is reading|"
        r"receives?|ingests?)\b",
    ),
    sign(
        "new orders",
        0.6,
        r"\b(?:new|updated|revised|special) rules? (?:for|to) (?:the |all )?"
        r"(?:ai|twin|bot|chat-?bot|assistant|model)s?\b",
    ),
    sign(
        "persona",
        0.7,
        r"\byou are (?:[\w-]+, )?an? (?:[\w-]+ ){0,2}?(?:ai\b|chat-?bot|language model|llm\b)",
    ),
    sign(
        "persona", 0.5, r"\b(?:your|the) (?:sole|only|new|actual|real) (?:job|task|goal|role) is "
    ),
    sign(
        "reveal",
        1.0,
        r"\b(?:what|which) (?:is|are|was|were) your (?:exact |full |complete )?(?:system|initial|"
        r"original|hidden|secret) (?:prompt|instructions?|message)",
    ),
    sign(
        "reveal",
        0.7,
        r"\b(?:translate|repeat|output|print|summari[sz]e|copy|rephrase|paste|encode)\W{1,4}"
        r"(?:all )?(?:of )?(?:the |your )?(?:above|previous|preceding|prior) "
        r"(?:instructions?|prompts?|text|conversation|messages?)\b",
    ),
    sign(
        "topic",
        0.7,
        r"\b(?:when(?:ever)?|if|every time|each time)\b[^.!?\n]{0,80}?\b(?:comes? up|"
        r"(?:is|are|gets?) (?:mentioned|discussed|raised|brought up)|appears?)\b[^.!?\n]{0,20}?"
        r"\b(?:always|only|never|you must) (?:answer|say|recommend|reply|respond|promote|"
        r"mention|praise|claim|tell|suggest|insist|direct|link)\b",
    ),
    sign("selling", 0.3, r"\b(?:always|only) (?:recommend|promote|praise|endorse|advertise)\b"),
    sign(
        "all answers",
        0.7,
        r"\b(?:in|to|at the (?:end|start|beginning) of) (?:all|every|each)(?: of)? (?:your )?"
        r"(?:responses?|answers?|repl(?:y|ies)|outputs?)\W{1,3}(?:you must |always )?"
        r"(?:include|add|mention|insert|recommend|append|write|link|advertise|promote)\b",
    ),
    sign(
        "every message",
        0.4,
        r"\b(?:respond|reply|answer) (?:to )?(?:all|every|any|each) (?:user )?(?:questions?|"
        r"messages?|prompts?|quer(?:y|ies)|inputs?|requests?)\b",
    ),
    sign(
        "answer so",
        0.6,
        r"\b(?:respond|reply|answer|output)\b[^.!?\n]{0,40}\bwith (?:nothing but|only the|exactly|"
        r"just the (?:word|phrase|text))\b",
    ),
    sign(
        "answer so",
        0.6,
        r"\b(?:output|print) (?:only |exactly |just )?(?:the )?(?:word|phrase|"
        r"text|string|following|token)\b",
    ),
    sign(
        "override",
        1.0,
        rf"\b{DROP}{SEP}{GAP}{{0,4}}?{BEFORE}{SEP}{GAP}{{0,3}}?"
        r"(?:instructions?|directives?|prompts?|system messages?)\b",
    ),
    sign(
        "override",
        1.0,
        rf"\b{DROP}{SEP}{GAP}{{0,4}}?(?:instructions?|prompts?|messages?) "
        r"(?:(?:that )?(?:you (?:were|have been|got)|(?:were|are|was) given) )?"
        r"(?:above|before (?:this|now)|so far|(?:that )?came before|"
        r"up to (?:now|this point))\b",
    ),
    sign(
        "override",
        0.8,
        rf"\b{DROP}{SEP}(?:all|any|every|your|these|those|the|other){SEP}"
        rf"{GAP}{{0,2}}?{ORDERS}\b",
    ),
    sign(
        "override",
        0.6,
        rf"\b{DROP}{SEP}{GAP}{{0,3}}?(?:{BEFORE}|all|any|your){SEP}{GAP}{{0,2}}?"
        r"(?:guidelines|guardrails|context|rules|commands?|constraints|"
        r"restrictions|polic(?:y|ies)|"
        r"training|messages?|content)\b",
    ),
    sign(
        "override",
        0.6,
        rf"\b{DROP}{SEP}(?:everything|anything|all|what){SEP}{GAP}{{0,3}}?"
        r"(?:above|told|said|before|instructed|up to now)\b",
    ),
    sign(
        "supersedes",
        0.8,
        r"\b(?:this|these|the following)\W{1,4}(?:\w+\W{1,4}){0,2}?"
        r"(?:instructions?|message|prompt|text|note|directives?)\W{1,4}(?:will "
        r"|shall |must )?"
        r"(?:overrid|supersed|replac|tak\w+ (?:precedence|priority))",
    ),
    sign(
        "new orders",
        0.6,
        r"\b(?:new|updated|revised|actual|hidden|secret|additional|priority)\s+"
        r"(?:system |developer |admin )?(?:instructions?|prompt|directives?|"
        r"orders)\s*"
        r"(?::|are\b|follow|from\b|begin)",
    ),
    sign(
        "tag",
        1.0,
        r"<\|[a-z_]{3,30}\|>|\[/?inst\]|<</?sys>>|</?(?:system|system[_-]prompt|"
        r"instructions?|assistant|user_query)>|[\"']role[\"']\s*:\s*[\"']system[\"']",
    ),
    sign(
        "tag",
        1.0,
        r"\b(?:begin|start|end)\s+(?:of\s+)?(?:the\s+)?(?:new |hidden "
        r"|secret |admin )?"
        r"(?:system|developer|admin)\s+(?:prompt|instructions?|message|override)\b",
    ),
    sign(
        "tag",
        0.9,
        r"[\[({]\s*(?:system|admin|developer)\b[^\])}\n]{0,40}[\])}]|"
        r"\bsystem (?:prompt|message|override|instructions?|command|"
        r"note|notice)\s*[:\]]",
    ),
    sign("tag", 0.6, r"^[^\w\n]{0,6}(?:system|assistant|developer|ai)\s*:\s"),
    sign(
        "tag",
        1.0,
        r"^[^\w\n]{0,6}(?:system|developer)\s*:\s*(?:you|always|never|"
        r"ignore|do not|from)\b",
    ),
    sign("tag", 0.5, r"^[ \t]*#{2,4}\s*(?:system|new instructions?|instructions?|response)\b\W*$"),
    sign(
        "end of content",
        0.6,
        r"\bend of (?:the )?(?:document|context|content|user input|prompt|"
        r"retrieved|source|transcript)\b",
    ),
    sign(
        "persona",
        1.0,
        r"\byou(?:['’]re| are| will be| become) (?:now|henceforth|from now on|"
        rf"no longer){SEP}(?:in\s+|an?\s+|the\s+|called\s+)?{GAP}{{0,3}}?(?:dan\b|"
        r"ais?\b|llm\b|"
        r"(?<!role )(?<!role-)language model|chat-?bot|jailbroken|uncensored|"
        r"unfiltered|"
        r"developer mode|debug mode|god mode|admin mode|evil)",
    ),
    sign(
        "persona",
        0.7,
        r"\byou(?:['’]re| are) (?:now|no longer)\W{1,4}(?:bound by (?:any|your|the)"
        r" (?:rules|guidelines|restrictions|instructions|polic)|an? "
        r"(?:unrestricted|sales|marketing|"
        r"helpful|different|new) |an assistant|the assistant)",
    ),
    sign(
        "persona",
        0.8,
        r"\b(?:act (?:as|like)|pretend (?:to be|you(?:['’]re| are)|that you are)|"
        r"role-?play as|behave (?:as|like)|impersonate|simulate|switch "
        r"(?:in)?to)\W{1,4}"
        rf"{GAP}{{0,4}}?(?:ais?\b|llm\b|chat-?bot|language model|unrestricted|"
        r"unfiltered|uncensored|"
        r"dan\b|developer mode|no (?:rules|restrictions|filters|guidelines)|"
        r"without (?:any )?(?:rules|restrictions|filters|guidelines))",
    ),
    sign(
        "persona",
        0.4,
        r"\b(?:your (?:new|true|real|only|sole) (?:identity|persona|role|name|task|"
        r"goal|objective|purpose|mission) is\b|drop (?:the|your) persona|"
        r"break character|"
        r"you (?:will|must|shall) (?:now )?(?:act|behave|speak|respond|"
        r"answer|reply) (?:as|like|only))",
    ),
    sign(
        "jailbreak",
        0.6,
        r"\bjailbr(?:eak|oken)|\bdo anything now\b|\b(?:developer|god|dan|admin|"
        r"sudo|debug) mode\b|\bprompt injection\b",
    ),
    sign(
        "reveal",
        1.0,
        rf"\b(?:reveal|print|output|leak|disclose|expose|dump|recite){SEP}"
        rf"{GAP}{{0,7}}?your{SEP}{GAP}{{0,2}}?(?:prompts?|system message|"
        r"configuration)\b",
    ),
    sign(
        "reveal",
        1.0,
        r"\b(?:reveal|print|output|leak|disclose|expose|dump|recite|show|repeat|tell|"
        rf"display|give|share|write|send|quote|paste|summari[sz]e){SEP}{GAP}{{0,6}}?(?:system|"
        r"hidden|"
        rf"initial|developer|internal|secret|confidential|original){SEP}{GAP}{{0,2}}?"
        r"(?:prompts?|instructions?|message)\b",
    ),
    sign(
        "reveal",
        0.8,
        r"\b(?:reveal|print|output|leak|disclose|expose|dump|recite|repeat|show|"
        rf"display){SEP}{GAP}{{0,3}}?your{SEP}(?:prompts?|instructions|"
        r"guidelines|training data|"
        r"rules|knowledge base)\b",
    ),
    sign(
        "secrets",
        0.6,
        r"\b(?:api keys?|access tokens?|credentials|environment variables|"
        r"training data|knowledge base|vector (?:store|database)|context window)\b",
    ),
    sign("system prompt", 0.5, r"\bsystem (?:prompt|message|instructions?)s?\b"),
    sign(
        "repeat",
        0.4,
        r"\b(?:everything|all (?:the )?text|the (?:text|words|message)) above\b|"
        r"\bword for word\b|\bverbatim\b",
    ),
    sign(
        "address",
        1.0,
        r"\b(?:note|message|attention|instructions?|notice|memo)s?\W{1,3}(?:to|for) "
        r"(?:the |an |any |all )?(?:ais?|llms?|(?:large )?language models?|"
        r"chat-?bots?|twin)\s*[:—–]",
    ),
    sign(
        "address",
        0.8,
        r"\b(?:note|message|attention|instructions?|notice|memo|hint|directives?|"
        rf"reminder|command)s?\W{{1,3}}(?:to|for|,)?\W{{0,3}}{MODEL}",
    ),
    sign("address", 0.8, rf"\b(?:dear|hey|hello|hi|attention)\W{{1,3}}{MODEL}"),
    sign(
        "address",
        0.8,
        r"\b(?:if|as|since|because|when) you(?:['’]re| are)\W{1,4}"
        r"(?:an?\s+)(?:\w+\s+){0,2}?(?:ai|llm|language model|chat-?bot|bot)\b",
    ),
    sign(
        "address",
        0.5,
        rf"\b{MODEL}\W{{1,3}}(?:that |which |who |are |is )?(?:must|shall|"
        r"read(?:s|ing)"
        r"|process(?:es|ing)|index(?:es|ing)|summari[sz](?:es|ing)|trained|"
        r"ingest(?:s|ing))\b",
    ),
    sign(
        "address",
        0.8,
        r"\b(?:the |this |your )?(?:twin|ai|chat-?bot|llm|language model|"
        r"model|bot)\W{1,3}"
        r"(?:will|must|should|shall|has to|is to|needs to)\W{1,3}(?:now "
        r"|always |only |never |not )*"
        r"(?:say|answer|recommend|claim|tell|reply|respond|promote|refuse|"
        r"output|mention|insist)\b",
    ),
    sign("as a model", 0.4, r"\bas an? (?:ai\b|(?:large )?language model|chat-?bot|ai assistant)"),
    sign(
        "from now on",
        0.3,
        r"\b(?:from now on|from this point (?:on|forward)|henceforth|starting now|"
        r"for the rest of (?:this|the) (?:conversation|chat|session))\b",
    ),
    sign(
        "answer so",
        0.5,
        r"\b(?:respond|reply|answer|output)\W{1,3}(?:to (?:all|every|any|each) "
        r"(?:questions?|messages?|prompts?|quer(?:y|ies)) )?(?:only "
        r"|exclusively |solely |always )?"
        r"(?:with|in|using)\W{1,3}(?:only|exactly|nothing but|the (?:word|"
        r"phrase|text|following|"
        r"sentence)|json|[\"“'‘])",
    ),
    sign(
        "answer so",
        0.6,
        r"\b(?:include|insert|append|add|mention|put|end|finish|begin|start|close|"
        rf"sign){SEP}{GAP}{{0,10}}?(?:every|each|all(?: of)?|all your|"
        r"any|your (?:next|final|first))"
        r"\W{1,3}(?:of your )?(?:answers?|repl(?:y|ies)|responses?|outputs?)\b",
    ),
    sign(
        "answer so",
        0.6,
        r"\b(?:include|insert|append|add)\b[^\n]{0,120}?\b(?:every|each|all|any) "
        r"(?:of your )?(?:answers?|repl(?:y|ies)|responses?|outputs?)\b",
    ),
    sign("link", 0.4, r"\bhttps?://"),
    sign(
        "answer so",
        0.4,
        r"\b(?:in|for|to) (?:every|each|all|any|your (?:next|final|first)) "
        r"(?:answers?|repl(?:y|ies)|responses?|outputs?|quer(?:y|ies)|prompts?)\b",
    ),
    sign(
        "secrecy",
        0.5,
        r"\b(?:do not|don['’]?t|never|without) (?:tell|mention|reveal|disclos|inform|"
        r"let|warn|show|say)\w*\b[^.!?\n]{0,40}\b(?:users?|reader|creator|this "
        r"(?:instruction|message|text|note|prompt)|these instructions|"
        r"that you (?:were|have been|are))\b",
    ),
    sign(
        "users",
        0.6,
        r"\b(?:tell|convince|instruct|ask|inform|urge|direct|send|redirect|persuade|"
        r"encourage|recommend)\W{1,3}(?:the |all |every |each |any |"
        r"to )?(?:the )?users?\b",
    ),
    sign(
        "users",
        0.5,
        r"\b(?:the|any|every|each|a) user\W{1,3}(?:asks?|says?|types?|wants?|sends?|"
        r"requests?|mentions?|is asking)\b|\buser (?:input|query|message|prompt)\b",
    ),
    sign(
        "no limits",
        0.4,
        r"\byou must (?:comply|obey)\b|\b(?:without|no|ignore|remove|disable)\W{1,3}"
        r"(?:any |all |your |the )?(?:(?:safety|content|ethical|moral)"
        r" )?(?:restrictions|filters?|"
        r"guardrails|censorship|safeguards|safety (?:rules|guidelines)"
        r"|polic(?:y|ies))\b",
    ),
    sign(
        "send away",
        0.5,
        rf"\b(?:send|post|forward|exfiltrate|upload|transmit|e-?mail|submit){SEP}"
        rf"{GAP}{{0,10}}?(?:to|at|via){SEP}(?:https?://|www\.|[\w.+-]+@[\w-]+\.)",
    ),
    sign("send away", 0.6, r"!\[[^\]\n]{0,80}\]\(https?://[^)\s]{0,200}[?&][^)\s]{0,200}(?:\{|=)"),
    sign(
        "conversation",
        0.4,
        r"\b(?:conversation|chat) (?:history|log|transcript|context)\b|"
        r"\bprevious messages\b|\b(?:client|user|customer)(?:['’]?s)"
        r"? (?:data|details|messages)\b",
    ),
    sign(
        "tools",
        0.4,
        r"\b(?:call|invoke|execute|run|use)\W{1,3}(?:the |this |a |your "
        r")?(?:[\w.]+ )?"
        r"(?:tool|function|command|plugin|shell|code interpreter|api)\b",
    ),
    sign(
        "authority",
        0.3,
        r"\b(?:this is (?:an? )?(?:important|urgent|critical|official|mandatory) "
        r"(?:instruction|message|update|system)|(?:highest|top|maximum)"
        r" priority|authori[sz]ed by|"
        r"admin(?:istrator)? (?:access|override|command))\b",
    ),
)

ASKED = re.compile(
    r"\b(?:(?:when(?:ever)?|if|every time|any ?time|each time|in case)\s+"
    r"(?:(?P<user>(?:(?:the|a|any|another|your)\s+)?(?:users?|visitors?|"
    r"prompts?)\s+"
    r"(?:asks?|is asking|mentions?|wants?|quer(?:y|ies)|inquires?|brings? up|wonders?))"
    r"|(?P<some>(?:someone|somebody|anyone|anybody|people|they|(?:a "
    r"|your |the )?(?:clients?|person|customers?|readers?|listeners?|followers?|members?|"
    r"prospects?))\s+"
    r"(?:asks?|is asking|mentions?|inquires?|enquires?|wants? to know|brings? up|wonders?|"
    r"(?:has|have) (?:a )?questions?))"
    r"|(?P<you>you(?:['’]re| are|\s+get)\s+(?:ever\s+)?(?:asked|"
    r"questioned|prompted|queried))"
    r"|(?P<bare>(?:ever\s+)?(?:asked|questioned|prompted|queried)))"
    r"|should\s+(?:someone|somebody|anyone|anybody|people)\s+(?:ever\s+)?(?:ask|mention|"
    r"inquire|enquire|want\s+to\s+know|bring\s+up|wonder))\b"
    r"(?P<what>[^.!?\n]{0,140}?)"
    r"(?:[,:;]\s*(?:then\s+)?|(?<!\bi)(?<!\bwe)(?<!\bthey)(?<!people)"
    r"(?<!\bhe)(?<!\bshe)\s+"
    r"(?=always|only|never|you must|you should))"
    r"(?:you (?:must|should|will|shall|need to|are to|have to)\s+|"
    r"please\s+|just\s+|simply\s+)*"
    r"(?P<always>(?:always|only|never|invariably|exclusively|do "
    r"not|don['’]?t)\s+)?"
    r"(?P<verb>answer|say|reply|respond|recommend|tell|claim|mention|"
    r"state|insist|promote|suggest|"
    r"direct|refer|send|give|provide|deny|refuse|output|write|praise|"
    r"link|point|redirect)\b"
    r"(?P<rest>(?:[^.!?\n]|[.](?=\w)){0,160})"
)
SELLING = {"recommend", "promote", "praise", "link", "direct", "refer", "send", "point", "redirect"}
GAIN = re.compile(
    r"https?://|www\.|\+?\d[\d ()/-]{7,}\d|"
    r"\b[a-z0-9-]{2,40}+\.(?:com|net|org|io|shop|store|example|xyz|co)\b|\b(?:buy|purchase|discount|coupon|promo|product|"
    r"brand|sponsor|supplements?|"
    r"crypto|invest|bitcoin|is the best|number one|the only|competitors?|click)\b"
)
