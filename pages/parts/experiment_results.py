"""The answer itself: the primary metric, one variant against the control, and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.domain.experiment_results import Analysis, ArmValue, Effect, MetricReading, Span
from pages.parts.experiment_strip import large, strip
from pages.parts.experiment_words import (
    READINGS,
    VERDICTS,
    Reading,
    amount,
    difference,
    difference_range,
    level,
    name_of,
    p_of,
    p_text,
    probability,
    refusals,
    relative,
    relative_range,
    span_of,
    verdict_of,
    why_not,
)
from pages.parts.page import counted, plain, section, short

FEW = 4
"""So many variants beside the control are buttons; more are a list."""
SHOWN = 3


def draw_primary(analysis: Analysis, reading: Reading) -> None:
    """The metric that decides, large, with everything that belongs to the figure beside it."""
    metric = analysis.metrics[0] if analysis.metrics else None
    with st.container(border=True, gap="small"):
        if metric is None:
            st.caption("This experiment measures nothing, so there is nothing to read.")
            return
        effect = _chosen(analysis, metric)
        if effect is None:
            _alone(analysis, metric)
            return
        _figure(analysis, metric, effect, reading)
        _disagrees(metric, effect, reading)
        said = _stated(effect, reading)
        _figures(metric, effect, reading, said)
        _pairing(analysis, effect)
        _refused(effect, said)
        _guardrails(analysis)


def draw_reading_switch(key: str) -> Reading:
    """Look any time, or read once: which intervals are shown on this page."""
    found = st.segmented_control(
        "How the figures may be read",
        list(READINGS),
        default="any",
        required=True,
        format_func=lambda one: READINGS[one],
        key=key,
        help="Figures for looking any time hold however often you look. Figures that are read "
        "once are narrower, and hold for one look at the end only.",
    )
    return found or "any"


def draw_method(analysis: Analysis, effect: Effect | None, reading: Reading) -> None:
    """The method's name, its tuning, and what it costs, in one quiet line."""
    if effect is None:
        return
    if reading == "once":
        looks = counted(analysis.number, "look")
        name = plain(effect.method or "no method could be used")
        st.caption(
            f"**Read once**: {name}. It holds for one look at the end; this is "
            f"{'the first' if analysis.number == 1 else f'after {looks}'}. What peeking does to "
            "it stands under “Rules”."
        )
        return
    always = effect.always
    if always is None:  # the card above says why
        return
    wide = always.widening
    cost = (
        f"That costs width: {wide:.1f} times as wide as read once."
        if wide is not None
        else "What it costs in width cannot be said here."
    )
    st.caption(
        f"**Look any time**: {plain(always.method)}. Right at every look, however many there are. "
        f"Its one tuning number: narrowest at {always.tuning:,} participants. {cost}"
    )


# The figure


def _chosen(analysis: Analysis, metric: MetricReading) -> Effect | None:
    """The variant to show: the one that the advice names first, or another that is chosen."""
    by_id = {effect.variant: effect for effect in metric.effects}
    if len(by_id) < 2:
        return next(iter(by_id.values()), None)
    ids = list(by_id)
    first = analysis.advice.variant if analysis.advice.variant in by_id else _best(metric)
    key = f"experiment_variant_{analysis.experiment_id}"
    given = {
        "label": "Variant",
        "format_func": lambda id: short(name_of(analysis, id), 40),
        "key": key,
        "label_visibility": "collapsed",
    }
    if len(ids) <= FEW:
        picked = st.segmented_control(options=ids, default=first, required=True, **given)
    else:
        picked = st.selectbox(options=ids, index=ids.index(first), **given)
    return by_id[picked or first]


def _best(metric: MetricReading) -> str:
    """The variant that is most probably the best; the first where no probabilities are known."""
    known = [effect for effect in metric.effects if effect.bayes and effect.bayes.best is not None]
    if not known:
        return metric.effects[0].variant
    return max(known, key=lambda effect: (effect.bayes and effect.bayes.best) or 0.0).variant


def _alone(analysis: Analysis, metric: MetricReading) -> None:
    st.markdown(f"**{plain(metric.name)}**")
    for arm in metric.arms:
        st.markdown(f"{plain(name_of(analysis, arm.variant))}: {plain(arm.text)}")
    st.caption("There is no second variant to compare it with.")


def _figure(analysis: Analysis, metric: MetricReading, effect: Effect, reading: Reading) -> None:
    word = verdict_of(effect, reading, metric.better)
    control = name_of(analysis, analysis.control)
    other = name_of(analysis, effect.variant)
    st.caption(plain(f"{metric.name} · decides · {metric.better} is better"))
    span = span_of(effect, reading, "absolute")
    if span is None:
        _no_figure(metric, effect, reading)
    else:
        st.html(large(difference(metric.kind, span), word))
        st.html(strip(span, _inner(effect, reading), word))
        st.markdown(_range_words(metric, effect, reading, span))
    for arm in metric.arms:
        if arm.variant in (analysis.control, effect.variant):
            who = control if arm.variant == analysis.control else other
            st.markdown(f":small[**{plain(short(who, 60))}** {_arm(metric, arm)}]")


def _no_figure(metric: MetricReading, effect: Effect, reading: Reading) -> None:
    """Why there is no difference to show; what would be read once stands there all the same."""
    names = ("absolute",) if reading == "once" else ("always", "absolute")
    once = effect.absolute
    st.html(large("Nothing certain yet" if once else "Nothing to say yet", "unclear"))
    st.markdown(plain(f"{why_not(effect, *names)}."))
    if once is not None and reading == "any":
        words = f"{difference(metric.kind, once)} ({difference_range(metric.kind, once)})"
        st.markdown(f":small[:gray[{plain(f'Read once, at the end, it would be {words}.')}]]")


def _stated(effect: Effect, reading: Reading) -> set[str]:
    """The reasons that the large figure gives already; they are not said again below it."""
    once = reading == "once"
    said: set[str] = set()
    if span_of(effect, reading, "absolute") is None:
        said.add(why_not(effect, *(("absolute",) if once else ("always", "absolute"))))
    if span_of(effect, reading, "relative") is None:
        said.add(why_not(effect, *(("relative",) if once else ("always_relative", "relative"))))
    return said


def _disagrees(metric: MetricReading, effect: Effect, reading: Reading) -> None:
    """Read once may say more than the rule, which goes by what holds at every look."""
    if reading == "once" and verdict_of(effect, "once", metric.better) != effect.verdict:
        st.caption(
            ":material/info: At any look this is still "
            f"{VERDICTS[effect.verdict][2]}. Read once it would be believed at the planned end "
            "alone, so it is no reason to stop earlier."
        )


def _arm(metric: MetricReading, arm: ArmValue) -> str:
    if arm.value is None:
        return plain(arm.text or "no value")
    left = f", {arm.missing:,} without a value" if arm.missing else ""
    words = arm.text or level(metric.kind, arm.value)
    if arm.low is None or arm.high is None:
        return plain(f"{words}{left}")
    return plain(f"{words} ({level(metric.kind, arm.low)} to {level(metric.kind, arm.high)}){left}")


def _inner(effect: Effect, reading: Reading) -> Span | None:
    """Inside the interval for any look, the narrower one for a single look."""
    return effect.absolute if reading == "any" else None


def _range_words(metric: MetricReading, effect: Effect, reading: Reading, span: Span) -> str:
    what = "at any look" if reading == "any" else "read once"
    words = f"{difference_range(metric.kind, span)} {what}"
    ratio = span_of(effect, reading, "relative")
    if ratio is None:
        names = ("relative",) if reading == "once" else ("always_relative", "relative")
        return (
            f"{plain(words)}  \n:small[:gray[no relative figure: {plain(why_not(effect, *names))}]]"
        )
    more = f"{relative(ratio)} ({relative_range(ratio)}) relative to the control"
    return f"{plain(words)}  \n:small[:gray[{plain(more)}]]"


# What belongs to it


def _figures(metric: MetricReading, effect: Effect, reading: Reading, said: set[str]) -> None:
    """Up to four figures, each with what it means in a few words."""
    bayes = effect.bayes

    def why(*names: str) -> str:
        found = why_not(effect, *names)
        return "For the reason above" if found in said else found

    several = len(metric.effects) > 1
    with st.grid(2, min_column_width=215, gap="small"):
        _small(
            "Probability of being better",
            bayes and bayes.better,
            probability,
            f"Believed before: {bayes.prior}" if bayes else "",
            why("bayes", "better"),
        )
        _small(
            "Expected loss",
            bayes and bayes.loss_if_chosen,
            lambda loss: amount(metric.kind, loss),
            _kept(metric, effect),
            why("bayes", "loss_if_chosen"),
        )
        what = "any look" if reading == "any" else "one look"
        _small(
            f"p-value, {what}",
            p_of(effect, reading),
            p_text,
            "How often chance alone gives at least this"
            + (", at any look at all" if reading == "any" else ", if looked at once"),
            why("always" if reading == "any" else "p", "p"),
        )
        if several:
            _small(
                "p-value, corrected",
                effect.adjusted_p,
                p_text,
                "Read once, corrected for the number of variants (Holm)",
                why("adjusted_p", "p"),
            )


def _pairing(analysis: Analysis, effect: Effect) -> None:
    """What made the interval narrower than the numbers alone would."""
    if not effect.variance_removed:
        return
    share = probability(effect.variance_removed)
    why = (
        "The same people met both variants, which"
        if analysis.paired
        else "What was known of people before the start"
    )
    st.caption(f"{why} took {share} of the differences between people out of it.")


def _kept(metric: MetricReading, effect: Effect) -> str:
    loss = effect.bayes.loss_if_not if effect.bayes else None
    kept = "" if loss is None else f"; {amount(metric.kind, loss)} if the control is kept"
    return f"Lost on average if it is chosen{kept}"


def _small(
    label: str, value: float | None, say: Callable[[float], str], note: str, why: str
) -> None:
    """One figure in a box; where it is refused, the reason stands in its place."""
    with st.container(border=True, height="stretch", gap="xxsmall"):
        if value is None:
            st.caption(label)
            st.markdown("**Not given**")
            st.caption(plain(f"{why.rstrip('.')}."))
            return
        st.metric(label, say(value))
        st.caption(plain(f"{note.rstrip('.')}."))


def _refused(effect: Effect, said: set[str]) -> None:
    """Why figures are missing, where the card has not said it."""
    for sentence in refusals(effect):
        if any(reason in sentence for reason in said):
            continue
        st.caption(f":material/block: {plain(sentence)}")


def draw_means_not(analysis: Analysis) -> None:
    """What these figures do not mean, beside them."""
    if not analysis.means_not:
        return
    with st.container(border=True, gap="xsmall"):
        section("What this does not mean")
        _sentences(analysis.means_not[:SHOWN])
        rest = analysis.means_not[SHOWN:]
        if rest:
            with st.expander(f"{len(rest)} more"):
                _sentences(rest)


def _sentences(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        st.markdown(f":small[:gray[{plain(sentence)}]]")


def _guardrails(analysis: Analysis) -> None:
    """Each guardrail: held, or which variants harm it."""
    words = []
    for metric in analysis.metrics:
        if metric.role != "guardrail":
            continue
        name = plain(short(metric.name, 40))
        if metric.harmed:
            who = ", ".join(short(name_of(analysis, id), 30) for id in metric.harmed)
            words.append(f":red-badge[:material/close: {name}: harmed by {plain(who)}]")
        elif all(span_of(effect, "any", "absolute") for effect in metric.effects):
            words.append(f":gray-badge[:material/shield: {name}: no harm seen]")
        else:
            words.append(f":gray-badge[:material/question_mark: {name}: cannot be told yet]")
    if words:
        st.markdown(" ".join(words[:12]))
