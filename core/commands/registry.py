"""Every command, in one list."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from core.commands import (
    converting,
    experiment_analysing,
    experiments,
    listing,
    messages,
    models,
    rehearsing,
    trying,
    twin_answers,
    twin_tests,
    twins,
    validating,
)
from core.commands.base import A, Answer, Command, Room
from core.commands.demo import demo
from core.domain.errors import BadInput, NotFound
from core.domain.wording import place_of, sentence_of

COMMANDS: tuple[Command[Any], ...] = (
    Command("rehearse", rehearsing.Rehearse, rehearsing.rehearse),
    Command("resume", rehearsing.Resume, rehearsing.resume),
    Command("report", listing.OneRun, rehearsing.report),
    Command("runs-list", listing.RunsList, listing.runs_list),
    Command("runs-delete", listing.OneRun, listing.runs_delete),
    Command("personas-list", listing.Nothing, listing.personas_list),
    Command("flows-list", listing.Nothing, listing.flows_list),
    Command("flows-import", listing.FlowText, listing.flows_import),
    Command("populations-list", listing.Nothing, listing.populations_list),
    Command("populations-freeze", listing.Freeze, listing.populations_freeze),
    Command("validate", validating.Validate, validating.validate),
    Command("convert", converting.Convert, converting.convert),
    Command("checks", listing.Nothing, validating.checks),
    Command("test", trying.TestFlow, trying.play_tests),
    Command("coverage", trying.CoverFlow, trying.show_coverage),
    Command("messages-check", messages.CheckMessages, messages.messages_check),
    Command("models-list", listing.Nothing, models.models_list),
    Command("models-add", models.AddModel, models.models_add),
    Command("models-remove", models.OneModel, models.models_remove),
    Command("models-try", models.OneModel, models.models_try),
    Command("twin-train", twins.Train, twins.twin_train),
    Command("twin-ask", twin_answers.AskTwin, twin_answers.twin_ask),
    Command("twin-verify", twin_answers.VerifyTexts, twin_answers.twin_verify),
    Command("twin-models", twins.TwinModels, twins.twin_models),
    Command("twin-list", listing.Nothing, twins.twin_list),
    Command("twin-show", twins.OneTwin, twins.twin_show),
    Command("twin-versions", twins.OneTwin, twins.twin_versions),
    Command("twin-use", twins.UseVersion, twins.twin_use),
    Command("twin-test", twin_tests.TestTwin, twin_tests.twin_test),
    Command("twin-delete", twins.OneTwin, twins.twin_delete),
    Command(
        "experiment-analyse",
        experiment_analysing.AnalyseTable,
        experiment_analysing.experiment_analyse,
    ),
    Command(
        "experiment-plan", experiment_analysing.PlanWanted, experiment_analysing.experiment_plan
    ),
    Command(
        "experiment-figures",
        experiment_analysing.CasesGiven,
        experiment_analysing.experiment_figures,
    ),
    Command("experiment-list", experiments.ExperimentsList, experiments.experiment_list),
    Command("experiment-create", experiments.CreateExperiment, experiments.experiment_create),
    Command("experiment-start", experiments.StartExperiment, experiments.experiment_start),
    Command("experiment-stop", experiments.OneExperiment, experiments.experiment_stop),
    Command("experiment-show", experiments.OneExperiment, experiments.experiment_show),
    Command("experiment-look", experiments.OneExperiment, experiments.experiment_look),
    Command("experiment-decide", experiments.DecideExperiment, experiments.experiment_decide),
    Command("experiment-export", experiments.ExportExperiment, experiments.experiment_export),
    Command("experiment-assign", experiments.AssignPeople, experiments.experiment_assign),
    Command("demo", listing.Nothing, demo),
)


def find_command(name: str) -> Command[Any]:
    """A command by its name.

    Raises:
        NotFound: If there is none.
    """
    for command in COMMANDS:
        if command.name == name:
            return command
    names = ", ".join(command.name for command in COMMANDS)
    raise NotFound(f"There is no command '{name}'.", fix=f"There are: {names}.")


def run_command(room: Room, name: str, given: dict[str, Any]) -> Answer:
    """Run a command with arguments as plain JSON.

    Raises:
        BadInput: If an argument cannot be used; names it.
    """
    command = find_command(name)
    return command.run(room, arguments_of(command.arguments, given))


def arguments_of(kind: type[A], given: dict[str, Any]) -> A:
    """Arguments of a command from plain JSON.

    Raises:
        BadInput: If one cannot be used; names it.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(sentence_of(first), place=place_of(first)) from error
