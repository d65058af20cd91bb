"""How an experiment's figures and states are said: numbers, intervals, verdicts, refusals."""

from __future__ import annotations

from math import floor, log10
from typing import Literal

from core.domain.experiment_results import Analysis, Effect, Span
from core.domain.experiments import MetricKind

Reading = Literal["any", "once"]
Scale = Literal["relative", "absolute"]
Outcome = Literal["winner", "keep_going", "no_difference", "harm", "broken"]
READINGS: dict[Reading, str] = {"any": "Look any time", "once": "Read once"}
SHARES = ("proportion", "retention")
OUTCOMES: dict[str, tuple[str, str, str]] = {
    "winner": ("green", "trophy", "Winner"),
    "keep_going": ("orange", "hourglass_top", "Keep going"),
    "no_difference": ("gray", "balance", "No difference worth having"),
    "harm": ("red", "dangerous", "Stop: harm"),
    "broken": ("red", "report", "Stop: broken"),
}
VERDICTS: dict[str, tuple[str, str, str]] = {
    "better": ("green", "▲", "better"),
    "worse": ("red", "▼", "worse"),
    "unclear": ("gray", "○", "unclear"),
}
FIGURES = {
    "absolute": "The difference",
    "relative": "The relative difference",
    "p": "The p-value",
    "adjusted_p": "The corrected p-value",
    "always": "The always-valid interval",
    "always_relative": "The always-valid relative difference",
    "bayes": "The probability of being better",
    "better": "The probability of being better",
    "best": "The probability of being the best",
    "loss_if_chosen": "The expected loss",
    "variance_removed": "The share of variance taken out",
}
SMALLEST = 0.0001
MINUS = "\u2212"


def is_share(kind: MetricKind) -> bool:
    """Whether values are shares of people, said in per cent and in points."""
    return kind in SHARES


def number(value: float, decimals: int, *, sign: bool = False) -> str:
    """A number with so many decimals, a real minus, and no minus before nothing."""
    text = f"{value:,.{decimals}f}"
    if not any(one in "123456789" for one in text):
        return text.lstrip("-")
    if text.startswith("-"):
        return MINUS + text[1:]
    return f"+{text}" if sign else text


def decimals_of(*values: float | None) -> int:
    """As many decimals as the smallest of the given steps needs for two figures."""
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return 1
    return max(0, min(8, 1 - floor(log10(min(sizes)))))


def level(kind: MetricKind, value: float) -> str:
    """A metric's value in one variant: ``12.1 %``, ``6.24``."""
    if is_share(kind):
        return f"{number(100 * value, 2 if abs(value) < 0.01 else 1)}\u00a0%"
    places = 2 - floor(log10(abs(value))) if value else 0
    return number(value, max(0, min(6, places)))


def difference(kind: MetricKind, span: Span) -> str:
    """``+3.4 points``."""
    scale, unit, places = _scale(kind, span)
    return number(scale * span.value, places, sign=True) + unit


def difference_range(kind: MetricKind, span: Span) -> str:
    """``+0.2 to +9.8 points``."""
    scale, unit, places = _scale(kind, span)
    low, high = (number(scale * end, places, sign=True) for end in (span.low, span.high))
    return f"{low} to {high}{unit}"


def amount(kind: MetricKind, value: float) -> str:
    """An amount without a sign, as a loss: ``0.12 points``."""
    scaled = 100 * value if is_share(kind) else value
    unit = "\u00a0points" if is_share(kind) else ""
    if 0 < scaled < SMALLEST:
        return f"under {SMALLEST}{unit}"
    return number(scaled, min(4, decimals_of(scaled)) if scaled else 0) + unit


def relative(span: Span) -> str:
    """``+27.9 %``."""
    places = _places(100 * (span.high - span.low))
    return f"{number(100 * span.value, places, sign=True)}\u00a0%"


def relative_range(span: Span) -> str:
    """``+3.1 to +52 %``."""
    places = _places(100 * (span.high - span.low))
    low, high = (number(100 * end, places, sign=True) for end in (span.low, span.high))
    return f"{low} to {high}\u00a0%"


def probability(share: float) -> str:
    """A probability in per cent; never quite none or all."""
    if share < 0.001:
        return "under 0.1\u00a0%"
    if share > 0.999:
        return "over 99.9\u00a0%"
    return f"{number(100 * share, 1 if share < 0.1 or share > 0.9 else 0)}\u00a0%"


def p_text(p: float) -> str:
    """``0.012``, ``under 0.0001``."""
    if p < 0.0001:
        return "under 0.0001"
    return f"{p:.4f}" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def verdict(word: str) -> str:
    """A verdict with its sign: ``▲ better``."""
    _, sign, name = VERDICTS[word]
    return f"{sign} {name}"


def span_of(effect: Effect, reading: Reading, scale: Scale) -> Span | None:
    """The difference with its interval, for looking any time or for reading once."""
    if reading == "once":
        return effect.absolute if scale == "absolute" else effect.relative
    if effect.always is None:
        return None
    return effect.always.absolute if scale == "absolute" else effect.always.relative


def p_of(effect: Effect, reading: Reading) -> float | None:
    """The p-value for looking any time or for reading once."""
    if reading == "once":
        return effect.p
    return effect.always.p if effect.always else None


def verdict_of(effect: Effect, reading: Reading, better: str) -> str:
    """What the interval that is shown leaves: the same word as the rule's where it is its own."""
    if reading == "any":
        return effect.verdict
    span = effect.absolute
    if span is None or span.low <= 0 <= span.high:
        return "unclear"
    return "better" if (span.low > 0) == (better == "higher") else "worse"


def refusals(effect: Effect) -> list[str]:
    """Why figures are missing: one sentence a reason, naming all that it is the reason for."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in effect.refused.items():
        by_reason.setdefault(reason, []).append(FIGURES.get(name, name.replace("_", " ")))
    return [f"{_and(names)}: {reason.rstrip('.')}." for reason, names in by_reason.items()]


def why_not(effect: Effect, *names: str) -> str:
    """Why a figure is not given, in a few words."""
    found = next((effect.refused[name] for name in names if name in effect.refused), None)
    found = found or next(iter(effect.refused.values()), "the data do not give it")
    return found.rstrip(".")


def name_of(analysis: Analysis, variant: str) -> str:
    """What a variant is called."""
    return analysis.variants.get(variant) or variant


def _and(names: list[str]) -> str:
    first, *rest = dict.fromkeys(names)
    if not rest:
        return first
    lowered = [one[:1].lower() + one[1:] for one in rest]
    return f"{', '.join([first, *lowered[:-1]])} and {lowered[-1]}"


def _scale(kind: MetricKind, span: Span) -> tuple[float, str, int]:
    scale = 100.0 if is_share(kind) else 1.0
    unit = "\u00a0points" if is_share(kind) else ""
    return scale, unit, _places(scale * (span.high - span.low))


def _places(width: float) -> int:
    """Decimals that suit an interval of this width."""
    return max(0, min(8, 1 - floor(log10(width / 2)))) if width > 0 else 2
