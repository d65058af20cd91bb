"""What a run with a language model will cost, as a range, before it starts.

The flow is played with a few of the people by pilots: the behaviour model, somebody who never
answers, one who always does, one who always asks, one who soon leaves. Each message that reaches
one of them is put as the real question, and counted. How a model behaves lies somewhere between
them, so they give the range; prices and allowances are the model's own.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev

from core.domain.estimates import Estimate, Measured, Range
from core.domain.models import MILLION, Model, ModelFacts
from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import Reaction, Situation
from core.flows import CompiledFlow, Player
from core.minds import Asker, GroundedMind, Mind, ScriptedMind, TwinMind
from core.rehearsal.pilots import Pilot, Tally, always, asking, leaving, never

SAMPLE = 60
"""How many people the behaviour model plays; the other pilots, who all do alike, a quarter."""
ENOUGH_CALLS = 30
"""From so many calls on, the workspace's own figures are used instead of assumptions."""

PLAIN = Range(low=1 / 4.4, likely=1 / 3.95, high=1 / 3.0)
"""Tokens of an ASCII character: our prompts have 1/4.16 to 1/3.81 with o200k, cl100k and
Anthropic's published tokenizer; newer ones are not published, so the range is wider."""
OTHER = Range(low=1 / 6, likely=1 / 3, high=1 / 1.6)
"""Tokens of a byte outside ASCII: 1/6.3 (Arabic, o200k) to 1/1.65 (emoji, cl100k)."""
SCHEMA = Range(low=0.0, likely=1.0, high=1.5)
"""How much of the answer's schema is counted as prompt: providers differ."""
WRAPPING = Range(low=4, likely=12, high=40)
TOOL = Range(low=0, likely=350, high=600)
"""Tokens that a provider may add to a question: marks between messages, words about a tool."""
ANSWER = Range(low=25, likely=60, high=130)
PER_QUESTION = Range(low=0, likely=8, high=18)
"""Tokens of an answer, and for each question of a form: ours are 36 (ignored) to 66 (a reply)."""
REPAIRS = Range(low=0, likely=0.01, high=0.08)
REPAIR_TOKENS = Range(low=60, likely=150, high=350)
"""How many answers are asked for again, and what a repair adds to its question."""
SECONDS = Range(low=0.5, likely=2.5, high=12)

Act = Callable[[Situation], Reaction]


@dataclass(frozen=True)
class Crowd:
    """People who will play: some of them, and how many there are.

    Attributes:
        people: All of them, or enough to choose from (``positions`` says which).
        size: How many will play.
    """

    people: Sequence[Person]
    size: int


@dataclass(frozen=True)
class _Load:
    """What one pilot's way asks for everybody: numbers of calls, and tokens as ranges."""

    calls: float
    prompt: Range
    completion: Range

    def __add__(self, other: _Load) -> _Load:
        """Two crowds together."""
        return _Load(
            self.calls + other.calls,
            self.prompt + other.prompt,
            self.completion + other.completion,
        )


def positions(size: int, most: int = SAMPLE) -> list[int]:
    """Which people of a crowd to take: evenly spread, so that every persona is among them."""
    count = min(size, most)
    return [(2 * index + 1) * size // (2 * count) for index in range(count)]


def estimate(
    flow: CompiledFlow,
    personas: Mapping[str, Persona],
    crowds: Sequence[Crowd],
    model: Model,
    facts: ModelFacts,
    behaviour: Mind,
    *,
    seed: int = 7,
    grounding: tuple[str, ...] = (),
    twin: TwinMind | None = None,
    measured: Measured | None = None,
) -> Estimate:
    """What a run will ask and cost, if nothing of it is cached.

    Args:
        flow: The flow.
        personas: Every persona of the people, by id.
        crowds: The run's population, then those of the flow's tests that play beside it.
        model: Who will be asked.
        facts: What is known of it.
        behaviour: The embedded engine, for the likeliest way.
        seed: The run's seed.
        grounding: What the twin may rest its answers on.
        twin: Who answers in the creator's place.
        measured: What the ledger knows of this model and these prompts.
    """
    if measured is not None and measured.calls < ENOUGH_CALLS:
        measured = None
    guess = _Guess(flow, personas, model, facts, seed, grounding, twin or GroundedMind(), measured)
    likely, others, doubt = guess.loads(crowds, behaviour)
    every = [likely, *others]
    calls = _span(likely.calls, [one.calls for one in every], doubt, guess.repairs)
    prompt = _around(likely.prompt, [one.prompt for one in every], doubt)
    completion = _around(likely.completion, [one.completion for one in every], doubt)
    usd, unpriced = _price(prompt, completion, model, facts)
    return Estimate(
        model=model.model,
        people=sum(crowd.size for crowd in crowds),
        sample=guess.played,
        calls=calls,
        prompt_tokens=prompt,
        completion_tokens=completion,
        usd=usd,
        unpriced=unpriced,
        seconds=guess.seconds(calls, prompt, completion),
        assumptions=guess.assumptions(),
    )


class _Guess:
    """Plays the pilots of one estimate, and keeps what its words need."""

    def __init__(
        self,
        flow: CompiledFlow,
        personas: Mapping[str, Persona],
        model: Model,
        facts: ModelFacts,
        seed: int,
        grounding: tuple[str, ...],
        twin: TwinMind,
        measured: Measured | None,
    ) -> None:
        self._flow = flow
        self._personas = personas
        self._model = model
        self._facts = facts
        self._seed = seed
        self._grounding = grounding
        self._measured = measured
        self._twin = twin
        self.played = 0
        self.longest = 1
        self.repairs = _repairs(measured)

    def loads(
        self, crowds: Sequence[Crowd], behaviour: Mind
    ) -> tuple[_Load, list[_Load], tuple[float, float]]:
        """The behaviour model's load, the other pilots', and the doubt that the sample leaves."""
        ways: list[Mind] = [behaviour, *(ScriptedMind(way) for way in _WAYS)]
        totals = [_Load(0.0, _NONE, _NONE) for _ in ways]
        variance = 0.0
        for index, crowd in enumerate(crowds):
            most = SAMPLE if index == 0 else SAMPLE // 5
            sample = [crowd.people[at] for at in positions(len(crowd.people), most)]
            if not sample:
                continue
            self.played += len(sample)
            for number, way in enumerate(ways):
                who = sample if number == 0 else sample[:: 4 if index == 0 else 1]
                tally = self._play(way, who)
                totals[number] = totals[number] + self._load(tally, crowd.size)
                self.longest = max(self.longest, max(tally.calls))
                if number == 0 and len(sample) > 1 and len(sample) < crowd.size:
                    variance += (crowd.size * stdev(tally.calls)) ** 2 / len(sample)
        doubt = 2 * math.sqrt(variance) / totals[0].calls if totals[0].calls else 0.0
        return totals[0], totals[1:], (max(0.0, 1 - doubt), 1 + doubt)

    def seconds(self, calls: Range, prompt: Range, completion: Range) -> Range:
        """How long it takes: what is in flight, and what the allowances let through."""
        each, model = self._each(), self._model
        per_minute = model.requests_per_minute
        tokens_per_minute = model.tokens_per_minute

        tokens = prompt + completion
        side_by_side = calls * each * (1 / model.in_flight)
        one_by_one = Range(low=1, likely=self.longest / 2, high=self.longest) * each
        allowed = calls * (60 / per_minute if per_minute else 0)
        worded = tokens * (60 / tokens_per_minute if tokens_per_minute else 0)
        ways = (side_by_side, one_by_one, allowed, worded)
        return Range(
            low=max(way.low for way in ways),
            likely=max(way.likely for way in ways),
            high=max(way.high for way in ways),
        )

    def assumptions(self) -> list[str]:
        """What the ranges rest on."""
        measured, model = self._measured, self._model
        answers = (
            f"Answers have {measured.completion_mean:.0f} tokens on average "
            f"(SD {measured.completion_sd:.0f}), as in this workspace's last "
            f"{measured.calls:,} calls to this model."
            if measured
            else f"Answers have {ANSWER.low:.0f} to {ANSWER.high:.0f} tokens on average: this "
            f"workspace has fewer than {ENOUGH_CALLS} calls to this model to go by. A model that "
            "thinks before it answers needs more."
        )
        each = self._each()
        seconds = (
            f"A call takes {measured.seconds_mean:.1f} seconds, as measured here"
            if measured
            else f"A call takes {each.low:g} to {each.high:g} seconds"
        )
        return [
            f"{self.played:,} of the people were played by the behaviour model, the likeliest "
            "way, and some of them by people who never answer, always answer, always ask or soon "
            "leave: they make the range.",
            "Every call is counted as a fresh one; answers that are kept from an earlier run "
            "cost nothing.",
            "A token is 3 to 4.4 characters of plain text, and fewer of other scripts: each "
            "provider counts in its own way.",
            answers,
            f"{100 * self.repairs.low:.0f} to {100 * self.repairs.high:.0f} in 100 answers have "
            "to be asked for again.",
            f"{seconds}; at most {model.in_flight} are in flight at once.",
        ]

    def _play(self, mind: Mind, people: Sequence[Person]) -> Tally:
        """What these people are asked if they do as this mind does."""
        pilot = Pilot(mind, Asker(self._model))

        async def everybody() -> None:
            for person in people:
                pilot.begin()
                await Player(
                    self._flow,
                    person,
                    self._personas[person.persona],
                    mind=pilot,
                    twin=self._twin,
                    seed=self._seed,
                    grounding=self._grounding,
                ).play()

        asyncio.run(everybody())
        return pilot.tally

    def _load(self, tally: Tally, size: int) -> _Load:
        """A tally, for as many people as will play."""
        scale = size / len(tally.calls)
        calls = sum(tally.calls)
        return _Load(
            calls * scale, self._prompt(tally, calls) * scale, self._answers(tally, calls) * scale
        )

    def _prompt(self, tally: Tally, calls: int) -> Range:
        """Tokens of the questions that were counted, repairs included."""
        words = PLAIN * tally.plain + OTHER * tally.other + SCHEMA * (tally.schema * PLAIN.likely)
        first = words + WRAPPING * calls
        if self._facts.structured and self._facts.provider == "anthropic":
            first += TOOL * calls
        return first + (first + REPAIR_TOKENS * calls) * self.repairs

    def _answers(self, tally: Tally, calls: int) -> Range:
        """Tokens of the answers to them, repairs included."""
        if self._measured:
            first = _mean_of(self._measured) * calls
        else:
            first = ANSWER * calls + PER_QUESTION * tally.questions
        most = calls * self._model.max_tokens
        kept = Range(
            low=min(most, first.low), likely=min(most, first.likely), high=min(most, first.high)
        )
        return kept + kept * self.repairs

    def _each(self) -> Range:
        """Seconds of one call."""
        if not self._measured:
            return SECONDS
        mean = self._measured.seconds_mean
        return Range(low=0.6 * mean, likely=mean, high=2 * mean)


_WAYS: tuple[Act, ...] = (never, always, asking, leaving)
_NONE = Range(low=0, likely=0, high=0)


def _mean_of(measured: Measured) -> Range:
    """The mean answer of a run to come: 15 % and two standard errors around the measured one."""
    mean = measured.completion_mean
    half = 0.15 * mean + 2 * measured.completion_sd / math.sqrt(measured.calls)
    return Range(low=max(1.0, mean - half), likely=mean, high=mean + half)


def _repairs(measured: Measured | None) -> Range:
    """The share of answers that have to be asked for again."""
    if not measured:
        return REPAIRS
    share = min(1.0, measured.repairs / measured.calls)
    return Range(low=share / 2, likely=share, high=min(1.0, 2 * share + 0.02))


def _span(
    likely: float, every: Sequence[float], doubt: tuple[float, float], repairs: Range
) -> Range:
    """A number of calls, from the least of the pilots to the most."""
    return Range(
        low=math.floor(min(every) * doubt[0] * (1 + repairs.low)),
        likely=round(likely * (1 + repairs.likely)),
        high=math.ceil(max(every) * doubt[1] * (1 + repairs.high)),
    )


def _around(likely: Range, every: Sequence[Range], doubt: tuple[float, float]) -> Range:
    """A number of tokens, from the least of the pilots at the least to the most at the most."""
    return Range(
        low=math.floor(min(one.low for one in every) * doubt[0]),
        likely=round(likely.likely),
        high=math.ceil(max(one.high for one in every) * doubt[1]),
    )


def _price(
    prompt: Range, completion: Range, model: Model, facts: ModelFacts
) -> tuple[Range | None, str]:
    """USD, where both prices are known; else what is missing."""
    prices = {
        "prompts": facts.input_price if model.input_price is None else model.input_price,
        "answers": facts.output_price if model.output_price is None else model.output_price,
    }
    missing = [name for name, price in prices.items() if price is None]
    if missing:
        return None, (
            f"Nobody knows what {model.model} costs for {' and '.join(missing)}. "
            "Give its prices in the settings to see an estimate in money."
        )

    asked, said = prompt * (prices["prompts"] or 0.0), completion * (prices["answers"] or 0.0)
    return (asked + said) * (1 / MILLION), ""
