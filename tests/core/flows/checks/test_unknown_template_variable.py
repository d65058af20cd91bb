"""Names in messages that nothing has set."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows.checks.unknown_template_variable import UnknownTemplateVariable
from tests.core.flows.logic.flows import ask, assign, findings, flow, sort, step, text, wait

CHECK = UnknownTemplateVariable()
LIQUID_UNKNOWN = {
    "a name": "{{ voucher_code }}",
    "a field of one": "{{ voucher.code }}",
    "in a filter": "{{ contact.first_name | append: voucher }}",
    "in a comparison": '{% if voucher == "x" %}yes{% endif %}',
    "in a loop": "{% for one in vouchers %}{{ one }}{% endfor %}",
    "in an assignment": "{% assign code = voucher | upcase %}{{ code }}",
    "after the test": "{% if voucher %}yes{% endif %}{{ voucher }}",
    "no such field of the flow": "{{ flow.title }}",
    "no such link": "{{ links.boking }}",
    "an answer that nobody gave": "{{ answers.energy }}",
    "a default elsewhere": "{{ voucher | upcase }}{{ other | default: 1 }}",
}
LIQUID_KNOWN = {
    "plain text": "Hello",
    "the contact": "{{ contact.first_name }} {{ contact.email }} {{ contact.tags.size }}",
    "a default": "{{ voucher | default: 'none' }}",
    "a default at last": "{{ voucher | upcase | default: 'none' }}",
    "a test": "{% if voucher %}{{ voucher }}{% endif %}",
    "a test of more": "{% if voucher and other %}{{ voucher.code }}{{ other }}{% endif %}",
    "a test for nothing": "{% if voucher != blank %}{{ voucher }}{% endif %}",
    "unless": "{% unless voucher %}none{% else %}{{ voucher }}{% endunless %}",
    "own names": "{% assign a = 1 %}{{ a }}{% capture b %}x{% endcapture %}{{ b }}",
    "a loop": "{% for tag in contact.tags %}{{ tag }}{{ forloop.index }}{% endfor %}",
    "the clock": "{{ now | date: '%A' }} {{ 'today' | date: '%d' }} {{ today }}",
    "the flow": "{{ flow.name }} {{ flow.timezone }}",
    "links": "{{ links.unsubscribe }} {{ links.booking }} {{ links.shop }}",
    "a variable": "{{ price | times: 2 }}",
    "a counter": "{% increment visits %}",
    "raw": "{% raw %}{{ voucher }}{% endraw %}",
    "case": '{% case contact.language %}{% when "de" %}Hallo{% endcase %}',
}
FLOWS: dict[str, tuple[int, dict[str, Any]]] = {
    "set before": (0, flow(assign(code="1", next="say"), text("{{ code }}"))),
    "set on one way": (
        1,
        flow(
            sort("contact.visits > 3", id="first", to="set", other="say"),
            assign(code="1", next="say"),
            text("{{ code }}"),
        ),
    ),
    "set too late": (1, flow(text("{{ code }}", next="set"), assign(code="1", next="done"))),
    "a webhook's own address": (
        0,
        flow(step("look", "webhook", url="https://example.org/{{ id }}", sample={"id": 3})),
    ),
    "an unset name in an address": (
        1,
        flow(step("look", "webhook", url="https://example.org/{{ code }}")),
    ),
    "an answer": (0, flow(ask(next="say"), text("{{ answers.energy }}"))),
    "a reply": (0, flow(wait(reply="say"), text("{{ reply.text }} {{ reply.intent }}"))),
    "no such field of a reply": (1, flow(wait(reply="say"), text("{{ reply.mood }}"))),
    "behind a branch that nobody takes": (
        1,
        flow(sort("contact.visits < 0", to="say"), text("{{ voucher }}")),
    ),
    "twice in one step": (
        1,
        flow(step("say", "send_email", subject="{{ voucher }}", body="{{ voucher }}")),
    ),
    "a step that nobody reaches": (0, flow(sort("true", id="first"), text("{{ voucher }}"))),
}


@pytest.mark.parametrize("body", LIQUID_UNKNOWN.values(), ids=LIQUID_UNKNOWN)
def test_a_gap_in_a_message(body: str) -> None:
    assert [one.severity for one in findings(CHECK, flow(text(body)))] == ["warning"]


@pytest.mark.parametrize("body", LIQUID_KNOWN.values(), ids=LIQUID_KNOWN)
def test_no_gap(body: str) -> None:
    head = {"variables": {"price": 49}, "links": {"shop": "https://example.org"}}
    assert findings(CHECK, flow(text(body), **head)) == []


@pytest.mark.parametrize(("count", "document"), FLOWS.values(), ids=FLOWS)
def test_what_is_set_before(count: int, document: dict[str, Any]) -> None:
    assert len(findings(CHECK, document)) == count


def test_a_field_that_not_every_contact_has_is_a_note() -> None:
    (finding,) = findings(CHECK, flow(text("How is {{ contact.company }}?")))
    assert (finding.severity, finding.step_id) == ("info", "say")
    assert (
        finding.message == "its body reads “contact.company”, but not every contact has “company”"
    )
    assert findings(CHECK, flow(text("{{ contact.company | default: 'work' }}"))) == []
