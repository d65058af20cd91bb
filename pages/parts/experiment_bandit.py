"""What a bandit did: whom it sent where, what that cost, and what may honestly be said after it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.experiment_results import Analysis, ArmValue, BanditReading, MetricReading
from pages.parts.charts import show
from pages.parts.experiment_bandit_charts import regret, shares
from pages.parts.experiment_words import difference, difference_range, level, name_of, refusals
from pages.parts.page import counted, plain, section, short

NAIVE = {True: "If everyone had met it", False: "Naive (too sure)"}


def draw_bandit(analysis: Analysis) -> None:
    """Shares, regret, and the honest intervals beside the naive ones."""
    bandit = analysis.bandit
    if bandit is None or not bandit.rounds:
        st.caption("The bandit has sent nobody anywhere yet.")
        return
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(border=True, gap="small"):
            _shares(analysis, bandit)
        with st.container(border=True, gap="small"):
            _regret(bandit)
    section("What may be said after it")
    st.caption(
        plain(
            f"{bandit.method}. A bandit sends more people to what looks well by chance, so plain "
            "averages are too sure of themselves; these weigh each person by how likely it was "
            "that they were sent there."
        )
    )
    if bandit.known:
        st.caption(
            "In this rehearsal everyone's outcome in every variant is known. It stands beside what "
            "the bandit alone could have said."
        )
    _intervals(analysis, bandit)


def _shares(analysis: Analysis, bandit: BanditReading) -> None:
    last = bandit.rounds[-1]
    most = max(last.shares, key=lambda id: last.shares[id])
    section(f"{100 * last.shares[most]:.0f} % now meet {short(name_of(analysis, most), 40)}")
    ids = [id for id in analysis.variants if any(id in one.shares for one in bandit.rounds)]
    show(
        shares(
            [name_of(analysis, id) for id in ids],
            [[one.shares.get(id, 0.0) for id in ids] for one in bandit.rounds],
        ),
        key="bandit_shares",
        alt="Shares by round; in the last: "
        + ", ".join(f"{name_of(analysis, id)} {100 * last.shares.get(id, 0):.0f} %" for id in ids),
        name="experiment-shares",
    )
    with st.expander("As a table", icon=":material/table:"):
        st.dataframe(
            [
                {
                    "Round": one.round,
                    **{
                        f"{name_of(analysis, id)} (%)": round(100 * one.shares.get(id, 0), 1)
                        for id in ids
                    },
                    "People": sum(one.people.values()),
                    "Lost so far": one.regret,
                }
                for one in bandit.rounds
            ],
            hide_index=True,
            key="bandit_rounds",
            placeholder="not given",
            alt="Shares and regret by round",
        )


def _regret(bandit: BanditReading) -> None:
    spared = bandit.even_regret - bandit.regret
    known = "exact: everyone's outcome in every variant is known" if bandit.known else "estimated"
    if spared > 0:
        section(f"It lost {bandit.regret:.3g} where an even split would have lost "
                f"{bandit.even_regret:.3g}")  # fmt: skip
    else:
        section(f"It spared nothing: {bandit.regret:.3g} lost, {bandit.even_regret:.3g} if even")
    show(
        regret([one.regret for one in bandit.rounds], bandit.even_regret),
        key="bandit_regret",
        alt=f"Lost against the best variant: {bandit.regret:.3g}; with an even split "
        f"{bandit.even_regret:.3g}",
        name="experiment-regret",
    )
    rounds = counted(len(bandit.rounds), "round")
    st.caption(
        f"Expected reward lost against always choosing the best variant, after {rounds} ({known})."
    )


def _intervals(analysis: Analysis, bandit: BanditReading) -> None:
    metric = analysis.metrics[0] if analysis.metrics else None
    naive = {arm.variant: arm for arm in metric.arms} if metric else {}
    st.dataframe(
        [_cells(analysis, metric, arm, naive.get(arm.variant), bandit) for arm in bandit.arms],
        hide_index=True,
        height="content",
        key="bandit_arms",
        placeholder="not given",
        alt="Honest intervals beside naive ones",
    )


def _cells(
    analysis: Analysis,
    metric: MetricReading | None,
    arm: ArmValue,
    naive: ArmValue | None,
    bandit: BanditReading,
) -> dict[str, Any]:
    effect = next((one for one in bandit.effects if one.variant == arm.variant), None)
    said = "it is the control" if arm.variant == analysis.control else "not given"
    if effect is not None and effect.absolute is not None and metric is not None:
        width = difference_range(metric.kind, effect.absolute)
        said = f"{difference(metric.kind, effect.absolute)} ({width})"
    elif effect is not None and effect.refused:
        said = " ".join(refusals(effect))
    return {
        "Variant": name_of(analysis, arm.variant),
        "People": arm.n,
        "Honest": _value(metric, arm),
        NAIVE[bandit.known]: _value(metric, naive) if naive else "not given",
        "Against the control, honest": said,
    }


def _value(metric: MetricReading | None, arm: ArmValue) -> str:
    if metric is None or arm.value is None:
        return arm.text or "nobody yet"
    value = level(metric.kind, arm.value)
    if arm.low is None or arm.high is None:
        return f"{value}, no interval"
    return f"{value} ({level(metric.kind, arm.low)} to {level(metric.kind, arm.high)})"
