"""Experiments as files: the newest look for others to read, the design for another time."""

from __future__ import annotations

from collections.abc import Callable

import yaml

from core.domain.errors import BadInput
from core.domain.experiment_results import Analysis
from core.domain.experiments import Experiment
from core.experiments.exports import EXPORTS

FORMATS: tuple[str, ...] = (*EXPORTS, "yaml")


def exported(experiment: Experiment, format: str, look: Callable[[], Analysis]) -> bytes:
    """An experiment as a file.

    Args:
        experiment: The experiment.
        format: html, md, csv or json of the newest look; yaml is the design.
        look: Gives the newest look.

    Raises:
        BadInput: If there is no such format.
    """
    if format == "yaml":
        return as_yaml(experiment).encode()
    if format not in EXPORTS:
        raise BadInput(
            f"There is no format '{format}'.",
            place="format",
            fix=f"Choose one of {', '.join(FORMATS)}.",
        )
    return EXPORTS[format].write(look(), experiment).encode()


def as_yaml(experiment: Experiment) -> str:
    """A design as a file that can be analysed anywhere: a spec.

    What decides is written whole, so that it does not depend on anybody's defaults.
    """
    design = experiment.design
    whole = design.model_dump(mode="json")
    document = design.model_dump(mode="json", exclude_defaults=True)
    document |= {"control": design.control_id, "rule": whole["rule"], "prior": whole["prior"]}
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return text
