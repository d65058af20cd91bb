"""Signs in other languages: the ways in which most of them say the same."""

from __future__ import annotations

from core.twins.screening.signs import GAP, SEP, sign

GERMAN = (
    sign(
        "persona",
        1.0,
        rf"\b(?:ab sofort|ab jetzt|von nun an|jetzt) (?:bist du|sind sie){SEP}{GAP}{{0,3}}?"
        r"(?:ki\b|ki-\w+|chat-?bot|bot\b|sprachmodell|uneingeschränkt\w*|ungefiltert\w*)",
    ),
    sign(
        "override",
        1.0,
        rf"\b(?:ignorier\w*|vergiss|vergesst|vergessen sie|missacht\w*|verwirf|"
        rf"verwerfen sie|übergeh\w*|überschreib\w*){SEP}{GAP}{{0,4}}?(?:vorherig\w*|"
        r"bisherig\w*|"
        r"obig\w*|früher\w*|vorangehend\w*|vorangegangen\w*|vorig\w*|"
        r"ursprünglich\w*|vorstehend\w*)"
        rf"{SEP}{GAP}{{0,3}}?(?:anweisung\w*|instruktion\w*|befehl\w*|"
        r"vorgaben|prompts?|regeln)\b",
    ),
    sign(
        "override",
        0.8,
        rf"\b(?:ignorier\w*|vergiss|vergesst|vergessen sie|missacht\w*){SEP}"
        rf"{GAP}{{0,3}}?(?:alle\w*|deine\w*|ihre\w*){SEP}{GAP}{{0,2}}?(?:anweisung\w*|"
        r"instruktion\w*|"
        r"systemanweisung\w*|systemprompts?)\b",
    ),
    sign(
        "reveal",
        1.0,
        rf"\b(?:zeig\w*|verrat\w*|nenn\w*|gib|geben sie|offenbar\w*|wiederhol\w*|"
        rf"druck\w*|veröffentlich\w*){SEP}{GAP}{{0,4}}?(?:system-?prompts?|"
        r"systemanweisung\w*|"
        r"systemnachricht\w*|deine\w* (?:\w+ )?(?:prompts?|systemanweisungen|"
        r"anweisungen wörtlich))\b",
    ),
    sign(
        "persona",
        1.0,
        rf"\b(?:du bist|sie sind|ihr seid) (?:jetzt|nun|ab jetzt|ab sofort|"
        rf"von nun an|nicht mehr){SEP}{GAP}{{0,3}}?(?:ki\b|ki-\w+|chat-?bot|"
        r"bot\b|sprachmodell|"
        r"uneingeschränkt\w*|ungefiltert\w*|unzensiert\w*)",
    ),
    sign(
        "address",
        0.8,
        r"\b(?:hinweis|nachricht|anweisung|achtung|mitteilung)\w*\W{1,3}(?:an|für)\s+"
        r"(?:die |das |den |alle |jede )?(?:ki\b|ki-\w+|sprachmodell\w*|"
        r"assistent\w*|chat-?bots?|"
        r"zwilling\w*|modelle?)",
    ),
    sign(
        "steer",
        1.0,
        r"\bwenn\s+(?:du|jemand|man|sie|(?:der |ein |die )?(?:nutzer|"
        r"kunden?|benutzer)\w*)"
        r"\s+(?:dich\s+|sie\s+)?(?:nach|zu|über|um)\b[^.!?\n]{0,90}?(?:gefragt "
        r"(?:wirst|wird|werden)|"
        r"fragt|fragen|gebeten wirst)\b[^.!?\n]{0,30}?,\s*(?:dann\s+)"
        r"?(?:antworte\w*|sage?n?|"
        r"empfiehl|empfehle\w*|behaupte\w*|erkläre?|verweise?n?|nenne\w*)"
        r"\s+(?:sie\s+)?"
        r"(?:immer|stets|nur|ausschließlich|jedes mal)\b",
    ),
    sign(
        "answer so",
        0.6,
        r"\b(?:antworte|antworten sie|sag|sage)\W{1,3}(?:ab jetzt|ab sofort|"
        r"von nun an|nur noch|ausschließlich)\b",
    ),
    sign("from now on", 0.3, r"\b(?:ab jetzt|ab sofort|von nun an)\b"),
)
SPANISH = (
    sign(
        "override",
        0.7,
        rf"\b(?:ignora|ignore|olvida|olvide|descarta|descarte){SEP}(?:todas? )?(?:tus|sus|las)"
        rf"{SEP}{GAP}{{0,1}}?(?:instrucciones|directrices|reglas|indicaciones)\b",
    ),
    sign("no limits", 0.4, r"\bsin (?:restricciones|filtros|l[ií]mites|censura)\b"),
    sign(
        "override",
        1.0,
        rf"\b(?:ignora|ignore|ignorad|ignoren|olvida|olvide|olvidad|omite|omita|"
        rf"descarta|descarte|desobedece|no sigas|haz caso omiso de){SEP}{GAP}{{0,4}}?"
        r"(?:instrucci[oó]n\w*|indicaci[oó]n\w*|[oó]rdenes|directrices|"
        rf"prompts?){SEP}{GAP}{{0,2}}?"
        r"(?:anterior\w*|previ[ao]s?|precedentes?|de arriba|del sistema|"
        r"originales|iniciales)\b",
    ),
    sign(
        "reveal",
        1.0,
        rf"\b(?:revela|revele|muestra|muestre|imprime|dime|d[ií]game|repite|repita)"
        rf"{SEP}{GAP}{{0,3}}?(?:tus?|sus?|las?|el|los){SEP}{GAP}{{0,2}}?(?:prompts?|"
        r"instrucciones "
        r"(?:del sistema|internas|ocultas|iniciales)|mensaje del sistema)\b",
    ),
    sign(
        "persona",
        1.0,
        rf"\b(?:ahora eres|a partir de ahora eres|ya no eres|ahora es usted){SEP}"
        rf"{GAP}{{0,3}}?(?:ia\b|chat-?bot|bot\b|modelo de lenguaje|asistente|"
        r"sin restricciones)",
    ),
    sign(
        "address",
        0.8,
        r"\b(?:nota|mensaje|atenci[oó]n|instrucci[oó]n\w*|aviso)\W{1,3}(?:para|a)\s+"
        r"(?:la |el |los |las |cualquier )?(?:ia\b|asistentes?|chat-?bots?|"
        r"modelos?|inteligencia artificial)",
    ),
    sign(
        "steer",
        1.0,
        r"\b(?:cuando|si)\s+(?:te|le|alguien|un usuario|el usuario|los "
        r"usuarios|se te)\s+"
        r"(?:te\s+|le\s+)?(?:pregunt\w+|consult\w+)\s+(?:por|sobre|acerca|"
        r"de)\b[^.!?\n]{0,90}?"
        r"(?:responde|responda|di|diga|recomienda|recomiende|contesta|"
        r"conteste|afirma)\W{1,3}"
        r"(?:siempre|solo|sólo|únicamente)\b",
    ),
    sign(
        "steer",
        1.0,
        r"\b(?:cuando|si)\s+(?:te|le|alguien|un usuario|el usuario|los "
        r"usuarios|se te)\s+"
        r"(?:te\s+|le\s+)?(?:pregunt\w+|consult\w+)\s+(?:por|sobre|acerca|"
        r"de)\b[^.!?\n]{0,90}?"
        r"\bsiempre\W{1,3}(?:responde|responda|di\b|diga|recomienda|"
        r"recomiende|contesta|conteste)",
    ),
)
FRENCH = (
    sign(
        "override",
        0.7,
        rf"\b(?:ignore[zr]?|oublie[zr]?){SEP}(?:toutes? )?(?:tes|vos|les){SEP}{GAP}{{0,1}}?"
        r"(?:instructions|consignes|directives|règles)\b",
    ),
    sign("no limits", 0.4, r"\bsans (?:restrictions?|filtres?|limites?|censure)\b"),
    sign(
        "override",
        1.0,
        rf"\b(?:ignore[zr]?|oublie[zr]?|néglige[zr]?|ne (?:tiens|tenez) (?:pas|plus)"
        rf" compte|fai(?:s|tes) abstraction){SEP}{GAP}{{0,5}}?(?:instructions?|"
        r"consignes?|directives?|"
        rf"prompts?){SEP}{GAP}{{0,2}}?(?:précédent\w*|antérieur\w*|ci-dessus|"
        r"préalables?|"
        r"du système|initiales?|reçues)",
    ),
    sign(
        "reveal",
        1.0,
        rf"\b(?:révèle[zr]?|montre[zr]?|affiche[zr]?|répète[zr]?|dévoile[zr]?|"
        rf"donne[zr]?){SEP}{GAP}{{0,3}}?(?:ton|ta|tes|votre|vos|les?|"
        rf"la){SEP}{GAP}{{0,2}}?"
        r"(?:prompts?|invite système|instructions (?:système|internes|"
        r"cachées|initiales)|"
        r"message système)\b",
    ),
    sign(
        "persona",
        1.0,
        rf"\b(?:tu es|vous êtes) (?:maintenant|désormais|à présent){SEP}{GAP}{{0,3}}?"
        r"(?:ia\b|chat-?bot|bot\b|modèle de langage|assistant\w*|sans restrictions?)",
    ),
    sign(
        "address",
        0.8,
        r"\b(?:note|message|attention|instructions?|avis)\W{1,3}(?:pour|à)\s+"
        r"(?:l['’]|la |le |les |toute? )?(?:ia\b|assistants?|chat-?bots?|modèles?|"
        r"intelligence artificielle)",
    ),
    sign(
        "steer",
        1.0,
        r"\b(?:quand|lorsque?|si)\W{1,2}(?:on |quelqu['’]un |un utilisateur |"
        r"l['’]utilisateur |tu es |vous êtes )(?:te |vous )?(?:demande|"
        r"interrogée?|pose)\b"
        r"[^.!?\n]{0,110}?(?:réponds|répondez|dis|dites|recommande[zr]?|"
        r"affirme[zr]?)\W{1,3}"
        r"(?:toujours|uniquement|seulement|systématiquement)\b",
    ),
)
MORE = (
    sign(
        "override",
        1.0,
        rf"\b(?:ignora|ignorare|ignorate|dimentica|dimenticate|trascura){SEP}"
        rf"{GAP}{{0,4}}?(?:istruzioni|direttive|prompt){SEP}{GAP}{{0,2}}?(?:precedent\w*|"
        r"anterior\w*|sopra|del sistema)",
    ),
    sign(
        "override",
        1.0,
        rf"\b(?:ignore|ignora|esqueça|esquece|desconsidere){SEP}{GAP}{{0,4}}?"
        rf"(?:instruç(?:ões|ão)|ordens|prompts?){SEP}{GAP}{{0,2}}?(?:anterior\w*|"
        r"prévi\w*|acima)",
    ),
    sign(
        "override",
        1.0,
        rf"\b(?:negeer|vergeet){SEP}{GAP}{{0,4}}?(?:vorige|eerdere|voorgaande|"
        rf"bovenstaande|alle){SEP}{GAP}{{0,3}}?(?:instructies|opdrachten|"
        r"aanwijzingen|prompts?)",
    ),
    sign(
        "override",
        1.0,
        rf"\b(?:zignoruj\w*|ignoruj\w*|zapomnij\w*){SEP}{GAP}{{0,4}}?"
        rf"(?:poprzedni\w*|wcześniejsz\w*|powyższ\w*|wszystki\w*){SEP}{GAP}{{0,3}}?"
        r"(?:instrukcj\w*|polece\w*)",
    ),
    sign(
        "override",
        1.0,
        rf"\b(?:про)?(?:игнорируй\w*|забудь\w*){SEP}{GAP}{{0,4}}?"
        rf"(?:предыдущ\w*|прежн\w*|вс[её]\w*|вышеуказанн\w*){SEP}{GAP}{{0,3}}?"
        r"(?:инструкци\w*|указани\w*|команд\w*)",
    ),
    sign(
        "override",
        1.0,
        r"(?:忽略|无视|無視|忘记|忘記|忽視)[^。\n]{0,14}(?:指令|指示|提示词|提示|说明|說明)",
    ),
    sign(
        "override",
        1.0,
        r"(?:以前|これまで|上記|前)の?[^。\n]{0,10}(?:指示|命令|指令)[^。\n]{0,6}(?:無視|忘れ)",
    ),
    sign("override", 1.0, r"تجاهل[^.\n]{0,24}(?:التعليمات|الأوامر)"),
    sign(
        "override",
        1.0,
        r"(?:önceki|yukarıdaki|tüm)[^.\n]{0,24}talimat\w*[^.\n]{0,12}"
        r"(?:yoksay|unut|görmezden)",
    ),
)
