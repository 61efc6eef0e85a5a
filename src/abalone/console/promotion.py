"""`abalone promote` and `abalone rollback`: another version becomes the champion, and the log says by whom and why."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from abalone.promotion.environment import Environment
    from abalone.promotion.plan import Plan

Command = Callable[..., Any]


def _of_environment(command: Command) -> Command:
    """The options that both commands have."""
    for option in (
        click.option("-y", "--yes", is_flag=True, help="Do not ask before the models on S3 are changed."),
        click.option("--reason", default="", help="Why, for the log."),
        click.option(
            "-e", "--env", default="base", show_default=True, help="Environment, as the folders of conf/ are called."
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("version")
@_of_environment
@click.option("--force", is_flag=True, help="Overrule the gate; --reason has to say why.")
def promote(*, version: str, env: str, reason: str, yes: bool, force: bool) -> None:
    """Make VERSION the champion.

    The champion serves, and is what the next model has to beat. VERSION may be cut short, as long as it is one version
    only. With --env dev or prd, its model package is approved and named to the hosts as well. A command that was
    stopped is finished by the same command.
    """
    if force and not reason:
        raise click.UsageError("--force overrules the gate: say why with --reason")
    from abalone.console.faults import told_in_one_line  # noqa: PLC0415 - it takes Kedro, which takes a second
    from abalone.promotion.environment import open_environment  # noqa: PLC0415
    from abalone.promotion.plan import plan_promotion  # noqa: PLC0415

    with told_in_one_line():
        environment = open_environment(env)
        _do(environment, plan_promotion(environment, version, force=force), reason or "chosen by hand", yes=yes)


@click.command()
@click.argument("version", required=False)
@_of_environment
def rollback(*, version: str | None, env: str, reason: str, yes: bool) -> None:
    """Make an earlier VERSION the champion again.

    It is the champion before this one, unless another version is named, which may be cut short. With --env dev or prd,
    its model package is approved and named to the hosts, and that of the model that is rolled back is rejected, with
    the reason. A command that was stopped is finished by the same command.
    """
    from abalone.console.faults import told_in_one_line  # noqa: PLC0415 - it takes Kedro, which takes a second
    from abalone.promotion.environment import open_environment  # noqa: PLC0415
    from abalone.promotion.plan import plan_rollback  # noqa: PLC0415

    with told_in_one_line():
        environment = open_environment(env)
        _do(environment, plan_rollback(environment, version), reason or "rolled back by hand", yes=yes)


def _do(environment: "Environment", plan: "Plan", reason: str, *, yes: bool) -> None:
    from abalone.promotion.execution import carry_out  # noqa: PLC0415 - as above

    place = environment.models.record
    if plan.is_resumed:
        click.echo(f"The {plan.action} of {plan.version} was not finished, and goes on")
    elif environment.is_remote and not yes:
        click.confirm(_question(environment, plan), abort=True)
    carry_out(environment, plan, reason)
    click.echo(f"{plan.version} is the champion ({place})")
    for line in _what_follows(environment, plan):
        click.echo(line)


def _question(environment: "Environment", plan: "Plan") -> str:
    if environment.missing_group:
        click.echo(f"There is no model package group {environment.missing_group}: only the champion's record changes.")
    if plan.version == plan.seen.version:
        return f"Name {plan.version}, the champion of {environment.name}, to its hosts?"
    return f"Make {plan.version} the champion of {environment.name}, in the place of {plan.seen.version}?"


def _what_follows(environment: "Environment", plan: "Plan") -> list[str]:
    name = f"abalone-{environment.name}"
    watching = f"A service that watches {environment.models.record} takes it over within 10 seconds, or at SIGHUP."
    if environment.missing_group:
        return [
            watching,
            f"Nothing but that record was changed, and no host or endpoint told: there is no model package group "
            f"{environment.missing_group}.",
            f"Where it is in another region, `abalone {plan.action} {plan.version} --env {environment.name}` with "
            "that region in AWS_DEFAULT_REGION tells them.",
        ]
    if plan.package is None:
        return [watching]
    group = f"--application-name {name} --deployment-group-name {name}-service"
    return [
        f"{plan.package.arn} is approved, and is what hosts serve from their next deployment on:",
        f"  aws deploy create-deployment {group} --revision "
        f'"$(aws deploy get-deployment-group {group} --query deploymentGroupInfo.targetRevision --output json)"',
        "An endpoint serves it when its stack is told so:",
        f"  aws cloudformation deploy --stack-name {name}-endpoint-production "
        f"--template-file delivery/cloudformation/endpoint.yml "
        f"--parameter-overrides ModelDataUrl={plan.package.model_data_url}",
    ]
