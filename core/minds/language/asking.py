"""The question to a model: one reaction's messages, and the repair of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain.models import Call, Model
from core.domain.personas import Persona
from core.domain.reactions import Reaction, Situation
from core.minds.language.acting import deed_of
from core.minds.language.answer import FORM_SCHEMA, PLAIN_SCHEMA
from core.minds.language.showing import arrival, asked, body_text, clean, links_of, shown
from core.minds.language.telling import (
    clock_words,
    first_name,
    memory_words,
    person_words,
    persona_words,
)
from core.minds.prompts import load_prompt

PROMPTS = Path(__file__).parent / "prompts"
REACTION, REPAIR = "reaction-1", "repair-1"
MEMORY = "language"
"""Where this engine keeps what it remembers in ``situation.memory``: deeds, calls made, and the
words for the person, who stays the same."""
_QUOTED = 1_000
_KEPT_PERSONAS = 2_000


class Asker:
    """Makes the calls of reactions; the part of a persona is worked out once for each.

    Args:
        model: Who is asked.
        account: Whose budget pays.
    """

    def __init__(self, model: Model, account: str | None = None) -> None:
        self.model = model
        self.account = account
        self._system = load_prompt(PROMPTS, f"{REACTION}.system")
        self._user = load_prompt(PROMPTS, f"{REACTION}.user")
        self._repair = load_prompt(PROMPTS, REPAIR)
        self._form = load_prompt(PROMPTS, f"{REACTION}.answers").fill() + "\n"
        self._personas: dict[tuple[int, bool], tuple[Persona, str]] = {}

    def reaction(self, situation: Situation) -> Call:
        """What this person does with this message, as a question.

        The step's id is not in it: a step with another name asks nothing anew, and what was said
        before is in the words.
        """
        message = situation.message
        form = bool(message.questions)
        return Call(
            model=self.model,
            messages=(
                {"role": "system", "content": self._of_persona(situation.persona, form)},
                {"role": "user", "content": self._of_message(situation)},
            ),
            prompt=REACTION,
            draw=situation.draw,
            schema=FORM_SCHEMA if form else PLAIN_SCHEMA,
            account=self.account,
            about=(situation.person.id, message.step_id, situation.visit),
        )

    def repair(self, call: Call, answer: str, error: str) -> Call:
        """The same question with the answer that could not be used, and what is wrong with it."""
        return Call(
            model=call.model,
            messages=(
                *call.messages,
                {"role": "assistant", "content": clean(answer, _QUOTED).strip() or "(nothing)"},
                {"role": "user", "content": self._repair.fill(error=clean(error, 600))},
            ),
            prompt=REPAIR,
            draw=call.draw,
            schema=call.schema,
            account=call.account,
            about=call.about,
        )

    def _of_persona(self, persona: Persona, form: bool) -> str:
        key = id(persona), form
        kept = self._personas.get(key)
        if kept is None or kept[0] is not persona:
            if len(self._personas) >= _KEPT_PERSONAS:
                self._personas.clear()
            text = self._system.fill(
                persona=persona_words(persona),
                answers='"answers": …, ' if form else "",
                answer_form=self._form if form else "",
            )
            kept = self._personas[key] = (persona, text)
        return kept[1]

    def _of_message(self, situation: Situation) -> str:
        message, person, own = situation.message, situation.person, recall(situation.memory)
        if "person" not in own:
            own["person"] = person_words(person)
        body = body_text(message)
        link, leave = links_of(body)
        actions = ["ignore it", "read it and do nothing", "reply"]
        actions += ["click the link"] if link else []
        actions += ["unsubscribe by its link"] if leave else []
        return self._user.fill(
            person=own["person"],
            memory=memory_words(situation.history, own["deeds"], message.sent_at),
            now=clock_words(message),
            arrival=arrival(message),
            message=shown(message, body),
            questions=asked(message.questions),
            actions=", ".join(actions),
            name=first_name(person),
        )


def recall(memory: dict[str, Any]) -> dict[str, Any]:
    """What this engine remembers of a contact; plain values only."""
    own: dict[str, Any] = memory.setdefault(MEMORY, {"calls": 0, "deeds": []})
    return own


def remember(memory: dict[str, Any], reaction: Reaction) -> None:
    """Keep what the person did with a message; every message gets one entry, in order."""
    recall(memory)["deeds"].append(list(deed_of(reaction)))


def source_of(call: Call, key: str = "") -> Mapping[str, str]:
    """Who said it: the model, the prompt, and the address of the answer."""
    return {"model": call.model.model, "prompt": call.prompt, "call": key or call.key()}
