"""Which nodes speak to people: the messengers that n8n knows, and names that sound like one."""

from __future__ import annotations

import re
from typing import NamedTuple


class Speaks(NamedTuple):
    """How a node type speaks.

    Attributes:
        step: The step type that it becomes.
        texts: The parameters that hold its words, with dots between levels.
        subject: The parameter of its subject line.
        sends: ``resource:operation`` of what sends, as its parameters give it; ``*`` is any, and an
            empty word is what stands where nothing is given.
    """

    step: str
    texts: tuple[str, ...]
    subject: str = ""
    sends: tuple[str, ...] = ("*:*",)


SMS = ("message", "text", "body", "content")
MAIL = (
    *("htmlMessage", "message", "html", "text", "htmlBody", "textBody", "body", "bodyContent"),
    *("contentValue", "htmlContent", "textContent", "htmlPart", "textPart"),
    *("additionalFields.htmlPart", "options.html", "options.text"),
)
CAPTIONS = ("additionalFields.caption", "caption", "mediaCaption", "additionalFields.mediaCaption")
SPEAKERS: dict[str, Speaks] = {
    "slack": Speaks(
        "send_web",
        ("text", "message", "options.initialComment", "initialComment"),
        sends=(
            *("message:", "message:post", "message:postEphemeral", "message:update"),
            *("message:sendAndWait", "file:upload", "file:"),
        ),
    ),
    "discord": Speaks(
        "send_web",
        ("content", "text", "message"),
        sends=("message:", "message:send", "message:sendLegacy", "message:sendAndWait", ":"),
    ),
    "microsoftTeams": Speaks(
        "send_web",
        ("message", "text", "content", "bodyContent", "body.content"),
        sends=("channelMessage:create", "chatMessage:create", "*:sendAndWait", "channelMessage:"),
    ),
    "mattermost": Speaks("send_web", ("message", "text"), sends=("message:", "message:post*")),
    "rocketchat": Speaks("send_web", ("text",), sends=("chat:*", ":*")),
    "googleChat": Speaks(
        "send_web",
        ("messageUi.text", "message", "messageJson"),
        sends=("message:create", "message:", "*:sendAndWait", "message:update"),
    ),
    "matrix": Speaks("send_web", ("text",), sends=("message:create", "message:")),
    "zulip": Speaks("send_web", ("content",), sends=("message:send*", "message:")),
    "line": Speaks("send_web", ("message",)),
    "ciscoWebex": Speaks("send_web", ("text",), sends=("message:create", "message:")),
    "chat": Speaks("send_web", ("message",)),
    "twist": Speaks(
        "send_web", ("content",), sends=("messageConversation:create", "comment:create")
    ),
    "twake": Speaks("send_web", ("content",)),
    "signl4": Speaks("send_web", ("message",), "additionalFields.title", sends=("alert:send",)),
    "spontit": Speaks("send_web", ("content",), sends=("push:create",)),
    "facebookGraphApi": Speaks("send_web", (), sends=()),
    "gmail": Speaks(
        "send_email",
        MAIL,
        "subject",
        sends=(
            *("message:", "message:send", "message:reply", "message:sendAndWait"),
            *("thread:reply", "draft:create", "draft:"),
        ),
    ),
    "emailSend": Speaks("send_email", MAIL, "subject"),
    "sendGrid": Speaks("send_email", MAIL, "subject", sends=("mail:*", ":*")),
    "microsoftOutlook": Speaks(
        "send_email",
        MAIL,
        "subject",
        sends=(
            *("message:send", "message:reply", "message:sendAndWait", "message:"),
            *("draft:create", "draft:send"),
        ),
    ),
    "mailgun": Speaks("send_email", MAIL, "subject"),
    "awsSes": Speaks("send_email", MAIL, "subject", sends=("email:*", ":*")),
    "mailjet": Speaks("send_email", MAIL, "subject", sends=("email:*", ":*")),
    "mandrill": Speaks("send_email", MAIL, "subject"),
    "sendInBlue": Speaks("send_email", MAIL, "subject", sends=("email:send", "email:")),
    "brevo": Speaks("send_email", MAIL, "subject", sends=("email:send", "email:")),
    "postmark": Speaks("send_email", MAIL, "subject"),
    "telegram": Speaks(
        "send_telegram",
        ("text", "message", *CAPTIONS),
        sends=(
            *("message:", "message:sendMessage", "message:sendAndWait", "message:editMessageText"),
            *("message:sendPhoto", "message:sendDocument", "message:sendVideo"),
            *("message:sendAudio", "message:sendAnimation", "message:sendSticker"),
            *("message:sendMediaGroup", "message:sendLocation"),
        ),
    ),
    "whatsApp": Speaks("send_whatsapp", ("textBody", "message", *CAPTIONS), sends=("message:*",)),
    "twilio": Speaks("send_sms", SMS, sends=("sms:*", "call:*")),
    "messageBird": Speaks("send_sms", SMS, sends=("sms:*",)),
    "vonage": Speaks("send_sms", SMS, sends=("sms:*",)),
    "plivo": Speaks("send_sms", SMS, sends=("sms:*", "call:*", "mms:*")),
    "msg91": Speaks("send_sms", SMS, sends=("sms:*",)),
    "mocean": Speaks("send_sms", SMS, sends=("sms:*", "voice:*")),
    "sms77": Speaks("send_sms", SMS, sends=("sms:*", "voice:*")),
    "seven": Speaks("send_sms", SMS, sends=("sms:*", "voice:*")),
    "awsSns": Speaks("send_sms", SMS, "", sends=(":publish", ":")),
    "pushover": Speaks("send_web", ("message",), "title"),
    "pushbullet": Speaks("send_web", ("body",), "title", sends=("push:create", "push:", ":")),
    "gotify": Speaks("send_web", ("message",), "title", sends=("message:create", "message:", ":")),
    "pushcut": Speaks("send_web", ("text", "additionalFields.text"), "title"),
}
"""How each messenger of n8n's becomes a message here."""
FIRST_RESOURCE = {
    **dict.fromkeys(("slack", "gmail", "microsoftOutlook", "telegram", "whatsApp"), "message"),
    **dict.fromkeys(("mattermost", "discord", "googleChat", "matrix", "zulip"), "message"),
    **dict.fromkeys(("ciscoWebex", "gotify"), "message"),
    **dict.fromkeys(("twilio", "messageBird", "vonage", "plivo", "msg91", "sms77"), "sms"),
    **dict.fromkeys(("mocean", "seven"), "sms"),
    **dict.fromkeys(("sendGrid",), "mail"),
    **dict.fromkeys(("awsSes", "mailjet", "sendInBlue", "brevo"), "email"),
    **{"rocketchat": "chat", "pushbullet": "push", "microsoftTeams": "channel"},
}
"""What a node is about where its parameters do not say."""
SOUNDS: tuple[tuple[str, str], ...] = (
    ("send_whatsapp", "whatsapp waha wati evolution zapi whapi uazapi ultramsg"),
    ("send_telegram", "telegram"),
    (
        "send_email",
        "mail email sendgrid mailgun mailjet ses outlook gmail smtp mandrill brevo sendinblue "
        "postmark resend mailersend sparkpost mailtrap loops",
    ),
    (
        "send_sms",
        "sms twilio vonage nexmo messagebird bird plivo msg91 sns clicksend textmagic infobip "
        "sinch mms seven",
    ),
    (
        "send_web",
        "slack discord teams googlechat rocketchat rocket mattermost matrix messenger facebook "
        "line zulip webex pushover pushbullet gotify ntfy signal push pushcut notify notification "
        "viber instagram wechat wecom dingtalk feishu lark threema keybase bark apprise "
        "twist zalo kakaotalk",
    ),
)
"""The steps that messages of other makers' nodes become, told by a word of the type's name."""
QUIET_ABOUT = frozenset(
    "user channel reaction task contact label list folder attachment calendar event member tag "
    "attribute sender callback star userGroup team space group room stream template campaign bot "
    "suppression domain".split()
)
"""What a messenger's node may be about that is no message."""
LOUD = ("", "send", "post", "create", "reply", "publish", "push", "notify", "message", "update")


def sounds_like(type_: str) -> str | None:
    """The step of a node type that is not known, by the words of its name; None for no messenger.

    A short name counts as a word of its own, a long one also within a word.
    """
    package, _, kind = type_.rpartition(".")
    for name in (kind, package.rsplit("/", 1)[-1]):
        apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
        words = re.findall(r"[a-z0-9]+", apart.lower())
        flat = "".join(words)
        for step, names in SOUNDS:
            if any(one in words or (len(one) > 5 and one in flat) for one in names.split()):
                return step
    return None
