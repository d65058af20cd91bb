"""The JSON Schema of the flow format, made from the types that read it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from core.domain.flows import STEP_CONFIGS, Flow, Step

REFERENCE = "#/$defs/{model}"


def flow_schema() -> dict[str, Any]:
    """The schema of a flow document; a step's ``config`` depends on its ``type``."""
    models: list[type[BaseModel]] = [Flow, Step, *dict.fromkeys(STEP_CONFIGS.values())]
    _, schema = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, ref_template=REFERENCE
    )
    definitions = schema["$defs"]
    flow = definitions.pop("Flow")
    step = definitions.pop("Step")
    for kind, config in STEP_CONFIGS.items():
        definitions[f"step_{kind}"] = _step(step, kind, definitions[config.__name__])
    choices = [{"$ref": f"#/$defs/step_{kind}"} for kind in STEP_CONFIGS]
    flow["properties"]["steps"]["items"] = {
        "oneOf": choices,
        "discriminator": {
            "propertyName": "type",
            "mapping": {kind: f"#/$defs/step_{kind}" for kind in STEP_CONFIGS},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **flow,
        "$defs": definitions,
    }


def _step(step: dict[str, Any], kind: str, config: dict[str, Any]) -> dict[str, Any]:
    needs_config = ["config"] if config.get("required") else []
    return {
        **step,
        "title": kind,
        "description": str(config.get("description", "")),
        "properties": {
            **step["properties"],
            "type": {"const": kind, "title": "Type"},
            "config": {"$ref": REFERENCE.format(model=STEP_CONFIGS[kind].__name__)},
        },
        "required": ["id", "type", *needs_config],
    }
