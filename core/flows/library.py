"""The flows of a workspace: kept as they were given, each save a version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.findings import Finding
from core.domain.flows import StoredFlow
from core.domain.personas import slug
from core.flows.compiled import CompiledFlow
from core.flows.compiling import compile_flow
from core.flows.reading import is_json, read_flow
from core.flows.validation import Validation, repair, validate_document
from core.flows.writing import same, written
from core.store import FlowTable


class FlowTemplate(NamedTuple):
    """A flow to start from."""

    id: str
    name: str
    description: str
    document: dict[str, Any]


class Flows:
    """The flows of one workspace.

    Args:
        table: Where they are kept.
        samples: The folder of templates.
        max_bytes: The largest document that may come in.
        runs_of: How many runs played a flow, which then cannot be deleted.
    """

    def __init__(
        self,
        table: FlowTable,
        samples: Path,
        *,
        max_bytes: int,
        runs_of: Callable[[str], int],
    ) -> None:
        self._table = table
        self._samples = samples
        self._max_bytes = max_bytes
        self._runs_of = runs_of
        self.compiled = lru_cache(maxsize=32)(self._compiled)
        self._validated = lru_cache(maxsize=32)(self._validation)

    def list(self) -> list[StoredFlow]:
        """The newest version of every flow, by name."""
        return self._table.all()

    def get(self, id: str, version: int | None = None) -> StoredFlow:
        """One flow.

        Raises:
            NotFound: If there is none, or no such version.
        """
        flow = self._table.one(id, version)
        if flow is None:
            which = f" in version {version}" if version else ""
            raise NotFound(f"There is no flow '{id}'{which} here.", place="flow")
        return flow

    def history(self, id: str) -> Sequence[StoredFlow]:
        """Every version, newest first."""
        return self._table.history(self.get(id).id)

    def create(
        self, document: dict[str, Any], *, id: str | None = None, text: str | None = None
    ) -> StoredFlow:
        """Keep a new flow. One that cannot be compiled is kept too: its findings say why.

        Args:
            document: The flow.
            id: What to call it, if that is free.
            text: The YAML that it was read from, which keeps its comments.

        Raises:
            BadInput: If it is no flow at all (no steps, no usable name).
        """
        name = _name_of(document)
        text = self._true_text(document, text)
        taken = self._table.taken()
        base = id or slug(name, "flow")
        numbered = (base if n == 1 else f"{base}-{n}" for n in range(1, 1_000_000))
        free = next(candidate for candidate in numbered if candidate not in taken)
        self._table.add(free, name, document, text=text)
        return self.get(free)

    def read(self, data: bytes | str, source: str = "flow") -> dict[str, Any]:
        """A document from JSON or YAML text.

        Raises:
            BadInput: With the place, if it cannot be read.
            TooLarge: If it is over a limit.
        """
        return read_flow(data, source=source, max_bytes=self._max_bytes)

    def text_in(self, data: bytes | str) -> str | None:
        """The text that `read` read, to be kept with its document; None where it is JSON."""
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        text = text.removeprefix("\ufeff")
        return None if is_json(text) else text

    def text_of(self, flow: StoredFlow) -> str:
        """A flow as YAML: the text that was kept, else one that is made from the document."""
        return flow.text if flow.text is not None else written(flow.document)

    def keep(self, document: dict[str, Any], *, text: str | None = None) -> StoredFlow:
        """The newest version of an equal flow, else a new flow or a new version by its name."""
        name = _name_of(document)
        for flow in self._table.all():
            if flow.name == name:
                equal = flow.document == document and text in (None, flow.text)
                return flow if equal else self.replace(flow.id, document, text=text)
        return self.create(document, text=text)

    def keep_aside(self, id: str, document: dict[str, Any]) -> StoredFlow:
        """Keep a flow that is in no list, to be played by its version: a variant of another one.

        Args:
            id: What to call it: what is kept under a name stays as it is.
            document: The flow.

        Raises:
            BadInput: If it is no flow at all.
        """
        kept = self._table.one(id, 1)
        if kept is None:
            self._table.add(id, _name_of(document), document, deleted=True)
        return kept or self.get(id, 1)

    def replace(
        self,
        id: str,
        document: dict[str, Any],
        *,
        text: str | None = None,
        after: int | None = None,
    ) -> StoredFlow:
        """Keep a new version of a flow; where nothing changed, the newest stays the newest.

        Args:
            id: The flow.
            document: What it is now.
            text: The YAML that the document was read from. Without it, the text of the version
                before is carried on, with its comments.
            after: The version that was changed.

        Raises:
            Conflict: If ``after`` is not the newest version; carries the newest.
        """
        flow = self.get(id)
        name = _name_of(document)
        if same(flow.document, document) and text in (None, flow.text):
            return flow
        text = self._true_text(document, flow.text if text is None else text)
        if after is None:
            self._table.add(flow.id, name, document, text=text)
            return self.get(flow.id)
        if self._table.add_after(after, flow.id, name, document, text=text) is None:
            newest = self.get(id).version
            raise Conflict(
                f"Version {newest} of '{flow.name}' was saved in the meantime.",
                place="after",
                fix="Look at both, or merge yours with it; nothing of yours is lost.",
                newest=newest,
            )
        return self.get(flow.id)

    def _true_text(self, document: dict[str, Any], text: str | None) -> str | None:
        """The text, made to say exactly what the document says."""
        return None if text is None else written(document, text)

    def delete(self, id: str) -> None:
        """Take a flow away.

        Raises:
            Conflict: If runs have played it.
        """
        flow = self.get(id)
        runs = self._runs_of(flow.id)
        if runs:
            raise Conflict(
                f"{runs} rehearsal{'s' if runs > 1 else ''} of '{flow.name}' would lose its flow.",
                fix="Delete those first.",
            )
        self._table.add(flow.id, flow.name, {}, deleted=True)

    def templates(self) -> Sequence[FlowTemplate]:
        """Flows to start from, by name."""
        found = []
        for path in sorted(self._samples.glob("*.yaml")):
            document = read_flow(path.read_bytes(), source=path.name)
            found.append(
                FlowTemplate(path.stem, document["name"], document.get("description", ""), document)
            )
        return found

    def validation(self, id: str, version: int | None = None) -> Validation:
        """What the checks find in a flow, worst first."""
        flow = self.get(id, version)
        return self._validated(flow.id, flow.version)

    def mend(self, id: str, finding: Finding) -> StoredFlow:
        """Keep a new version of a flow in which a finding is mended.

        Raises:
            Conflict: If it is not there any more, or only a person can mend it.
        """
        flow = self.get(id)
        document = repair(flow.document, finding)
        if document is None:
            raise Conflict(
                "This finding cannot be mended by itself, or it is gone already.",
                place=finding.step_id,
                fix=finding.fix,
            )
        return self.replace(flow.id, document)

    def _validation(self, id: str, version: int) -> Validation:
        return validate_document(self.get(id, version).document)

    def _compiled(self, id: str, version: int) -> CompiledFlow:
        """A version made ready to play.

        Raises:
            InvalidFlow: If it cannot be compiled.
        """
        return compile_flow(self.get(id, version).document)


def _name_of(document: dict[str, Any]) -> str:
    """The document's name, after making sure that it is a flow at all."""
    steps = document.get("steps")
    if not isinstance(steps, list) or not steps:
        raise BadInput("A flow needs a list of steps.", place="steps", fix="Add at least one step.")
    name = document.get("name", "Untitled flow")
    if not isinstance(name, str) or not name.strip() or len(name) > 255:
        raise BadInput("The name must be 1 to 255 characters.", place="name")
    return name.strip()
