"""Commands about the language models of a workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from core.cli.base import Home, Json, ModelId, Space, ask, settings_of
from core.commands import given_key

models = typer.Typer(help="The language models of a workspace.", rich_markup_mode=None)


@models.command("list")
def models_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the language models, by name; keys are never shown."""
    return ask("models-list", {}, as_json, workspace, settings_of(home))


@models.command("add")
def models_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    model: Annotated[str, typer.Argument(metavar="MODEL", help="As litellm names it.")],
    purpose: Annotated[
        str | None, typer.Option(help="chat, embedding or transcription; chat if not said.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="Where it is reached.")] = None,
    key_env: Annotated[
        str | None, typer.Option(metavar="VAR", help="Save the key that this variable holds.")
    ] = None,
    key_stdin: Annotated[bool, typer.Option(help="Save the key on standard input.")] = False,
    temperature: Annotated[float | None, typer.Option(help="0 to 2.")] = None,
    max_tokens: Annotated[int | None, typer.Option(help="The longest answer.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds for one attempt.")] = None,
    rpm: Annotated[int | None, typer.Option(help="Requests a minute.")] = None,
    tpm: Annotated[int | None, typer.Option(help="Tokens a minute.")] = None,
    in_flight: Annotated[int | None, typer.Option(help="Calls at once.")] = None,
    input_price: Annotated[float | None, typer.Option(help="USD a million tokens asked.")] = None,
    output_price: Annotated[
        float | None, typer.Option(help="USD a million tokens answered.")
    ] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Add a language model; a key is stored encrypted, and is never an argument."""
    given = {
        "name": name,
        "model": model,
        "purpose": purpose,
        "address": address,
        "key": given_key(key_env, from_input=key_stdin),
        "temperature": temperature,
        "max_tokens": max_tokens,
        "timeout_seconds": timeout,
        "requests_per_minute": rpm,
        "tokens_per_minute": tpm,
        "in_flight": in_flight,
        "input_price": input_price,
        "output_price": output_price,
    }
    return ask("models-add", given, as_json, workspace, settings_of(home))


@models.command("remove")
def models_remove(
    model: ModelId, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Remove a language model and its saved key; runs that it answered stay."""
    return ask("models-remove", {"model": model}, as_json, workspace, settings_of(home))


@models.command("try")
def models_try(
    model: ModelId, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Call a language model once; ends with 1 where it does not work."""
    return ask("models-try", {"model": model}, as_json, workspace, settings_of(home))
