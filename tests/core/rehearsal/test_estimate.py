"""The estimate of a run: the real cost lies in its range, and what is not known is said."""

from __future__ import annotations

import asyncio
import json
import time
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pytest
import yaml

from core.cast.people import copies
from core.domain.chance import Chance
from core.domain.estimates import Estimate, Measured, Range
from core.domain.models import Call, Completion, ModelFacts
from core.domain.populations import CastLine, Person
from core.domain.words import INTENTS
from core.flows import CompiledFlow, Player, compile_flow
from core.minds import GroundedMind, LanguageMind
from core.rehearsal.director import behaviour_mind
from core.rehearsal.estimate import SAMPLE, Crowd, estimate, positions
from tests.core.minds.cast import DATA, SEVEN
from tests.core.minds.language.fakes import MODEL, answer

FLOWS = sorted((DATA / "samples" / "flows").glob("*.yaml"))
PRICED = MODEL.model_copy(update={"input_price": 0.15, "output_price": 0.60})
FACTS = ModelFacts(provider="openai", structured=True)
KINDS: dict[str, tuple[tuple[float, ...], tuple[Any, ...]]] = {
    "quiet": ((60, 30, 4, 5, 1), INTENTS),
    "mixed": ((30, 25, 15, 28, 2), INTENTS),
    "curious": ((15, 20, 5, 58, 2), ("question", "price_question", "interested", "thanks")),
}
"""How often people ignore, read, click, reply and unsubscribe, and what they say."""


class Priced:
    """Answers like people of a kind, and counts tokens as one tokenizer does.

    Its usage is what a provider would bill: our English has 3.8 to 4.2 characters a token.
    """

    def __init__(self, kind: str, characters: float) -> None:
        self._weights, self._intents = KINDS[kind]
        self._characters = characters
        self.spent: list[Completion] = []

    async def complete(self, call: Call) -> Completion:
        chance = Chance(3, call.key())
        did = ("ignore", "read", "click", "reply", "unsubscribe")
        said = answer(did[chance.weighted("did", self._weights)], why="They are busy today.")
        said["delay_hours"] = round(min(200.0, chance.lognormal("delay", 3.0, 1.2)), 1)
        if said["text"]:
            said["text"] = "I would like to know what it costs. " * chance.pick("n", (1, 2, 3))
            said["intent"] = chance.pick("intent", self._intents)
        text = json.dumps(said) if chance.uniform("broken") > 0.02 else "Let me think about it."
        asked = sum(len(one["content"].encode()) for one in call.messages) + len(str(call.schema))
        done = Completion(
            text,
            prompt_tokens=round(asked / self._characters) + 9,
            completion_tokens=round(len(text) / self._characters),
            key=call.key(),
        )
        self.spent.append(done)
        return done


@lru_cache
def compiled(path: Any) -> CompiledFlow:
    return compile_flow(yaml.safe_load(path.read_text("utf-8")))


@lru_cache
def everybody(seed: int, each: int = 10) -> tuple[Person, ...]:
    return tuple(copies([CastLine(persona=one, copies=each) for one in SEVEN], SEVEN, seed))


@lru_cache
def mind() -> Any:
    return behaviour_mind({})


def estimated(path: Any, seed: int = 7, model: Any = PRICED, **more: Any) -> Estimate:
    people = everybody(seed)
    crowds = more.pop("crowds", [Crowd(people, len(people))])
    facts = more.pop("facts", FACTS)
    return estimate(compiled(path), SEVEN, crowds, model, facts, mind(), seed=seed, **more)


def played(path: Any, seed: int, layer: Priced) -> None:
    twin = GroundedMind()

    async def go() -> None:
        asked = LanguageMind(layer, PRICED)
        for person in everybody(seed):
            persona = SEVEN[person.persona]
            await Player(compiled(path), person, persona, mind=asked, twin=twin, seed=seed).play()

    asyncio.run(go())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_what_a_run_costs_lies_in_the_range(path: Any, kind: str) -> None:
    for seed, characters in ((7, 4.1), (11, 3.4)):
        layer = Priced(kind, characters)
        played(path, seed, layer)
        guess = estimated(path, seed)
        asked = sum(one.prompt_tokens for one in layer.spent)
        said = sum(one.completion_tokens for one in layer.spent)
        usd = (asked * 0.15 + said * 0.60) / 1e6
        assert guess.usd is not None
        for real, span in (
            (len(layer.spent), guess.calls),
            (asked, guess.prompt_tokens),
            (said, guess.completion_tokens),
            (usd, guess.usd),
        ):
            assert span.low <= real <= span.high, (real, span)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_ranges_are_in_order_and_repeat(path: Any) -> None:
    guess = estimated(path)
    assert guess == estimated(path)
    assert guess.usd is not None
    for span in (
        guess.calls, guess.prompt_tokens, guess.completion_tokens, guess.usd, guess.seconds
    ):  # fmt: skip
        assert 0 < span.low < span.likely < span.high
    assert (guess.people, guess.sample, guess.model) == (70, SAMPLE, "openai/told")
    assert len(guess.assumptions) >= 5


def test_is_made_at_once() -> None:
    estimated(FLOWS[0])
    before = time.process_time()
    for path in FLOWS:
        estimated(path)
    assert (time.process_time() - before) / len(FLOWS) < 0.5


def test_unknown_prices_are_said_and_never_guessed() -> None:
    none = estimated(FLOWS[1], model=MODEL)
    assert none.usd is None
    assert "prompts and answers" in none.unpriced
    half = estimated(FLOWS[1], model=MODEL, facts=ModelFacts(provider="x", input_price=1.0))
    assert half.usd is None
    assert "for answers" in half.unpriced
    known = ModelFacts(provider="openai", input_price=0.15, output_price=0.6)
    assert estimated(FLOWS[1], model=MODEL, facts=known).usd == estimated(FLOWS[1]).usd
    free = MODEL.model_copy(update={"input_price": 0.0, "output_price": 0.0})
    assert estimated(FLOWS[1], model=free).usd == Range(low=0, likely=0, high=0)


def test_own_figures_narrow_the_range() -> None:
    known = Measured(calls=900, completion_mean=64, completion_sd=20, seconds_mean=1.5, repairs=9)
    guess, blind = estimated(FLOWS[0], measured=known), estimated(FLOWS[0])
    few = Measured(calls=29, completion_mean=900, completion_sd=20, seconds_mean=90)
    assert estimated(FLOWS[0], measured=few) == blind
    own, assumed = guess.completion_tokens, blind.completion_tokens
    assert own.high / own.low < assumed.high / assumed.low
    assert guess.calls.likely * 60 < own.likely < guess.calls.likely * 70
    assert "900 calls" in " ".join(guess.assumptions)


def test_allowances_make_it_last() -> None:
    slow = PRICED.model_copy(update={"requests_per_minute": 10})
    guess = estimated(FLOWS[1], model=slow)
    assert guess.seconds.low == pytest.approx(6 * guess.calls.low)
    assert guess.seconds.high == pytest.approx(6 * guess.calls.high)
    words = PRICED.model_copy(update={"tokens_per_minute": 1_000})
    guess = estimated(FLOWS[1], model=words)
    total = guess.prompt_tokens.likely + guess.completion_tokens.likely
    assert guess.seconds.likely == pytest.approx(total * 0.06)


def test_casts_of_the_flows_own_tests_are_counted() -> None:
    people = everybody(7)
    eddies = [one for one in people if one.persona == "eager-eddie"]
    crowds = [Crowd(people, len(people)), Crowd(eddies, 50)]
    both, alone = estimated(FLOWS[0], crowds=crowds), estimated(FLOWS[0])
    assert both.people == alone.people + 50
    assert both.calls.likely > alone.calls.likely + 100


def test_answers_are_no_longer_than_the_model_may_make_them() -> None:
    brief = PRICED.model_copy(update={"max_tokens": 40})
    guess = estimated(FLOWS[0], model=brief)
    assert guess.completion_tokens.high <= 1.09 * 40 * guess.calls.high


@pytest.mark.parametrize("size", [1, 3, 59, 60, 61, 1_000, 1_000_000])
def test_sample_is_spread_evenly(size: int) -> None:
    taken = positions(size)
    assert len(taken) == len(set(taken)) == min(size, SAMPLE)
    assert all(0 <= at < size for at in taken)
    steps = [b - a for a, b in pairwise(taken)]
    assert not steps or max(steps) - min(steps) <= 1
