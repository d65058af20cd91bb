"""Reference figures: other packages' for the same cases, and refusals where there is no figure."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import NormalIndPower, TTestIndPower

from core.domain.errors import BadInput
from core.experiments.figures import KINDS, figures

SHARED = os.environ.get("GREENROOM_BENCH_DATA")
REFUSED_WHOLLY = {"refuse: no data in control"}


def one(kind: str, **numbers: Any) -> dict[str, Any]:
    return figures({"cases": [{"id": "it", "kind": kind, **numbers}]})["it"]


def binary(n_a: int, x_a: int, n_b: int, x_b: int) -> dict[str, Any]:
    return one("binary", a={"n": n_a, "x": x_a}, b={"n": n_b, "x": x_b})


def mean(a: tuple[float, ...], b: tuple[float, ...]) -> dict[str, Any]:
    names = ("n", "sum", "sum_squares")
    return one("mean", a=dict(zip(names, a, strict=True)), b=dict(zip(names, b, strict=True)))


def leaves(figure: Any) -> Iterator[float]:
    if isinstance(figure, dict):
        for inner in figure.values():
            yield from leaves(inner)
    elif isinstance(figure, list):
        for inner in figure:
            yield from leaves(inner)
    elif isinstance(figure, (int, float)) and not isinstance(figure, bool):
        yield figure


def test_growthbooks_formulas() -> None:
    """Worked out by hand for 3 % and 4 % of 4,000."""
    found = binary(4_000, 120, 4_000, 160)
    se = math.sqrt(0.03 * 0.97 / 4_000 + 0.04 * 0.96 / 4_000)
    of_treatment = 0.04 * 0.96 / 4_000 / 0.03**2
    of_control = 0.03 * 0.97 / 4_000 * 0.04**2 / 0.03**4
    relative_se = math.sqrt(of_treatment + of_control)
    absolute = found["gbstats_frequentist_absolute"]
    assert absolute["se"] == pytest.approx(se)
    assert absolute["expected"] == pytest.approx(0.01)
    assert found["gbstats_frequentist_relative"]["se"] == pytest.approx(relative_se)
    flat = found["gbstats_bayes_flat_absolute"]
    assert flat["chanceToWin"] == pytest.approx(stats.norm.cdf(0.01 / se))
    assert flat["risk"][0] - flat["risk"][1] == pytest.approx(0.01)
    prior = found["gbstats_bayes_prior_N(0,0.3^2)_relative"]
    weight = 0.09 / (0.09 + relative_se**2)
    assert prior["expected"] == pytest.approx(weight / 3)
    assert prior["se"] == pytest.approx(math.sqrt(weight) * relative_se)
    rho2 = (-2 * math.log(0.05) + math.log(1 - 2 * math.log(0.05))) / 5_000
    grown = 8_000 * rho2 + 1
    half = math.sqrt(2 * grown * math.log(math.sqrt(grown) / 0.05) / (8_000 * rho2)) * se
    low, high = found["gbstats_sequential5000_absolute"]["ci"]
    assert (high - low) / 2 == pytest.approx(half)


def test_beta_posteriors_by_drawing() -> None:
    found = binary(90, 9, 70, 12)["beta_1_1"]
    rng = np.random.default_rng(9)
    a, b = rng.beta(10, 82, 400_000), rng.beta(13, 59, 400_000)
    assert found["prob_b_better"] == pytest.approx((b > a).mean(), abs=3e-3)
    assert found["expected_loss_choose_b"] == pytest.approx(np.maximum(a - b, 0).mean(), rel=0.03)
    assert found["check_sum"] == pytest.approx(1)
    assert found["check_mean_diff"] == pytest.approx(0, abs=1e-12)


def test_means_are_scipys() -> None:
    rng = np.random.default_rng(10)
    a, b = rng.gamma(2, 3, 70), rng.gamma(2, 4, 90)
    found = mean((70, a.sum(), (a * a).sum()), (90, b.sum(), (b * b).sum()))
    theirs = stats.ttest_ind(b, a, equal_var=False)
    assert found["welch_t"] == pytest.approx(theirs.statistic)
    assert found["welch_df"] == pytest.approx(theirs.df)
    assert found["welch_p"] == pytest.approx(theirs.pvalue)
    assert found["ci95_diff"] == pytest.approx(theirs.confidence_interval())
    assert found["gbstats_frequentist_absolute"]["ci"] == pytest.approx(found["ci95_diff"])
    assert found["var_b"] == pytest.approx(b.var(ddof=1))
    assert found["refused"] == {}


def test_a_ratio_and_a_covariate_of_ones_are_a_mean() -> None:
    plain = mean((50, 120.0, 400.0), (60, 170.0, 620.0))
    arms = {}
    for name, (n, s, q) in {"a": (50, 120.0, 400.0), "b": (60, 170.0, 620.0)}.items():
        arms[name] = {"n": n, "m_sum": s, "m_sum_squares": q, "d_sum": n, "d_sum_squares": n}
        arms[name] |= {"m_d_sum_products": s}
    ratio = one("ratio", **arms)
    for unit in ("relative", "absolute"):
        name = f"gbstats_frequentist_{unit}"
        assert list(leaves(ratio[name])) == pytest.approx(list(leaves(plain[name])))
    turned = {
        name: {
            "n": arm["n"],
            "post_sum": arm["m_sum"],
            "post_sum_squares": arm["m_sum_squares"],
            "pre_sum": arm["n"],
            "pre_sum_squares": arm["n"],
            "post_pre_sum_products": arm["m_sum"],
        }
        for name, arm in arms.items()
    }
    cuped = one("cuped", **turned)
    assert cuped["theta_pooled"] is None
    assert "does not vary" in cuped["refused"]["theta_pooled"]
    assert cuped["se_adjusted"] == pytest.approx(plain["se"])


def test_a_variant_without_anybody_has_no_figures() -> None:
    for found in (
        binary(0, 0, 100, 10),
        binary(100, 10, 0, 0),
        binary(10, 11, 10, 1),
        mean((0, 0.0, 0.0), (5, 10.0, 30.0)),
        mean((5, math.nan, 30.0), (5, 10.0, 30.0)),
        mean((5, 10.0, 3.0), (5, 10.0, 30.0)),
        one("srm", counts=[0, 0], weights=[0.5, 0.5]),
        one("srm", counts=[5, 4], weights=[0, 0]),
    ):
        refused = found.pop("refused")
        assert list(leaves(found)) == []
        assert set(refused) == set(found)
        assert all(reason.endswith(".") for reason in refused.values())


def test_what_is_undefined_is_refused_alone() -> None:
    found = binary(1_000, 0, 1_000, 12)
    assert found["relative"] is None
    assert found["ci95_diff_newcomb"][0] > 0
    assert found["fisher_p"] < 0.001
    assert found["gbstats_frequentist_relative"] is None
    alone = mean((1, 5.0, 25.0), (1, 7.0, 49.0))
    assert (alone["diff"], alone["var_a"], alone["welch_p"]) == (2.0, None, None)
    assert "2 are needed" in alone["refused"]["welch"]
    flat = mean((10, 50.0, 250.0), (10, 50.0, 250.0))
    assert (flat["var_a"], flat["welch_t"]) == (0.0, None)
    nothing = mean((100, 0.0, 900.0), (100, 30.0, 909.0))
    assert nothing["gbstats_frequentist_relative"] is None
    assert nothing["gbstats_frequentist_absolute"]["pValue"] == pytest.approx(nothing["welch_p"])
    empty = {"n": 9, "m_sum": 4, "m_sum_squares": 6, "d_sum": 0, "d_sum_squares": 0}
    ratio = one("ratio", a=empty | {"m_d_sum_products": 0}, b=empty | {"m_d_sum_products": 0})
    assert ratio["ratio_a"] is None
    assert ratio["z"] is None


def test_sample_ratios() -> None:
    found = one("srm", counts=[48, 61, 7], weights=[0.45, 0.45, 0.1])
    theirs = stats.chisquare([48, 61, 7], [52.2, 52.2, 11.6])
    assert found["chi2"] == pytest.approx(theirs.statistic)
    assert found["p_drop_zero_weight_arms"] == pytest.approx(theirs.pvalue)
    assert found["gbstats_srm_p"] == pytest.approx(theirs.pvalue)
    dropped = one("srm", counts=[30, 50, 0], weights=[1, 1, 0])
    assert dropped["binomial_exact_p"] == pytest.approx(stats.binomtest(30, 80).pvalue)
    assert dropped["gbstats_srm_p"] > dropped["p_drop_zero_weight_arms"]
    empty = one("srm", counts=[0, 60], weights=[1, 1])
    assert empty["alarm"] is True


def test_planning() -> None:
    sizes = {"baseline": 0.04, "relative_mde": 0.15, "alpha_two_sided": 0.05, "power": 0.9}
    parts = {
        "sample_size_proportions": [sizes, {"baseline": 0.9, "relative_mde": 0.5}],
        "sample_size_means": [{"effect_size_d": 0.3, "alpha": 0.05, "power": 0.8}],
        "mde_given_n": [{"baseline": 0.04, "n_per_arm": 9_000, "alpha": 0.05, "power": 0.8}],
        "multiple_testing_here": {"p": [0.01, 0.04]},
        "multiple_testing_ties_edge": {"p": [0.02, 0.02]},
    }
    found = figures({"planning": parts})["planning"]
    own = 0.04 * 0.96 + 0.046 * 0.954
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.9)
    entry = found["sample_size_proportions"][0]
    assert entry["n_control_unpooled_z"] == pytest.approx(z**2 * own / 0.006**2)
    assert entry["baseline"] == 0.04
    assert "refused" in found["sample_size_proportions"][1]
    means = found["sample_size_means"][0]
    assert means["n_per_arm_t"] == pytest.approx(TTestIndPower().solve_power(0.3, None, 0.05, 0.8))
    assert means["n_per_arm_z"] == pytest.approx(NormalIndPower().solve_power(0.3, None, 0.05, 0.8))
    least = found["mde_given_n"][0]["relative_mde_unpooled"] * 0.04
    spread = (0.04 * 0.96 + (0.04 + least) * (0.96 - least)) / 9_000
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert least == pytest.approx(z * math.sqrt(spread), rel=1e-6)
    assert found["multiple_testing_here"]["holm"] == {"adjusted": [0.02, 0.04], "rejected": 2}
    assert found["multiple_testing_ties_edge"]["bonferroni"] == [0.04, 0.04]


def test_group_sequential_constants() -> None:
    """As Jennison and Turnbull print them."""
    name = "group_sequential_constants_two_sided_5pct"
    found = figures({name: {}})[name]
    assert (found["pocock_5"], found["obf_5"]) == (2.413, 2.04)
    assert (found["pocock_2"], found["obf_2"]) == (2.178, 1.977)
    some = figures({name: {"pocock_3": None, "pocock_many": None}})[name]
    assert some["pocock_3"] == 2.289
    assert "pocock_many" in some["refused"]


def test_simulated_rules() -> None:
    parts = {"protocol": "20 daily looks, two arms, 2000 replicates", "AA_5pct_500perday": {}}
    found = figures({"peeking_simulation": {**parts, "rows of ours": {}}})["peeking_simulation"]
    rules = found["AA_5pct_500perday"]
    assert rules["fixed horizon, one look at day 20"]["declared"] == pytest.approx(0.05, abs=0.02)
    assert rules["peek daily, p<0.05 (no protection)"]["declared"] > 0.2
    assert rules["asymptotic CS / mSPRT, tuned to planned N"]["declared"] < 0.03
    assert "rows" in found["refused"]["rows of ours"]
    assert len(figures({"peeking_simulation": parts})["peeking_simulation"]) == 2


@pytest.mark.parametrize(
    "cases",
    [
        "none",
        [{"kind": "binary"}],
        [{"id": "x", "kind": "srm", "counts": [5, 5], "weights": [1, 1]}] * 2,
    ],
)
def test_a_document_that_cannot_be_read(cases: Any) -> None:
    with pytest.raises(BadInput):
        figures({"cases": cases})


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ({"kind": "anova"}, "no kind"),
        ({"kind": "binary", "a": {"n": 5}, "b": {"n": 5, "x": 1}}, "missing"),
        ({"kind": "binary", "a": 5, "b": {"n": 5, "x": 1}}, "shape"),
        ({"kind": "srm", "counts": 5, "weights": [1]}, "shape"),
    ],
)
def test_a_case_that_cannot_be_read_leaves_the_others_alone(case: Any, why: str) -> None:
    good = {"id": "good", "kind": "srm", "counts": [500, 510], "weights": [1, 1]}
    found = figures({"cases": [{"id": "bad", **case}, good]})
    assert list(found["bad"]) == ["refused"]
    assert why in found["bad"]["refused"]["case"]
    assert found["good"] == figures({"cases": [good]})["good"]


numbers = st.one_of(st.integers(-2, 10**9), st.floats(-1e6, 1e6), st.just(math.nan))


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_never_a_number_that_is_none(data: st.DataObject) -> None:
    """Whatever stands in a case, what comes out is JSON."""
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    count = st.integers(0, 10**6)
    if kind == "srm":
        arms = {"counts": data.draw(st.lists(count, min_size=2, max_size=4))}
        arms["weights"] = data.draw(
            st.lists(st.sampled_from([0, 0.2, 0.5]), min_size=2, max_size=4)
        )
    else:
        names = {
            "binary": ("x",),
            "mean": ("sum", "sum_squares"),
            "ratio": ("m_sum", "m_sum_squares", "d_sum", "d_sum_squares", "m_d_sum_products"),
            "cuped": (
                "post_sum",
                "post_sum_squares",
                "pre_sum",
                "pre_sum_squares",
                "post_pre_sum_products",
            ),
        }[kind]
        arms = {
            arm: {"n": data.draw(count)} | {name: data.draw(numbers) for name in names}
            for arm in ("a", "b")
        }
    json.dumps(one(kind, **arms), allow_nan=False)


@pytest.mark.skipif(not SHARED, reason="GREENROOM_BENCH_DATA is not set")
def test_the_reference_file() -> None:
    """Every reference figure to 1e-6 (p under 1e-12: to a thousandth)."""
    text = (Path(SHARED or "") / "ab_reference_cases.json").read_text("utf-8")
    document = json.loads(text)
    references = {case["id"]: case.pop("reference") for case in document["cases"]}
    wishes = {case["id"]: case.pop("expected_behaviour", "") for case in document["cases"]}
    del document["peeking_simulation"], document["meta"]
    references |= {name: document[name] for name in document if name != "cases"}
    found = figures(document)
    compared = 0
    for id, reference in references.items():
        if any(wishes.get(id, "").startswith(wish) for wish in REFUSED_WHOLLY):
            assert list(leaves({k: v for k, v in found[id].items() if k != "refused"})) == []
            continue
        compared += agree(id, reference, found[id])
    assert compared > 1_000


def agree(path: str, reference: Any, found: Any) -> int:
    """How many figures were compared."""
    if isinstance(reference, dict):
        if reference.get("errorMessage"):
            return 0
        return sum(agree(f"{path}/{name}", one, found.get(name)) for name, one in reference.items())
    if isinstance(reference, list):
        return sum(agree(path, one, other) for one, other in zip(reference, found, strict=True))
    if reference is None or isinstance(reference, str):
        assert found is None or isinstance(found, str), path
        return 0
    tiny = abs(reference) < 1e-12 and path.rpartition("/")[2].startswith(("p", "z_pooled_p"))
    least = 0 if tiny else 1e-12
    assert found == pytest.approx(reference, rel=1e-3 if tiny else 1e-6, abs=least), path
    return 1


def test_a_part_that_cannot_be_told_leaves_the_others_alone() -> None:
    parts = {"multiple_testing": {"p": [2, -1]}, "multiple_testing_ties": {"p": [0.5, 0.5]}}
    found = figures({"planning": parts})["planning"]
    assert "multiple_testing" in found["multiple_testing"]["refused"]
    assert "refused" not in found["multiple_testing_ties"]
