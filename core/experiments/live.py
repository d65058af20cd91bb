"""Live experiments: participants are sent to a variant once, and what they do is taken down."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.domain.errors import BadInput, Conflict
from core.domain.experiment_life import Assigned, LiveEvent, Received, known_of
from core.domain.experiments import Experiment
from core.domain.moments import in_utc
from core.experiments.assignment import (
    by_hash,
    lacking,
    place_of,
    shared_out,
    shares_of,
    stratum_of,
    variant_at,
)
from core.store import LiveRow, Store, utc_now

NAMED = 20
"""So many contacts without a variant are remembered by name."""
LONGEST_ID = 200
_A_DAY = timedelta(days=1)
Person = tuple[str, Mapping[str, Any]]
"""A participant's id, and what is known of them."""
Met = tuple[str, str, Mapping[str, Any]]
"""The same, with the variant that they met between."""
People = Mapping[str, Mapping[str, Any]]


class Chooses(Protocol):
    """A bandit: says how likely each variant is now."""

    def shares(self, experiment: Experiment) -> tuple[int, dict[str, float]]:
        """(round, each variant's probability)."""
        ...


class LiveRoom:
    """Sends participants to variants, and takes down what they do.

    Args:
        store: The workspace's tables.
        bandit: Says what a bandit's probabilities are.
    """

    def __init__(self, store: Store, bandit: Chooses) -> None:
        self._store = store
        self._bandit = bandit
        self._lock = threading.Lock()

    def assign(
        self,
        experiment: Experiment,
        contact_id: str,
        attributes: Mapping[str, Any],
        at: datetime | None = None,
    ) -> Assigned:
        """The variant that a participant meets: decided once, the same ever after.

        Raises:
            Conflict: If the experiment is not running and the participant is not in it yet.
            BadInput: If that cannot be an id.
        """
        return self.assign_all(experiment, [(contact_id, attributes)], at)[0]

    def assign_all(
        self, experiment: Experiment, people: Sequence[Person], at: datetime | None = None
    ) -> list[Assigned]:
        """The same for a list; a stratified one is shared out exactly within each stratum.

        Args:
            experiment: The experiment.
            people: Who comes in, and what is known of them.
            at: When; now where it is not given.

        Raises:
            Conflict: If the experiment is not running and somebody is not in it yet.
            BadInput: If something cannot be an id.
        """
        for contact, told in people:
            _check_id(contact)
            _check_told(contact, told)
        with self._lock:
            known = self._store.live.entered(experiment.id, [contact for contact, _ in people])
            new = {contact: told for contact, told in people if contact not in known}
            if new:
                _check_running(experiment)
            chosen = self._chosen(experiment, new)
            rows = {row.contact_id: row._replace(at=at and in_utc(at)) for row in chosen}
            if rows:
                self._store.live.append(experiment.id, list(rows.values()))
        answers: list[Assigned] = []
        for contact, _ in people:
            if contact in known:
                there = known[contact]
                answers.append(_answer(contact, there.variant, there.probability, new=False))
            else:
                row = rows[contact]
                answers.append(_answer(contact, row.variant, row.payload["probability"], new=True))
        return answers

    def enter(
        self, experiment: Experiment, known: Sequence[tuple[str, str, Mapping[str, Any]]]
    ) -> int:
        """Take down who met which variant, where another system decided that.

        Args:
            experiment: The experiment.
            known: Contact, variant, and what is known of them.

        Returns:
            How many are new; who is in the experiment already stays where they are.

        Raises:
            BadInput: If there is no such variant.
            Conflict: If the experiment lets nobody new in.
        """
        _check_running(experiment)
        design, shares = experiment.design, shares_of(experiment.design.variants)
        ids = {name: one.id for one in design.variants for name in (one.in_data, one.id)}
        for contact, variant, _ in known:
            _check_id(contact)
            if variant not in ids:
                raise BadInput(
                    f"There is no variant '{variant}'.",
                    place="variant",
                    fix=f"There are: {', '.join(shares)}.",
                )
        with self._lock:
            there = self._store.live.entered(experiment.id, [one for one, _, _ in known])
            rows = {
                contact: _entering(contact, told, ids[variant], shares[ids[variant]])
                for contact, variant, told in known
                if contact not in there
            }
            if rows:
                self._store.live.append(experiment.id, list(rows.values()))
        return len(rows)

    def receive(self, experiment: Experiment, events: Sequence[LiveEvent]) -> Received:
        """Take down what participants did; each event of an id counts once.

        Raises:
            Conflict: If the experiment has not started, or has been decided.
        """
        if experiment.status not in ("running", "stopped"):
            text = "has not started" if experiment.status == "draft" else "has been decided"
            raise Conflict(
                f"“{experiment.design.name}” {text}.",
                fix="Start it first." if experiment.status == "draft" else None,
            )
        with self._lock:
            return self._received(experiment, events)

    def _received(self, experiment: Experiment, events: Sequence[LiveEvent]) -> Received:
        live = self._store.live
        known = live.known(experiment.id, [event.id for event in events if event.id])
        fresh: list[LiveEvent] = []
        for event in events:
            if not event.id or event.id not in known:
                fresh.append(event)
                known.add(event.id)
        entered = live.entered(experiment.id, {event.contact_id for event in fresh})
        ours = [event for event in fresh if event.contact_id in entered]
        strangers = [event.contact_id for event in fresh if event.contact_id not in entered]
        if ours:
            live.append(
                experiment.id, [_row(event, entered[event.contact_id].variant) for event in ours]
            )
        if strangers:
            self._note_strangers(experiment.id, strangers)
        return Received(
            kept=len(ours),
            repeated=len(events) - len(fresh),
            unknown=len(strangers),
            unknown_contacts=tuple(dict.fromkeys(strangers))[:NAMED],
            early=sum(one.at is not None and one.at < entered[one.contact_id].at for one in ours),
            ahead=sum(one.at is not None and one.at > utc_now() + _A_DAY for one in ours),
        )

    def strangers(self, id: str) -> Received:
        """How many events came in of contacts that no variant was assigned to."""
        kept = self._store.facts.get(_fact(id)) or {"events": 0, "contacts": []}
        return Received(kept=0, unknown=kept["events"], unknown_contacts=tuple(kept["contacts"]))

    def _note_strangers(self, id: str, contacts: Sequence[str]) -> None:
        before = self.strangers(id)
        names = dict.fromkeys([*before.unknown_contacts, *contacts])
        told = {"events": before.unknown + len(contacts), "contacts": list(names)[:NAMED]}
        self._store.facts.put(_fact(id), told)

    def forget(self, id: str) -> None:
        """Forget what is kept beside the events of an experiment that is deleted."""
        if self._store.facts.get(_fact(id)) is not None:
            self._store.facts.put(_fact(id), None)

    # Choosing

    def _chosen(self, experiment: Experiment, new: People) -> list[LiveRow]:
        how = experiment.design.assignment.how
        if how == "stratified":
            return list(self._balanced(experiment, new))
        if how == "bandit":
            return list(self._by_bandit(experiment, new))
        salt, shares = _salt(experiment), shares_of(experiment.design.variants)
        return [
            _entering(contact, told, variant, shares[variant])
            for contact, told in new.items()
            for variant in [by_hash(salt, contact, shares)]
        ]

    def _by_bandit(self, experiment: Experiment, new: People) -> Iterator[LiveRow]:
        """By a bandit's probabilities, which are kept beside each decision."""
        if not new:
            return
        round, shares = self._bandit.shares(experiment)
        salt = _salt(experiment)
        for contact, told in new.items():
            variant = by_hash(salt, contact, shares)
            yield _entering(contact, told, variant, shares[variant], round=round, shares=shares)

    def _balanced(self, experiment: Experiment, new: People) -> Iterator[LiveRow]:
        """Balanced within each stratum: one by one, or exactly where a list comes at once."""
        design, salt = experiment.design, _salt(experiment)
        shares = shares_of(design.variants)
        strata = {id: stratum_of(told, design.assignment.strata) for id, told in new.items()}
        counts = {
            stratum: self._store.live.counts(experiment.id, stratum)
            for stratum in set(strata.values())
        }
        fresh = {id: stratum for id, stratum in strata.items() if not counts[stratum]}
        listed = shared_out(salt, fresh, fresh, shares) if len(fresh) > 1 else {}
        for contact, told in new.items():
            stratum = strata[contact]
            if contact in listed:
                variant, likely = listed[contact], shares[listed[contact]]
            else:
                wanted = lacking(shares, counts[stratum])
                variant = variant_at(place_of(f"{salt}:{stratum}", contact), wanted)
                likely = wanted[variant]
                counts[stratum][variant] = counts[stratum].get(variant, 0) + 1
            yield _entering(contact, told, variant, likely, stratum=stratum)


def _entering(
    contact: str, told: Mapping[str, Any], variant: str, probability: float, **more: Any
) -> LiveRow:
    payload = {"probability": probability, **more, "segments": dict(told)}
    return LiveRow(contact, variant, "entered", payload)


def _row(event: LiveEvent, variant: str) -> LiveRow:
    told = {"id": event.id or None, "name": event.name, "value": event.value}
    payload = {**event.payload, **{key: one for key, one in told.items() if one is not None}}
    return LiveRow(
        event.contact_id,
        variant,
        event.kind,
        payload,
        event.at,
        event.step_id,
        event.channel,
        event.body,
    )


def _answer(contact: str, variant: str, probability: float, *, new: bool) -> Assigned:
    return Assigned(contact_id=contact, variant=variant, probability=probability, new=new)


def _salt(experiment: Experiment) -> str:
    return experiment.design.assignment.salt or experiment.id


def _fact(id: str) -> str:
    return f"experiments.strangers.{id}"


def _check_running(experiment: Experiment) -> None:
    """Refuse to let anybody in who would count nowhere."""
    if experiment.source != "live":
        raise Conflict(
            "Only a live experiment sends real people to variants.",
            fix="Copy it as a live one.",
        )
    if experiment.status != "running":
        text = "has not started" if experiment.status == "draft" else "takes nobody new"
        raise Conflict(f"“{experiment.design.name}” {text}.", fix="Start or resume it first.")


def _check_told(contact: str, told: Mapping[str, Any]) -> None:
    try:
        known_of(dict(told))
    except ValueError as error:
        raise BadInput(f"What is known of '{contact}' {error}.", place="attributes") from error


def _check_id(contact: str) -> None:
    if not contact.strip() or len(contact) > LONGEST_ID or any(ord(c) < 32 for c in contact):
        raise BadInput(
            f"A participant's id has 1 to {LONGEST_ID} characters, on one line.",
            place="contact_id",
        )
