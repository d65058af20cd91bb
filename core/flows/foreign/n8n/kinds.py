"""What each kind of n8n node becomes: one list, which the guide is made from as well."""

from __future__ import annotations

from core.flows.foreign.n8n.messages import speaker_of
from core.flows.foreign.n8n.nodes import Node

LANGCHAIN = "@n8n/n8n-nodes-langchain."
THINKERS = ("agent", "chain", "openAi", "anthropic", "googleGemini", "informationExtractor")
CHOOSERS = frozenset({"compareDatasets", "textClassifier", "sentimentAnalysis", "guardrails"})
PASSES: dict[str, str] = {
    "noOp": "It does nothing in n8n either; the way goes on without it.",
    "splitOut": "It makes one item out of each entry of a list; here a person is one item, and "
    "what follows happens once.",
    "itemLists": "It works on lists of items; here a person is one item, and the way goes on.",
    "aggregate": "It gathers items into one; here a person is one item, and the way goes on.",
    "summarize": "It sums items up; here a person is one item, and the way goes on.",
    "limit": "It keeps the first items of a list; here a person is one item, and the way goes on.",
    "sort": "It sorts items; here a person is one item, and the way goes on.",
    "removeDuplicates": "It drops items that came before; here a person comes once.",
    "renameKeys": "It renames fields; the names stay as they are here.",
    "splitInto": "It splits a list; here a person is one item, and the way goes on.",
    "moveBinaryData": "It moves a file's data; files are not carried here.",
    "executionData": "It notes data for n8n's own log; nothing is left of it here.",
    "debugHelper": "It is a help for looking into n8n; nothing is left of it here.",
    "simulate": "It stands in for another node in n8n; the way goes on without it.",
    "evaluation": "It measures runs in n8n; use the flow's own tests here.",
}
"""Nodes that hand on what they were given, and what is said of each."""
BRANCHING = {"if": 2, "filter": 2, "splitInBatches": 2}


def role_of(node: Node) -> str:
    """What a node is for us: a word of ``ROLES``."""
    kind = node.kind
    if node.is_note:
        return "note"
    if node.disabled:
        return "pass"
    if node.is_trigger:
        return "trigger"
    if kind in ("if", "filter", "switch", "set", "wait", "merge", "form"):
        return kind
    if kind == "splitInBatches":
        return "loop"
    if kind == "stopAndError":
        return "end"
    if kind == "respondToWebhook":
        return "respond"
    if speaker_of(node) is not None:
        return "message"
    if _serves(node):
        return "helper"
    if kind in PASSES:
        return "pass"
    if kind in CHOOSERS:
        return "chooser"
    return "answer" if _known(node) else "strange"


def _serves(node: Node) -> bool:
    """Whether it is a model, a memory or a tool of another node."""
    return not any(node.outs) and bool(node.helps or node.kind.endswith("Tool"))


def _known(node: Node) -> bool:
    return node.type.startswith(("n8n-nodes-base.", LANGCHAIN))


ROLES: dict[str, tuple[str, str]] = {
    "trigger": (
        "Triggers: webhook, schedule, form, chat, e-mail, app events",
        "the start; a form asks its questions (check_in), and what a call brings is a webhook step "
        "with a sample where something reads it. Several triggers: a split",
    ),
    "message": (
        "Slack, Discord, Teams, Mattermost, Google Chat, Pushover, ntfy and the like; Gmail, SMTP, "
        "Outlook, SendGrid; Telegram, WhatsApp, Twilio and other SMS; nodes of other makers whose "
        "name is that of a messenger",
        "send_web; send_email; send_telegram, send_whatsapp, send_sms. “Send and wait” adds "
        "wait_for_reply",
    ),
    "if": ("IF", "condition with the true way as a branch, the false way as else"),
    "switch": ("Switch", "condition with one branch for each rule"),
    "filter": ("Filter", "condition; who does not pass it ends"),
    "set": ("Edit Fields (Set)", "set"),
    "wait": (
        "Wait",
        "delay, wait_for_reply where it waits for a call, check_in where it shows a form",
    ),
    "loop": ("Loop Over Items (Split in Batches)", "a counter (set) and a condition"),
    "merge": ("Merge", "no step: the ways that meet come one after the other"),
    "form": ("Form page", "check_in with its questions; its ending: send_web"),
    "respond": ("Respond to Webhook", "send_web where it says words; else no step"),
    "end": ("Stop and Error", "end"),
    "answer": (
        "HTTP Request, Code, apps, AI nodes, sub-workflows",
        "webhook with pinned data as its sample, or a sample with a place for each field that is "
        "read later",
    ),
    "chooser": ("Text Classifier, Compare Datasets and the like", "webhook and split"),
    "helper": ("Models, memories and tools of an agent", "no step: they belong to the agent"),
    "pass": ("No Operation, lists, nodes that are switched off", "no step: the way goes on"),
    "note": ("Sticky notes", "notes on the canvas"),
    "strange": ("Node types of others", "webhook where something reads them, else no step"),
}
"""For the guide: what each role covers, and what it becomes."""
