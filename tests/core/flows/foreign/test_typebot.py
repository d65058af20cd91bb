"""Bots of Typebot become flows, in the versions from 3 to 6."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.foreign_documents import bot, imported, row, says, step, walked


def block(id: str, kind: str, **options: Any) -> dict[str, Any]:
    return {"id": id, "type": kind, "options": options}


def choice(id: str, *names: str, **options: Any) -> dict[str, Any]:
    items = [{"id": f"{id}{number}", "content": name} for number, name in enumerate(names)]
    return {"id": id, "type": "choice input", "items": items, "options": options}


def compared(*rows: tuple[str, str, Any], word: str = "AND") -> dict[str, Any]:
    comparisons = [
        {
            "id": f"c{number}",
            "variableId": f"v-{name}",
            "comparisonOperator": operator,
            "value": value,
        }
        for number, (name, operator, value) in enumerate(rows)
    ]
    return {"id": "if0", "content": {"logicalOperator": word, "comparisons": comparisons}}


def condition(*items: dict[str, Any]) -> dict[str, Any]:
    return {"id": "if", "type": "Condition", "items": list(items)}


@pytest.mark.parametrize("version", ["3", "5", "6"])
def test_a_chat_of_words_an_answer_and_a_choice(version: str) -> None:
    document = bot(
        {
            "Hello": [
                says("b1", "Hi there", "What is your name?"),
                block("b2", "text input", variableId="v-Full name"),
                says("b3", "Welcome, {{Full name}}!"),
                choice("b4", "Yes please", "No"),
            ],
            "Good": [says("b5", "Great")],
            "Bye": [says("b6", "Bye")],
        },
        [("b4/b40", "Good"), ("b4", "Bye")],
        ["Full name"],
        version,
    )
    found = imported(document)
    assert found.format == "typebot"
    assert found.document["start"] == "hello_text"
    assert step(found, "hello_text")["config"]["body"] == "Hi there\nWhat is your name?"
    assert step(found, "hello_wait")["on_reply"] == "hello_keep"
    assert step(found, "hello_keep")["config"]["values"] == {"Full_name": "reply.text"}
    assert step(found, "hello_text_2")["config"]["body"] == "Welcome, {{ Full_name }}!"
    question = step(found, "hello_ask")["config"]["questions"][0]
    assert question["choices"] == ["Yes please", "No"]
    branches = step(found, "hello_sort")["config"]["branches"]
    assert [one["next"] for one in branches] == ["good_text", "bye_text"]
    assert branches[0]["when"] == 'answers.hello_answer == "Yes please"'


def test_who_chooses_goes_the_way_of_the_choice() -> None:
    found = imported(
        bot(
            {
                "Ask": [says("b1", "Well?"), choice("b2", "Left", "Right")],
                "L": [says("b3", "You went left")],
                "R": [says("b4", "You went right")],
            },
            [("b2/b20", "L"), ("b2/b21", "R")],
        )
    )
    ends = {
        next(one for one in walked(found, id=f"somebody-{number}", replies=["Right"])[-1:])
        for number in range(3)
    }
    assert ends <= {"l_text", "r_text", "ask_sort"}


@pytest.mark.parametrize(
    ("operator", "value", "cel"),
    [
        ("Equal to", "x", 'A == "x"'),
        ("Equal to", "10", 'string(A) == "10"'),
        ("Not equal", "x", 'A != "x"'),
        ("Contains", "x", 'A.contains("x")'),
        ("Does not contain", "x", '!A.contains("x")'),
        ("Greater than", "8", "double(A) > 8.0"),
        ("Less or equal to", "8", "double(A) <= 8.0"),
        ("Greater than", "{{B}}", "double(A) > double(B)"),
        ("Is set", None, 'A != null && A != ""'),
        ("Is empty", None, 'A == null || A == ""'),
        ("Starts with", "x", 'A.startsWith("x")'),
        ("Ends with", "x", 'A.endsWith("x")'),
        ("Matches regex", "/^a+$/", 'string(A).matches("^a+$")'),
        ("Does not match regex", "^a+$", '!string(A).matches("^a+$")'),
    ],
)
def test_comparisons(operator: str, value: str | None, cel: str) -> None:
    found = imported(bot({"G": [condition(compared(("A", operator, value)))]}, [], ["A", "B"]))
    assert step(found, "g_if")["config"]["branches"][0]["when"] == cel


def test_several_comparisons_and_where_they_lead() -> None:
    item = compared(("A", "Equal to", "x"), ("B", "Is set", None), word="OR")
    found = imported(
        bot(
            {"G": [condition(item), says("b1", "else")], "Then": [says("b2", "then")]},
            [("if/if0", "Then")],
            ["A", "B"],
        )
    )
    assert step(found, "g_if")["config"] == {
        "branches": [{"when": 'A == "x" || (B != null && B != "")', "next": "then_text"}],
        "else": "g_text",
    }


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"expressionToEvaluate": "0"}, 0),
        ({"expressionToEvaluate": "{{A}} + 10"}, "int(A) + 10"),
        ({"expressionToEvaluate": "Promoter"}, '"Promoter"'),
        ({"expressionToEvaluate": "Hi {{A}} and {{B}}"}, '"Hi " + string(A) + " and " + string(B)'),
        ({"expressionToEvaluate": "{{A}}"}, "A"),
        ({"type": "Contact name"}, "contact.name"),
        ({"type": "Empty"}, None),
    ],
)
def test_values_that_are_set(options: dict[str, Any], value: Any) -> None:
    found = imported(
        bot({"G": [block("b1", "Set variable", variableId="v-A", **options)]}, [], ["A", "B"])
    )
    assert step(found, "g_set")["config"]["values"] == {"A": value}


def test_code_that_cel_cannot_say_is_named() -> None:
    words = "const x = 1; return x"
    found = imported(
        bot(
            {"G": [block("b1", "Set variable", variableId="v-A", expressionToEvaluate=words)]},
            [],
            ["A"],
        )
    )
    assert any(words in one for one in row(found, "b1")["lost"])


@pytest.mark.parametrize(
    ("type", "content", "body"),
    [
        ("image", {"url": "https://a.example/i.png"}, "https://a.example/i.png"),
        ("video", {"url": "https://a.example/v", "type": "url"}, "https://a.example/v"),
        ("embed", {"url": "https://a.example/{{A}}"}, "https://a.example/{{ A }}"),
        ("text", {"html": "<div>Hello<br>you &amp; me</div>"}, "Hello\nyou & me"),
        ("text", {"plainText": "plain"}, "plain"),
        (
            "text",
            {
                "richText": [
                    {
                        "type": "p",
                        "children": [
                            {"text": "Read "},
                            {
                                "type": "a",
                                "url": "https://a.example",
                                "children": [{"text": "this"}],
                            },
                            {"text": " now", "bold": True},
                        ],
                    }
                ]
            },
            "Read this now\nhttps://a.example",
        ),
        (
            "text",
            {
                "richText": [
                    {
                        "type": "ul",
                        "children": [
                            {
                                "type": "li",
                                "children": [{"type": "lic", "children": [{"text": "one"}]}],
                            },
                            {
                                "type": "li",
                                "children": [{"type": "lic", "children": [{"text": "two"}]}],
                            },
                        ],
                    }
                ]
            },
            "- one\n- two",
        ),
        (
            "text",
            {"richText": [{"type": "p", "children": [{"text": "a < b {{ c"}]}]},
            "a < b {{ '{' }}{ c",
        ),
    ],
)
def test_bubbles_keep_their_words(type: str, content: dict[str, Any], body: str) -> None:
    found = imported(bot({"G": [{"id": "b1", "type": type, "content": content}]}, [], ["A"]))
    assert step(found, f"g_{type}")["type"] == "send_web"
    assert step(found, f"g_{type}")["config"]["body"] == body


@pytest.mark.parametrize(
    ("type", "options", "kind"),
    [
        ("number input", {"min": 1, "max": 5}, {"kind": "number", "min": 1, "max": 5}),
        ("rating input", {"length": 7}, {"kind": "scale", "min": 1, "max": 7}),
        ("rating input", {"length": 10, "startsAt": 0}, {"kind": "scale", "min": 0, "max": 10}),
    ],
)
def test_numbers_are_questions(type: str, options: dict[str, Any], kind: dict[str, Any]) -> None:
    found = imported(
        bot(
            {"G": [says("b0", "How much?"), block("b1", type, variableId="v-A", **options)]},
            [],
            ["A"],
        )
    )
    question = step(found, "g_ask")["config"]["questions"][0]
    assert {name: question[name] for name in kind} == kind
    assert step(found, "g_keep")["config"]["values"] == {"A": f"answers.{question['id']}"}


@pytest.mark.parametrize(
    "type",
    ["email input", "url input", "phone number input", "date input", "time input", "file input"],
)
def test_answers_in_words_are_waited_for(type: str) -> None:
    found = imported(bot({"G": [block("b1", type, variableId="v-A")]}, [], ["A"]))
    kinds = [step(found, one)["type"] for one in row(found, "b1")["steps"]]
    assert kinds == ["send_web", "wait_for_reply", "set"]


def test_logic_and_integrations() -> None:
    found = imported(
        bot(
            {
                "G": [
                    block("w", "Wait", secondsToWaitFor="5"),
                    {
                        **block("ab", "AB test", aPercent=70),
                        "items": [{"id": "a", "path": "a"}, {"id": "b", "path": "b"}],
                    },
                ],
                "A": [
                    block(
                        "call",
                        "Webhook",
                        webhook={"url": "https://a.example", "method": "GET"},
                        responseVariableMapping=[{"variableId": "v-City", "bodyPath": "data"}],
                    ),
                    block(
                        "ai",
                        "openai",
                        messages=[{"role": "system", "content": "Be kind"}],
                        responseMapping=[{"item": "Message content", "variableId": "v-Answer"}],
                    ),
                    block(
                        "mail",
                        "Email",
                        subject="For {{City}}",
                        body="Hello\nyou",
                        recipients=["{{Mail}}"],
                    ),
                    block("go", "Redirect", url="https://b.example"),
                    block("pay", "payment input", amount="9", currency="EUR"),
                    block("odd", "Script", content="alert(1)"),
                    block("end", "Chatwoot"),
                ],
                "B": [block("j", "Jump", groupId="A")],
            },
            [("ab/a", "A"), ("ab/b", "B")],
            ["City", "Answer", "Mail"],
        )
    )
    assert step(found, "g_wait")["config"] == {"duration": "5s"}
    arms = step(found, "g_ab_test")["config"]["arms"]
    assert [(one["weight"], one["next"]) for one in arms] == [(70, "a_webhook"), (30, "a_webhook")]
    assert step(found, "a_webhook")["config"]["sample"] == {"City": None}
    assert step(found, "a_openai")["config"]["sample"] == {"Answer": "(openai answers here)"}
    assert "Be kind" in step(found, "a_openai")["comment"]
    assert step(found, "a_email")["config"] == {"subject": "For {{ City }}", "body": "Hello\nyou"}
    assert step(found, "a_link")["config"]["body"] == "https://b.example"
    assert step(found, "a_paid")["config"] == {"name": "payment", "value": 9}
    assert step(found, "a_person")["type"] == "handoff"
    assert row(found, "odd")["steps"] == row(found, "j")["steps"] == []
    assert all(one["steps"] or one["lost"] for one in found.report)


def test_a_way_back_with_an_answer_in_it_needs_no_guard() -> None:
    found = imported(
        bot(
            {"G": [says("b1", "Again?"), choice("b2", "Restart"), block("b3", "Jump", groupId="G")]}
        )
    )
    assert not any(one["id"].startswith("again") for one in found.document["steps"])
    found = imported(bot({"G": [says("b1", "Round"), block("b3", "Jump", groupId="G")]}))
    assert walked(found).count("g_text") == 4


def test_edges_to_nowhere_and_what_nothing_leads_to() -> None:
    found = imported(bot({"G": [says("b1", "a")], "H": [says("b2", "b")]}, [("b1", "gone")]))
    assert any("leads to nothing" in one for one in row(found, "b1")["lost"])
    assert any("Nothing that starts" in one for one in row(found, "b2")["lost"])
