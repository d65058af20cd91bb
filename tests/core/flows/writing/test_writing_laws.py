"""What holds for every document, every spelling and every edit."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.domain.errors import BadInput
from core.flows import read_flow, written
from core.flows.writing import same
from core.flows.writing.fresh import item
from core.flows.writing.scalars import scalar
from tests.support.flow_edits import documents, edited, spelled

MORE = settings(max_examples=150, deadline=None)


def read(text: str) -> dict[str, Any] | None:
    try:
        return read_flow(text)
    except BadInput:
        return None


@MORE
@given(documents())
def test_new_text_says_the_document_exactly(document: dict[str, Any]) -> None:
    assert same(read_flow(written(document)), document)


@MORE
@given(st.data())
def test_what_did_not_change_keeps_every_byte(data: st.DataObject) -> None:
    text = data.draw(spelled(data.draw(documents())))
    document = read(text)
    assume(document is not None)
    assert document is not None and written(document, text) == text


@MORE
@given(st.data())
def test_changed_text_says_the_changed_document_exactly(data: st.DataObject) -> None:
    text = data.draw(spelled(data.draw(documents())))
    document = read(text)
    assume(document is not None)
    assert document is not None
    changed = data.draw(edited(document))
    assert same(read_flow(written(changed, text)), changed)


@MORE
@given(st.data())
def test_comments_of_untouched_steps_stay(data: st.DataObject) -> None:
    document = data.draw(documents())
    rows = [
        f"  # above {number}!\n{item(step, 2)}    # within {number}!\n"
        for number, step in enumerate(document["steps"])
    ]
    text = f"# head\nname: {scalar(document['name'])} # name\nsteps:\n" + "\n".join(rows)
    held = {"name": document["name"], "steps": document["steps"]}
    assert same(read(text), held)
    changed = data.draw(edited(held))
    found = written(changed, text)
    left = copy.deepcopy(changed["steps"])
    for number, step in enumerate(held["steps"]):
        kept = next((one for one in left if same(one, step)), None)
        if kept is not None:
            left.remove(kept)
            assert found.count(f"# above {number}!") == 1
            assert found.count(f"# within {number}!") == 1


@MORE
@given(documents(), st.data())
def test_json_stays_json(document: dict[str, Any], data: st.DataObject) -> None:
    changed = data.draw(edited(document))
    assert same(json.loads(written(changed, json.dumps(document))), changed)
