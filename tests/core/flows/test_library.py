"""A flow's text is kept with it, and nobody overwrites what somebody else saved."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.domain.errors import Conflict
from core.domain.flows import StoredFlow
from core.flows import read_flow
from core.workbench import Workspace
from tests.conftest import TWO_STEPS

TEXT = "# ours\nname: Two # the name\nsteps:\n  # first\n  - id: a\n    type: end\n"


def test_a_yaml_keeps_its_text_and_json_has_none(workspace: Workspace) -> None:
    flows = workspace.flows
    kept = flows.create(flows.read(TEXT), text=flows.text_in(TEXT))
    assert flows.get(kept.id).text == TEXT == flows.text_of(kept)
    data = b'{"name": "J", "steps": [{"id": "a", "type": "end"}]}'
    made = flows.create(flows.read(data), text=flows.text_in(data))
    assert made.text is None and read_flow(flows.text_of(made)) == made.document


def test_a_text_that_says_something_else_is_made_to_say_the_document(workspace: Workspace) -> None:
    document = {"name": "Three", "steps": [{"id": "a", "type": "end"}]}
    kept = workspace.flows.create(document, text=TEXT)
    assert kept.text == TEXT.replace("Two", "Three")


def test_comments_are_carried_to_the_next_version(workspace: Workspace) -> None:
    flows = workspace.flows
    kept = flows.create(flows.read(TEXT), text=TEXT)
    document = {**kept.document, "description": "New"}
    changed = flows.replace(kept.id, document)
    assert changed.version == 2 and changed.text is not None
    assert changed.text == TEXT.replace("the name\n", "the name\ndescription: New\n")
    assert flows.get(kept.id, 1).text == TEXT


def test_saving_with_no_change_makes_no_version(workspace: Workspace) -> None:
    flows = workspace.flows
    kept = flows.create(flows.read(TEXT), text=TEXT)
    assert flows.replace(kept.id, copy.deepcopy(kept.document)).version == 1
    assert flows.replace(kept.id, kept.document, text=TEXT).version == 1
    assert flows.keep(kept.document, text=TEXT).version == 1
    noted = flows.replace(kept.id, kept.document, text=TEXT + "# a note\n")
    assert noted.version == 2 and noted.text == TEXT + "# a note\n"
    number = flows.create({"name": "N", "variables": {"x": 1}, "steps": [{"id": "a"}]})
    assert flows.replace(number.id, {**number.document, "variables": {"x": 1.0}}).version == 2


def test_the_second_to_save_is_told(workspace: Workspace) -> None:
    flows = workspace.flows
    kept = flows.create(TWO_STEPS)
    flows.replace(kept.id, {**TWO_STEPS, "description": "theirs"}, after=1)
    with pytest.raises(Conflict) as raised:
        flows.replace(kept.id, {**TWO_STEPS, "description": "mine"}, after=1)
    assert raised.value.newest == 2
    assert [one.version for one in flows.history(kept.id)] == [2, 1]
    assert flows.replace(kept.id, {**TWO_STEPS, "description": "mine"}, after=2).version == 3


def test_of_many_who_save_at_once_one_is_first(workspace: Workspace) -> None:
    kept = workspace.flows.create(TWO_STEPS)

    def save(number: int) -> StoredFlow | Conflict:
        document = {**TWO_STEPS, "description": str(number)}
        try:
            return workspace.flows.replace(kept.id, document, after=1)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(save, range(8)))
    assert sum(isinstance(one, StoredFlow) for one in found) == 1
    assert {one.newest for one in found if isinstance(one, Conflict)} == {2}
    assert len(workspace.flows.history(kept.id)) == 2
