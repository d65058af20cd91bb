"""Where time and money go in a run: real time counted while it plays, and read beside the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from core.domain.times import A_DOUBLING, FINEST, StepTime, percentile
from core.store import TIMES, Asked, Measured, Waited

Spent = tuple[str, float]
"""A visited step, and the real seconds that the visit took."""


def tallied(spent: Sequence[Spent]) -> pa.Table:
    """Visits counted by step and bucket, with the seconds of each bucket added up."""
    if not spent:
        return TIMES.empty_table()
    steps = list(dict.fromkeys(step for step, _ in spent))
    number = {step: at for at, step in enumerate(steps)}
    seconds = np.fromiter((took for _, took in spent), float, len(spent))
    step = np.fromiter((number[step] for step, _ in spent), np.int64, len(spent))
    bucket = np.floor(np.log2(np.maximum(seconds, FINEST) / FINEST) * A_DOUBLING).astype(np.int64)
    most = int(bucket.max()) + 1
    keys, place = np.unique(step * most + bucket, return_inverse=True)
    return pa.table(
        [
            [steps[key // most] for key in keys.tolist()],
            pa.array(keys % most, pa.int32()),
            np.bincount(place),
            np.bincount(place, weights=seconds),
        ],
        schema=TIMES,
    )


def step_times(
    steps: Sequence[str],
    waited: Mapping[str, Waited],
    measured: Mapping[str, Measured],
    asked: Mapping[str, Asked],
) -> Iterator[StepTime]:
    """What is known of each step that somebody came to, in the order of the steps.

    Args:
        steps: The ids of the flow's steps.
        waited: Visits and simulated time, by step.
        measured: Real time in buckets, by step.
        asked: What language models were asked, by step.
    """
    for step in steps:
        if step not in waited and step not in asked:
            continue
        wait, real = waited.get(step, Waited(0, 0.0, None, None)), measured.get(step)
        calls = asked.get(step, Asked(0, 0, 0, 0.0))
        yield StepTime(
            step_id=step,
            visits=wait.visits,
            waited_seconds=wait.seconds,
            waited_p50=wait.p50,
            waited_p95=wait.p95,
            execution_p50=percentile(real.buckets, 0.5) if real else None,
            execution_p95=percentile(real.buckets, 0.95) if real else None,
            execution_seconds=real.seconds if real else None,
            calls=calls.calls,
            prompt_tokens=calls.prompt_tokens,
            completion_tokens=calls.completion_tokens,
            cost_usd=calls.cost_usd,
        )
