"""`kedro sagemaker compile | run | update | init`: what their options mean; the work is done elsewhere."""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from abalone.cli import clear_errors
from abalone.sagemaker.aws import client
from abalone.sagemaker.cli import initialisation, local_run, options, outcome_file, remote_run
from abalone.sagemaker.cli.difference import difference
from abalone.sagemaker.cli.listing import step_table
from abalone.sagemaker.compilation import compile_pipeline
from abalone.sagemaker.compilation.overrides import overrides
from abalone.sagemaker.project import open_project, working_tree_image
from abalone.sagemaker.start_parameters import start_parameters

PRODUCTION = "prd"

COMPILE_EXAMPLES = """\b
kedro sagemaker compile --env dev
kedro sagemaker compile --env prd --diff
kedro sagemaker compile --output-path - | jq .Steps[].Name
"""
RUN_EXAMPLES = """\b
kedro sagemaker run --env dev --local
kedro sagemaker run --env dev --wait-for-completion
kedro sagemaker run --env dev --params training.random_state=1
"""
UPDATE_EXAMPLES = """\b
kedro sagemaker update --env dev --pipeline monitoring
"""
INIT_EXAMPLES = """\b
kedro sagemaker init --env dev
kedro sagemaker init --env dev --bucket my-bucket --role arn:aws:iam::123456789012:role/abalone \\
    --image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/abalone-job@sha256:... --serving-image ...
"""


@click.command("compile", epilog=COMPILE_EXAMPLES)
@options.compiling
@click.option(
    "--output-path",
    type=click.Path(dir_okay=False, allow_dash=True, resolve_path=True),
    default="pipeline.json",
    show_default=True,
    help="Where to write the definition; - is standard output.",
)
@click.option("--diff", "diff", is_flag=True, help="Show what would change in the account.")
def compile_command(
    *,
    env: str,
    pipeline: str,
    parameters: dict[str, Any],
    image: str | None,
    role: str | None,
    output_path: str,
    diff: bool,
) -> None:
    """Write the definition of the SageMaker pipeline, and list its steps. Nothing in the account is changed."""
    with _project(), open_project(env, parameters) as context:
        compiled = compile_pipeline(context, pipeline=pipeline, image=image, role=role)
    text = json.dumps(compiled.definition, indent=2, ensure_ascii=False) + "\n"
    piped = output_path == "-"
    if piped:
        click.echo(text, nl=False)
    else:
        Path(output_path).write_text(text, encoding="utf-8")
    console = Console(highlight=False, stderr=piped)
    console.print(step_table(compiled.definition))
    name = compiled.pipeline.name
    if diff:
        click.echo(difference(client("sagemaker"), name, compiled.definition), err=piped)
    if not piped:
        click.echo(f"{name} is written to {output_path}")


@click.command("run", epilog=RUN_EXAMPLES)
@options.compiling
@click.option("--wait-for-completion", "waits", is_flag=True, help="Show the steps until the execution ends.")
@click.option("--no-cache", is_flag=True, help="Execute every job, even one whose result is at hand.")
@click.option("--local", "here", is_flag=True, help="Execute the definition on this machine, without Docker.")
@click.option(
    "--scratch",
    type=click.Path(file_okay=False, path_type=Path, resolve_path=True),
    help="With --local: folder of the jobs, with their logs; .sagemaker/<env> by default.",
)
@click.option(
    "--poll-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=15,
    show_default=True,
    help="With --wait-for-completion: time between two looks.",
)
@click.option(
    "--outcome",
    type=click.Path(dir_okay=False, path_type=Path, resolve_path=True),
    help="With --wait-for-completion or --local: file that names the model package of a success, as JSON.",
)
@click.option("-y", "--yes", is_flag=True, help=f"Do not ask before a run in {PRODUCTION}.")
@click.pass_context
def run_command(
    ctx: click.Context,
    *,
    env: str,
    pipeline: str,
    parameters: dict[str, Any],
    image: str | None,
    role: str | None,
    waits: bool,
    no_cache: bool,
    here: bool,
    scratch: Path | None,
    poll_seconds: float,
    outcome: Path | None,
    yes: bool,
) -> None:
    """Run the pipeline as SageMaker jobs, or rehearse it with --local.

    The exit code is 0 when the execution succeeded (or, without --wait-for-completion, started), 1 when it failed or
    was stopped, 130 after Ctrl-C.
    """
    if outcome and not (waits or here):
        raise click.UsageError("--outcome goes with --wait-for-completion or --local, as it is known at the end")
    with _project() as project:
        if here:
            local_run.require_local_aws()
            image = image or working_tree_image()
        with open_project(env) as context:
            compiled = compile_pipeline(context, pipeline=pipeline, image=image, role=role, cache=not no_cache)
        with open_project(env, parameters) as context:
            wanted = compile_pipeline(context, pipeline=pipeline, image=image, role=role, cache=not no_cache)
            told = start_parameters(context, wanted, pipeline)
        given = overrides(compiled.definition, wanted.definition)
        if given is None:
            compiled, given = wanted, {}
            if not here:
                click.echo("These parameters change the pipeline itself, for later executions as well")
        told |= given
        if outcome:
            outcome_file.prepare(outcome, told)
        name = compiled.pipeline.name
        if here:
            scratch = scratch or project / ".sagemaker" / env
            code = local_run.run_here(compiled, told, scratch=scratch, project=project, cache=not no_cache)
        else:
            if env == PRODUCTION and not yes and sys.stdin.isatty():
                click.confirm(f"Start {name} in {PRODUCTION}?", abort=True)
            arn = remote_run.start(compiled, told)
            if not waits:
                click.echo(f"{name} is running; --wait-for-completion would show its steps here")
                return
            code = remote_run.wait(name, compiled.definition, arn, poll_seconds=poll_seconds)
        if outcome and code == 0:
            outcome_file.write(outcome, compiled, told)
        ctx.exit(code)


@click.command("update", epilog=UPDATE_EXAMPLES)
@options.compiling
def update_command(*, env: str, pipeline: str, parameters: dict[str, Any], image: str | None, role: str | None) -> None:
    """Store the pipeline in the account without starting it, for what starts it by a schedule."""
    with _project(), open_project(env, parameters) as context:
        compiled = compile_pipeline(context, pipeline=pipeline, image=image, role=role)
        remote_run.store(compiled)
    click.echo(f"{compiled.pipeline.name} is stored in the account")


@click.command("init", epilog=INIT_EXAMPLES)
@options.env
@options.asked("--bucket", "S3 bucket of data and artifacts", initialisation.check_bucket)
@options.asked("--role", "ARN of the role that the jobs assume", initialisation.check_role, "-r", "--execution-role")
@options.asked("--image", "Image of the jobs, with its digest", initialisation.check_image, "-i")
@options.asked("--serving-image", "Image of the prediction service, with its digest", initialisation.check_image)
@click.option("-y", "--yes", is_flag=True, help="Replace other values that are there.")
def init_command(*, env: str, bucket: str, role: str, image: str, serving_image: str, yes: bool) -> None:
    """Write bucket, role and images into conf/<env>; what is not given is asked for.

    Sets bucket in globals.yml and aws.execution_role, docker.image and registration.image in sagemaker.yml. The rest
    of these files stays as it is.
    """
    values = dict(zip(initialisation.CHECKS, (bucket, role, image, serving_image), strict=True))
    with _project() as project:
        written = initialisation.initialise(project / "conf", env, values, overwrite=yes)
    for path in written:
        click.echo(f"{path} is written")
    click.echo(f"Next: kedro sagemaker compile --env {env}")


@contextlib.contextmanager
def _project() -> Iterator[Path]:
    """Work in the project's folder, wherever in it the command was given."""
    metadata = click.get_current_context().obj
    project: Path = metadata.project_path if metadata else Path.cwd()
    with contextlib.chdir(project):
        yield project


COMMANDS = {
    command.name: clear_errors(command) for command in (compile_command, init_command, run_command, update_command)
}
"""By name, as the group takes them."""
