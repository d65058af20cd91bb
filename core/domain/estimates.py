"""What a run with a language model will cost: ranges, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field


class Range(BaseModel):
    """A number that is not known yet: at least, most likely, at most."""

    model_config = ConfigDict(frozen=True)

    low: float = Field(ge=0)
    likely: float = Field(ge=0)
    high: float = Field(ge=0)

    def __add__(self, other: Range) -> Range:
        """Both together, where they go up and down together."""
        return Range(
            low=self.low + other.low, likely=self.likely + other.likely, high=self.high + other.high
        )

    def __mul__(self, by: Range | float) -> Range:
        """So many of them."""
        least, most = (by.low, by.high) if isinstance(by, Range) else (by, by)
        likely = by.likely if isinstance(by, Range) else by
        return Range(low=self.low * least, likely=self.likely * likely, high=self.high * most)


class Estimate(BaseModel):
    """What a run will ask and cost, before it starts; for fresh calls, as if nothing were cached.

    Attributes:
        model: The model's name, as litellm spells it.
        people: Who will take part, those of the flow's own tests included.
        sample: How many of them were played to find out.
        calls: Questions to the model, repairs included.
        prompt_tokens: What they are made of.
        completion_tokens: What the answers are made of.
        usd: None where no price is known; then ``unpriced`` says which.
        unpriced: What is not known about the price, and what to do; empty where all is.
        seconds: From the first call to the last.
        assumptions: What the ranges rest on, in sentences.
    """

    model: str
    people: int
    sample: int
    calls: Range
    prompt_tokens: Range
    completion_tokens: Range
    usd: Range | None
    unpriced: str = ""
    seconds: Range
    assumptions: list[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the ledger knows of a model and the prompts of a reaction: fresh, answered calls.

    Attributes:
        calls: First questions, without repairs.
        completion_mean: Tokens of an answer.
        completion_sd: Their spread.
        seconds_mean: How long a call took, waiting included.
        repairs: How many answers had to be asked for again.
    """

    calls: int
    completion_mean: float
    completion_sd: float
    seconds_mean: float
    repairs: int = 0
