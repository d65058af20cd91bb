"""Workflows of n8n become flows: what each kind of node is, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.foreign_documents import imported, node, row, step, walked, workflow

MANUAL = node("Go", "manualTrigger")


def sending(name: str, text: str = "") -> dict[str, Any]:
    return node(name, "slack", {"text": text or f"says {name}", "channel": "#all"}, 2.2)


def test_a_line_of_nodes_is_a_line_of_steps() -> None:
    found = imported(
        workflow(
            [
                MANUAL,
                node("Hello", "slack", {"text": "=Hi {{ $json.first }}, all well?"}, 2.1),
                node("Pause", "wait", {"amount": 3, "unit": "days"}, 1),
                node(
                    "Mail", "gmail", {"subject": '=For {{$json["first"]}}', "message": "<b>Yo</b>"}
                ),
            ],
            "Go > Hello > Pause > Mail",
        )
    )
    assert walked(found) == ["hello", "pause", "mail"]
    assert step(found, "hello")["type"] == "send_web"
    assert step(found, "hello")["config"]["body"] == "Hi {{ first }}, all well?"
    assert step(found, "pause")["config"] == {"duration": "3d"}
    assert step(found, "mail")["config"] == {"subject": "For {{ first }}", "body": "<b>Yo</b>"}
    assert found.document["start"] == "hello"
    assert row(found, "Go")["steps"] == []
    assert "click" in row(found, "Go")["lost"][0]


@pytest.mark.parametrize(
    ("kind", "given", "type", "body"),
    [
        ("slack", {"text": "a b"}, "send_web", "a b"),
        ("discord", {"content": "a b"}, "send_web", "a b"),
        (
            "microsoftTeams",
            {"resource": "channelMessage", "operation": "create", "message": "a b"},
            "send_web",
            "a b",
        ),
        ("mattermost", {"message": "a b"}, "send_web", "a b"),
        ("googleChat", {"messageUi": {"text": "a b"}}, "send_web", "a b"),
        ("emailSend", {"subject": "s", "text": "a b"}, "send_email", "a b"),
        ("sendGrid", {"subject": "s", "contentValue": "a b"}, "send_email", "a b"),
        (
            "microsoftOutlook",
            {"operation": "send", "subject": "s", "bodyContent": "a b"},
            "send_email",
            "a b",
        ),
        ("telegram", {"text": "a b"}, "send_telegram", "a b"),
        (
            "telegram",
            {"operation": "sendPhoto", "additionalFields": {"caption": "a b"}},
            "send_telegram",
            "a b",
        ),
        ("whatsApp", {"operation": "send", "textBody": "a b"}, "send_whatsapp", "a b"),
        ("twilio", {"operation": "send", "message": "a b"}, "send_sms", "a b"),
        (
            "twilio",
            {"operation": "send", "toWhatsapp": True, "message": "a b"},
            "send_whatsapp",
            "a b",
        ),
        ("pushover", {"message": "a b"}, "send_web", "a b"),
        ("n8n-nodes-other.niceSlackSender", {"message": "a b"}, "send_web", "a b"),
        (
            "slack",
            {"text": "a", "blocksUi": '{"blocks": [{"text": {"text": "b\\nc"}}]}'},
            "send_web",
            "a\n\nb\nc",
        ),
    ],
)
def test_messengers_keep_their_words_and_channel(
    kind: str, given: dict[str, Any], type: str, body: str
) -> None:
    found = imported(workflow([MANUAL, node("Say", kind, given)], "Go > Say"))
    assert step(found, "say")["type"] == type
    assert step(found, "say")["config"]["body"] == body


def test_a_call_of_a_messenger_that_sends_nothing_is_a_webhook() -> None:
    given = {"resource": "user", "operation": "get"}
    found = imported(workflow([MANUAL, node("Look", "slack", given)], "Go > Look"))
    assert step(found, "look")["type"] == "webhook"


def rule(left: str, operation: str, right: Any, type: str = "string") -> dict[str, Any]:
    operator = {"type": type, "operation": operation}
    return {"leftValue": left, "operator": operator, "rightValue": right}


NEW = [
    (rule("={{ $json.a }}", "equals", "x"), 'a == "x"'),
    (rule("={{ $json.a }}", "notEquals", "x"), 'a != "x"'),
    (rule("={{ $json.a.b }}", "contains", "x"), 'a.b.contains("x")'),
    (rule("={{ $json.a }}", "notContains", "x"), '!a.contains("x")'),
    (rule("={{ $json.a }}", "startsWith", "x"), 'a.startsWith("x")'),
    (rule("={{ $json.a }}", "notEndsWith", "x"), '!a.endsWith("x")'),
    (rule("={{ $json.a }}", "regex", "/^x+$/i"), 'string(a).matches("(?i)^x+$")'),
    (rule("={{ $json.a }}", "empty", ""), 'a == null || a == ""'),
    (rule("={{ $json.a }}", "notEmpty", ""), 'a != null && a != ""'),
    (rule("={{ $json.a }}", "exists", ""), "a != null"),
    (rule("={{ $json.a }}", "notExists", ""), "a == null"),
    (rule("={{ $json.a }}", "gt", 5, "number"), "a > 5"),
    (rule("={{ $json.a }}", "lte", "5", "number"), "a <= 5"),
    (rule("={{ $json.a }}", "true", "", "boolean"), "a == true"),
    (rule("={{ $json.a }}", "contains", "x", "array"), '"x" in a'),
    (rule("={{ $json.a }}", "lengthGt", 2, "array"), "size(a) > 2"),
    (rule("={{ $json.a }}", "empty", "", "array"), "a == null || size(a) == 0"),
    (rule("={{ $json['the b'] }}", "equals", "x"), 'the_b == "x"'),
    (rule("={{ $json.a }}", "equals", "={{ $json.b }}"), "a == b"),
    (
        rule("={{ $json.a }}", "before", "2026-02-01", "dateTime"),
        'timestamp(a) < timestamp("2026-02-01T00:00:00Z")',
    ),
]


@pytest.mark.parametrize(("test", "cel"), NEW)
def test_comparisons_of_the_newer_versions(test: dict[str, Any], cel: str) -> None:
    conditions = {"conditions": {"combinator": "and", "conditions": [test]}}
    found = imported(workflow([MANUAL, node("If", "if", conditions, 2)], "Go > If"))
    step_id = row(found, "If")["steps"][0]
    assert step(found, step_id)["config"]["branches"][0]["when"] == cel


@pytest.mark.parametrize(
    ("kind", "test", "cel"),
    [
        ("string", {"value1": '={{$json["a"]}}', "value2": "x"}, 'a == "x"'),
        ("string", {"value1": "={{$json.a}}", "operation": "isEmpty"}, 'a == null || a == ""'),
        (
            "string",
            {"value1": "={{$json.a}}", "operation": "notRegex", "value2": "x"},
            '!string(a).matches("x")',
        ),
        ("number", {"value1": "={{$json.a}}", "value2": 7}, "a < 7"),
        ("number", {"value1": "={{$json.a}}", "operation": "largerEqual", "value2": 7}, "a >= 7"),
        ("boolean", {"value1": "={{$json.a}}", "value2": True}, "a == true"),
    ],
)
def test_comparisons_of_the_first_version(kind: str, test: dict[str, Any], cel: str) -> None:
    found = imported(
        workflow([MANUAL, node("Check", "if", {"conditions": {kind: [test]}})], "Go > Check")
    )
    assert step(found, "check")["config"]["branches"][0]["when"] == cel


def test_both_ways_of_a_condition_and_several_comparisons() -> None:
    tests = [rule("={{ $json.a }}", "equals", "x"), rule("={{ $json.b }}", "gt", 5, "number")]
    conditions = {"conditions": {"combinator": "or", "conditions": tests}}
    found = imported(
        workflow(
            [MANUAL, node("Check", "if", conditions, 2.2), sending("Yes"), sending("No")],
            "Go > Check > Yes",
            ("Check", 1, "No"),
        )
    )
    config = step(found, "check")["config"]
    assert config == {"branches": [{"when": 'a == "x" || b > 5', "next": "yes"}], "else": "no"}


def test_a_condition_that_cel_cannot_say_is_a_variable_and_is_named() -> None:
    test = rule("={{ $json.list.map(x => x.y).length }}", "gt", 5, "number")
    conditions = {"conditions": {"combinator": "and", "conditions": [test]}}
    found = imported(workflow([MANUAL, node("Check", "if", conditions, 2)], "Go > Check"))
    assert step(found, "check")["config"]["branches"][0]["when"] == "check_holds == true"
    assert found.document["variables"]["check_holds"] is False
    assert any("x => x.y" in sentence for sentence in row(found, "Check")["lost"])


def test_a_switch_in_both_versions() -> None:
    rules = [
        {"conditions": {"conditions": [rule("={{ $json.a }}", "equals", one)]}} for one in "xy"
    ]
    new = node(
        "Sort", "switch", {"rules": {"values": rules}, "options": {"fallbackOutput": "extra"}}, 3
    )
    found = imported(
        workflow(
            [MANUAL, new, sending("X"), sending("Y"), sending("Else")],
            "Go > Sort > X",
            ("Sort", 1, "Y"),
            ("Sort", 2, "Else"),
        )
    )
    assert step(found, "sort")["config"] == {
        "branches": [{"when": 'a == "x"', "next": "x"}, {"when": 'a == "y"', "next": "y"}],
        "else": "else_value",
    }
    old = {
        "dataType": "string",
        "value1": "={{$json.a}}",
        "fallbackOutput": 3,
        "rules": {
            "rules": [{"value2": "x"}, {"output": 1, "operation": "contains", "value2": "y"}]
        },
    }
    found = imported(
        workflow(
            [MANUAL, node("Sort", "switch", old), sending("X"), sending("Y"), sending("Z")],
            "Go > Sort > X",
            ("Sort", 1, "Y"),
            ("Sort", 3, "Z"),
        )
    )
    assert [one["when"] for one in step(found, "sort")["config"]["branches"]] == [
        'a == "x"',
        'a.contains("y")',
    ]
    assert step(found, "sort")["config"]["else"] == "z"


@pytest.mark.parametrize(
    ("version", "given"),
    [
        (
            1,
            {
                "values": {
                    "string": [{"name": "a", "value": "x"}],
                    "number": [{"name": "b", "value": 3}],
                }
            },
        ),
        (
            3.2,
            {
                "fields": {
                    "values": [
                        {"name": "a", "stringValue": "x"},
                        {"name": "b", "type": "numberValue", "numberValue": 3},
                    ]
                }
            },
        ),
        (
            3.4,
            {
                "assignments": {
                    "assignments": [
                        {"name": "a", "type": "string", "value": "x"},
                        {"name": "b", "type": "number", "value": 3},
                    ]
                }
            },
        ),
        (3.4, {"mode": "raw", "jsonOutput": '={"a": "x", "b": 3,}'}),
    ],
)
def test_values_that_are_set_in_every_version(version: float, given: dict[str, Any]) -> None:
    found = imported(workflow([MANUAL, node("Keep", "set", given, version)], "Go > Keep"))
    assert step(found, "keep")["config"]["values"] == {"a": '"x"', "b": 3}


def test_what_is_set_is_read_by_later_steps() -> None:
    given = {
        "assignments": {
            "assignments": [
                {
                    "name": "Full name",
                    "type": "string",
                    "value": "={{ $json.first }} {{ $json.last }}",
                }
            ]
        }
    }
    found = imported(
        workflow(
            [
                MANUAL,
                node("Keep", "set", given, 3.4),
                sending("Say", "=Dear {{ $('Keep').item.json['Full name'] }}"),
            ],
            "Go > Keep > Say",
        )
    )
    values = step(found, "keep")["config"]["values"]
    assert values == {"Full_name": 'string(first) + " " + string(last)'}
    assert step(found, "say")["config"]["body"] == "Dear {{ Full_name }}"


def test_pinned_data_answers_for_a_call_else_a_place_for_each_field_that_is_read() -> None:
    nodes = [
        MANUAL,
        node("Ask it", "httpRequest", {"url": "https://a.example/{{ $json.id }}"}, 4),
        sending("Say", "={{ $json.city.name }} {{ $('Ask it').item.json.zip }}"),
    ]
    plain = imported(workflow(nodes, "Go > Ask it > Say"))
    assert step(plain, "ask_it")["config"]["sample"] == {"city": {"name": None}, "zip": None}
    assert step(plain, "say")["config"]["body"] == "{{ city.name }} {{ ask_it.zip }}"
    pinned = imported(
        workflow(
            nodes, "Go > Ask it > Say", pinData={"Ask it": [{"json": {"city": {"name": "Ulm"}}}]}
        )
    )
    assert step(pinned, "ask_it")["config"]["sample"] == {"city": {"name": "Ulm"}}
    assert "Its pinned data answers here." in row(pinned, "Ask it")["lost"]


def test_code_is_kept_as_a_comment_and_named() -> None:
    found = imported(
        workflow([MANUAL, node("Sum", "code", {"jsCode": "return [1]"}, 2)], "Go > Sum")
    )
    assert "return [1]" in step(found, "sum")["comment"]
    assert any("Code is not run" in one for one in row(found, "Sum")["lost"])


def test_side_by_side_is_one_after_the_other_the_upper_first() -> None:
    found = imported(
        workflow(
            [MANUAL, sending("Up"), sending("Low"), sending("Low end"), sending("Up end")],
            "Go > Up > Up end",
            "Go > Low > Low end",
        )
    )
    assert walked(found) == ["up", "up_end", "low", "low_end"]
    assert any("side by side" in one for one in row(found, "Go")["lost"])


def test_branches_that_meet_in_a_merge_go_on_once_after_the_last() -> None:
    found = imported(
        workflow(
            [
                MANUAL,
                sending("A"),
                sending("B"),
                sending("C"),
                node("Both", "merge", {}, 3),
                sending("After"),
            ],
            "Go > A > Both",
            "Go > B > Both",
            "Go > C",
            "Both > After",
        )
    )
    assert walked(found) == ["a", "b", "after", "c"]
    assert row(found, "Both")["steps"] == []
    assert any("waits for its inputs" in one for one in row(found, "Both")["lost"])


def test_nested_forks_lose_nobody() -> None:
    nodes = [MANUAL, *(sending(one) for one in "ABCDEF")]
    found = imported(workflow(nodes, "Go > A", "Go > B", "A > C", "A > D", "B > E", "B > F"))
    assert walked(found) == list("acdbef")


def test_a_fork_within_one_way_of_a_condition_stays_there() -> None:
    conditions = {"conditions": {"boolean": [{"value1": "={{ $json.ok }}", "value2": True}]}}
    found = imported(
        workflow(
            [
                MANUAL,
                node("Check", "if", conditions),
                sending("Y1"),
                sending("Y2"),
                sending("N"),
                sending("Last"),
            ],
            "Go > Check",
            "Check > Y1",
            "Check > Y2",
            ("Check", 1, "N"),
            "Y1 > Last",
            "N > Last",
        )
    )
    config = step(found, "check")["config"]
    assert config["branches"][0]["next"] == "y1"
    after = {one["id"]: one.get("next") for one in found.document["steps"]}
    assert config["else"] == "n"
    assert after["n"] == "last"
    assert after["last"] is None, "who came by N does not go on to Y2"
    assert after["y1"] not in (None, "y2"), "the copy of Last for those who are ok"
    assert after[after["y1"]] == "y2"


@pytest.mark.parametrize(("version", "loop"), [(3, 1), (1, 0)])
def test_a_loop_over_items_is_walked_once_a_person_and_then_left(version: int, loop: int) -> None:
    done = 1 - loop
    found = imported(
        workflow(
            [
                MANUAL,
                node("Loop", "splitInBatches", {"batchSize": 5}, version),
                sending("Each"),
                sending("Done"),
            ],
            "Go > Loop",
            ("Loop", loop, "Each"),
            "Each > Loop",
            ("Loop", done, "Done"),
        )
    )
    assert len(row(found, "Loop")["steps"]) == 2
    assert any("5 at a time" in one for one in row(found, "Loop")["lost"])
    first, more = row(found, "Loop")["steps"]
    assert walked(found) == [first, more, "each", first, more, "done"]
    found.document["variables"][f"{first}_turns"] = 3
    assert walked(found).count("each") == 3


def test_a_way_back_that_nobody_leaves_has_some_turns() -> None:
    tests = [rule("={{ $json.state }}", "equals", "ready")]
    check = node("Ready?", "if", {"conditions": {"conditions": tests}}, 2)
    found = imported(
        workflow(
            [
                MANUAL,
                node("Look", "httpRequest", {"url": "https://a.example"}, 4),
                check,
                node("Rest", "wait", {"amount": 1, "unit": "minutes"}, 1.1),
                sending("Done"),
            ],
            "Go > Look > Ready? > Done",
            ("Ready?", 1, "Rest"),
            "Rest > Look",
        )
    )
    way = walked(found)
    assert way.count("look") == 4
    assert any("leads back" in one for one in row(found, "Rest")["lost"])


def test_several_triggers_share_people_out() -> None:
    found = imported(
        workflow(
            [
                node("Hook", "webhook", {"path": "in"}),
                node("Daily", "scheduleTrigger"),
                sending("A"),
                sending("B"),
            ],
            "Hook > A",
            "Daily > B",
        )
    )
    start = step(found, found.document["start"])
    assert {arm["name"]: arm["next"] for arm in start["config"]["arms"]} == {
        "Hook": "a",
        "Daily": "b",
    }
    same = imported(workflow([node("Hook", "webhook"), MANUAL, sending("A")], "Hook > A", "Go > A"))
    assert same.document["start"] == "a"


def test_a_form_asks_its_questions_and_its_answers_are_variables() -> None:
    fields = {
        "values": [
            {"fieldLabel": "Your name"},
            {
                "fieldLabel": "Colour",
                "fieldType": "dropdown",
                "fieldOptions": {"values": [{"option": "red"}, {"option": "blue"}]},
            },
        ]
    }
    found = imported(
        workflow(
            [
                node("Form", "formTrigger", {"formTitle": "Hello", "formFields": fields}, 2),
                sending("Say", "=Hi {{ $json['Your name'] }}"),
            ],
            "Form > Say",
        )
    )
    questions = step(found, "form")["config"]["questions"]
    assert [one["kind"] for one in questions] == ["text", "choice"]
    assert questions[1]["choices"] == ["red", "blue"]
    assert step(found, "say")["config"]["body"] == "Hi {{ Your_name }}"
    assert step(found, row(found, "Form")["steps"][1])["config"]["values"]["Your_name"].startswith(
        "answers."
    )


def test_a_message_that_waits_waits() -> None:
    given = {
        "operation": "sendAndWait",
        "message": "May I?",
        "options": {"limitWaitTime": {"values": {"resumeUnit": "minutes", "resumeAmount": 45}}},
    }
    found = imported(
        workflow([MANUAL, node("Ask", "telegram", given), sending("Then")], "Go > Ask > Then")
    )
    wait = step(found, row(found, "Ask")["steps"][1])
    assert wait["config"]["timeout"] == "45m"
    assert wait["on_timeout"] == "then"


def test_errors_ends_switched_off_notes_and_strangers() -> None:
    nodes = [
        MANUAL,
        node("Call", "httpRequest", {"url": "https://a.example"}, 4, onError="continueErrorOutput"),
        sending("Fine"),
        sending("Failed"),
        node("Stop", "stopAndError", {"errorMessage": "no way"}),
        node("Off", "slack", {"text": "x"}, disabled=True),
        node("Odd", "other-package.odd"),
        node("Note", "stickyNote", {"content": "# Look\n<b>here</b>", "width": 300, "height": 90}),
        node("Model", "@n8n/n8n-nodes-langchain.lmChatOpenAi"),
    ]
    document = workflow(nodes, "Go > Call > Fine > Off > Odd > Stop", ("Call", 1, "Failed"))
    document["connections"]["Model"] = {"ai_languageModel": [[{"node": "Odd"}]]}
    found = imported(document)
    arms = next(one for one in found.document["steps"] if one["type"] == "split")["config"]["arms"]
    assert {arm["name"]: arm["next"] for arm in arms} == {"works": "fine", "fails": "failed"}
    assert step(found, "fine")["next"] == "stop"
    assert step(found, "stop") == {"id": "stop", "type": "end", "config": {"reason": "no way"}}
    off = row(found, "Off")
    assert "switched off" in off["lost"][0]
    kept = next(step for step in found.document["steps"] if step["id"] in off["steps"])
    assert kept["config"]["body"] == "x" and kept["type"] == "send_web"
    assert "not known" in row(found, "Odd")["lost"][0]
    assert "serves" in row(found, "Model")["lost"][0]
    assert found.document["canvas"]["notes"][0]["text"] == "# Look\n<b>here</b>"
    assert all(one["steps"] or one["lost"] for one in found.report)


def test_a_file_without_usable_connections_is_a_line_by_place_and_says_so() -> None:
    nodes = [sending("Second"), node("Go", "manualTrigger"), sending("First")]
    for one, x in zip(nodes, (400, 0, 200), strict=True):
        one["position"] = [x, 0]
    document = workflow(nodes)
    document["connections"] = {"id-First": {"main": [[{"node": "error-handler-1"}]]}}
    found = imported(document)
    assert walked(found) == ["first", "second"]
    assert any("place on the canvas" in one for one in row(found, "First")["lost"])
    assert any("error-handler-1" in one for one in row(found, "First")["lost"])


def test_names_twice_ids_missing_and_edges_to_nowhere() -> None:
    twins = [sending("Same"), sending("Same")]
    for one in twins:
        del one["id"]
    found = imported(workflow([MANUAL, *twins], "Go > Same", ("Same", 0, "Gone")))
    assert [one["name"] for one in found.report] == ["Go", "Same", "Same"]
    assert len({one["id"] for one in found.report}) == 3
    assert any("Gone" in one for one in found.report[1]["lost"])


def test_places_stay() -> None:
    found = imported(
        workflow(
            [
                node("Go", "manualTrigger", position=[0, 0]),
                node("Say", "slack", {"text": "a"}, position=[400, 100]),
            ],
            "Go > Say",
        )
    )
    assert found.document["canvas"]["positions"]["say"] == [600.0, 130.0]
