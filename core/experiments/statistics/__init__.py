"""What may be said from an experiment's sums: effects, intervals, probabilities, plans."""

from core.experiments.statistics import proportions, tails
from core.experiments.statistics.anytime import Sequential
from core.experiments.statistics.balance import Balance, binomial_p, chi_square, sample_ratio
from core.experiments.statistics.bandits import even_regret, regret, thompson_shares
from core.experiments.statistics.bayes import (
    Posterior,
    best_of,
    best_of_rates,
    beta_binomial,
    normal_posterior,
    prior_words,
)
from core.experiments.statistics.boundaries import (
    AfterStopping,
    bounds,
    repeated_interval,
    stage_wise,
)
from core.experiments.statistics.corrections import Correction, adjusted
from core.experiments.statistics.counting import always_valid_counts
from core.experiments.statistics.differences import (
    clustered,
    design_effect,
    effect_of,
    estimate,
    variance_removed,
)
from core.experiments.statistics.moments import Arm, arms, theta
from core.experiments.statistics.outliers import claims, enough_for_normal
from core.experiments.statistics.pairs import estimate_pairs, pairing_gain, tested_pairs
from core.experiments.statistics.peeking import Played, simulate_rules
from core.experiments.statistics.planning import (
    mean_sizes,
    power_of,
    proportion_sizes,
    rule_factor,
    sample_size,
    smallest_effect,
    smallest_relative,
)
from core.experiments.statistics.plans import Baseline, plan
from core.experiments.statistics.proportions import Counts
from core.experiments.statistics.quantiles import (
    quantile_estimate,
    quantile_interval,
    quantile_tested,
)
from core.experiments.statistics.readings import Tested
from core.experiments.statistics.sequential import (
    always_valid,
    always_valid_between,
    always_valid_pairs,
    always_valid_quantiles,
    too_early,
)
from core.experiments.statistics.testing import arm_interval, counted, tested
from core.experiments.statistics.weighting import (
    Batch,
    Weighted,
    inverse_probability,
    weighted_difference,
    weighted_ratio,
)

__all__ = [
    "AfterStopping",
    "Arm",
    "Balance",
    "Baseline",
    "Batch",
    "Correction",
    "Counts",
    "Played",
    "Posterior",
    "Sequential",
    "Tested",
    "Weighted",
    "adjusted",
    "always_valid",
    "always_valid_between",
    "always_valid_counts",
    "always_valid_pairs",
    "always_valid_quantiles",
    "arm_interval",
    "arms",
    "best_of",
    "best_of_rates",
    "beta_binomial",
    "binomial_p",
    "bounds",
    "chi_square",
    "claims",
    "clustered",
    "counted",
    "design_effect",
    "effect_of",
    "enough_for_normal",
    "estimate",
    "estimate_pairs",
    "even_regret",
    "inverse_probability",
    "mean_sizes",
    "normal_posterior",
    "pairing_gain",
    "plan",
    "power_of",
    "prior_words",
    "proportion_sizes",
    "proportions",
    "quantile_estimate",
    "quantile_interval",
    "quantile_tested",
    "regret",
    "repeated_interval",
    "rule_factor",
    "sample_ratio",
    "sample_size",
    "simulate_rules",
    "smallest_effect",
    "smallest_relative",
    "stage_wise",
    "tails",
    "tested",
    "tested_pairs",
    "theta",
    "thompson_shares",
    "too_early",
    "variance_removed",
    "weighted_difference",
    "weighted_ratio",
]
