"""Who is debugged, in which flow, by which engine: found, and frozen for the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from core.cast import Personas, copy_of
from core.debugger.changing import field_value
from core.debugger.kept import Kept, Part, person_kept, reaction_kept, told
from core.debugger.minds import Waiting
from core.debugger.playing import Scene
from core.debugger.recorded import recorded
from core.domain.debugging import SessionDraft, Who
from core.domain.errors import BadInput, NotFound
from core.domain.models import Model
from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.runs import Engine, Run
from core.flows import Flows, compile_flow, made_up, made_up_persona, restored
from core.minds import Gateway, LanguageMind, Mind, RepliesMind
from core.rehearsal import ParameterVersions, Rehearsals, Stage
from core.store import Store

LONGEST_ID = 255


@dataclass(frozen=True)
class Found:
    """What a draft means."""

    document: dict[str, Any]
    flow_id: str | None
    flow_version: int | None
    part: Part
    seed: int
    engine: Engine
    contact_id: str
    name: str


class Casting:
    """Finds who is debugged, and makes ready what plays them.

    Args:
        store: The workspace's tables.
        flows: Its flows.
        personas: Its personas.
        parameters: Its versions of the behaviour model's parameters.
        rehearsals: Its runs.
        keep_model: Finds a language model by its name.
        gateway: The way to language models.
    """

    def __init__(
        self,
        store: Store,
        flows: Flows,
        personas: Personas,
        parameters: ParameterVersions,
        rehearsals: Rehearsals,
        keep_model: Callable[[str], Model],
        gateway: Gateway,
    ) -> None:
        self._store = store
        self._flows = flows
        self._personas = personas
        self._parameters = parameters
        self._rehearsals = rehearsals
        self._keep_model = keep_model
        self._gateway = gateway

    def find(self, draft: SessionDraft) -> Found:
        """What a draft means.

        Raises:
            NotFound: If the flow, the run, the contact or the persona is not there.
            InvalidFlow: If the flow cannot be compiled.
            BadInput: If a model is missing, or given where none is asked.
        """
        if draft.who.run_id is not None:
            return self._of_run(draft)
        if (draft.engine == "language") != (draft.model is not None):
            raise BadInput(
                "A language model is needed for the language engine, and for no other.",
                place="model",
            )
        document, version = self._drawn(draft)
        flow = compile_flow(document)
        person, persona = self._somebody(draft.who, draft.seed)
        part = Part(
            person=person_kept(person),
            persona=persona,
            parameters=self._parameters.changes(self._parameters.newest()),
            twins=self._rehearsals.twins_in(flow),
            model=None if draft.model is None else self._keep_model(draft.model),
            replies=draft.who.replies if draft.who.persona else draft.who.replies or [],
        )
        name = f"{flow.name}: {person.attributes.get('name') or person.id}"
        return Found(
            document, draft.flow_id, version, part, draft.seed, draft.engine, person.id, name
        )

    def _drawn(self, draft: SessionDraft) -> tuple[dict[str, Any], int | None]:
        """The document that is played, and its version where it is a kept one."""
        if draft.document is not None and draft.flow_id is None:
            return draft.document, None
        stored = self._flows.get(draft.flow_id or "", draft.version)
        if draft.document is None:
            return stored.document, stored.version
        document = restored(draft.document, stored.document)
        return document, stored.version if document == stored.document else None

    def _somebody(self, who: Who, seed: int) -> tuple[Person, Persona]:
        """A copy of a persona, with what was given in place of its own; or somebody made up."""
        given = {
            name: value if name == "id" else field_value(name, value, f"who.contact.{name}")
            for name, value in (who.contact or {}).items()
        }
        id = given.get("id", "")
        if not isinstance(id, str) or len(id) > LONGEST_ID:
            raise BadInput("A contact's id is words.", place="who.contact.id")
        if who.persona is None:
            return made_up(given), made_up_persona()
        try:
            persona = self._personas.find(who.persona)
        except NotFound as error:
            error.place = "who.persona"
            raise
        person = copy_of(persona, f"{persona.id}-{who.copy_number:04}", seed)
        given.pop("id", None)
        return replace(person, attributes={**person.attributes, **given}), persona

    def _of_run(self, draft: SessionDraft) -> Found:
        """Somebody as a run played them."""
        who = draft.who
        run = self._rehearsals.get(who.run_id or "")
        run, person = self._member(run, who.contact_id or "")
        stored = self._flows.get(run.flow_id, run.flow_version)
        compile_flow(stored.document)
        events = self._store.events.of_contact(run.id, person.id)
        said = recorded(events) if run.engine == "language" else {}
        part = Part(
            person=person_kept(person),
            persona=self._store.populations.personas(run.population_id)[person.persona],
            parameters=self._parameters.changes(run.parameters_version),
            twins=run.twins,
            model=run.model,
            recorded=[(*key, reaction_kept(reaction)) for key, reaction in said.items()],
        )
        number = f"run {run.number}" if run.number else "a test's run"
        name = f"{person.attributes.get('name') or person.id}, {number}"
        return Found(
            stored.document,
            stored.id,
            stored.version,
            part,
            run.seed,
            run.engine,
            person.id,
            name,
        )

    def _member(self, run: Run, contact_id: str) -> tuple[Run, Person]:
        """A contact of a run, or of the runs that played its tests."""
        for one in (run, *self._store.runs.children(run.id)):
            person = self._store.populations.person(one.population_id, contact_id)
            if person is not None:
                return one, person
        raise NotFound(f"There is no contact '{contact_id}' in this rehearsal.", place="contact_id")

    def scene(self, kept: Kept) -> Scene:
        """What a session plays, made ready.

        Raises:
            NotFound: If a twin that it names is not there any more.
        """
        session, part = kept.session, kept.part
        script = self._rehearsals.script(
            session.document,
            {part.persona.id: part.persona},
            seed=session.seed,
            parameters=part.parameters,
            twins=part.twins,
        )
        stage = Stage(script)
        mind: Mind = stage.mind if part.replies is None else RepliesMind(part.replies)
        waiting = None
        if session.engine == "language" and part.model is not None and part.replies is None:
            waiting = Waiting({})
            mind = LanguageMind(self._gateway, part.model, account=session.id)
        return Scene(
            stage=stage,
            person=part.who,
            persona=stage.personas[part.persona.id],
            mind=mind,
            seed=session.seed,
            waiting=waiting,
            recorded=told(part.recorded),
        )
