"""What the roles may do, and what the code does under them."""

from pathlib import Path

import pytest

from abalone.rehearsal.local_aws import local_aws
from support.aws_calls import SOURCE, known_actions, python_actions, reachable_modules, shell_actions, task_actions
from support.policies import Role, Statement, roles, statements
from support.project import REPOSITORY
from support.state_machines import DEFINITIONS, read_machine, tasks
from support.terraform import Resource, statements_on_all_resources, terraform_on_copy

pytestmark = pytest.mark.timeout(900)

DELIVERY = REPOSITORY / "delivery"
FUNCTIONS = ("launch_etl", "evaluate_endpoint", "register_model", "launch_retraining")

PYTHON = {
    **{
        f'module.lambda.aws_iam_role.this["{name}"]': reachable_modules(f"abalone.lambdas.{name}") for name in FUNCTIONS
    },
    "module.ec2.aws_iam_role.host": sorted(SOURCE.glob("abalone/serving/**/*.py")),
    "module.glue.aws_iam_role.this": [*sorted(SOURCE.glob("abalone/etl/*.py")), SOURCE / "abalone/aws/cloudwatch.py"],
    'module.codebuild.aws_iam_role.this["train"]': sorted(
        set(SOURCE.glob("abalone/sagemaker/**/*.py")) - set(SOURCE.glob("abalone/sagemaker/local/*.py"))
    ),
}
"""The modules whose code runs under a role; those of the jobs read and write by s3fs, without a client of their own."""

OPTIONAL = {"sagemaker:ListDomains"}
"""Calls whose refusal the code takes: a link to Studio is not worth a permission."""

SCRIPTS = {
    'module.codebuild.aws_iam_role.this["image"]': [DELIVERY / "buildspec" / "image.yml", DELIVERY / "push_image.sh"],
    'module.codebuild.aws_iam_role.this["deploy"]': [DELIVERY / "buildspec" / "deploy.yml"],
    "module.ec2.aws_iam_role.host": sorted((DELIVERY / "codedeploy" / "hooks").glob("*.sh")),
}

DANGEROUS = (
    "cloudtrail:StopLogging",
    "ec2:CreateVpc",
    "iam:AttachRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreatePolicyVersion",
    "iam:CreateRole",
    "iam:CreateUser",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "kms:CreateGrant",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "lambda:UpdateFunctionCode",
    "organizations:LeaveOrganization",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
    "s3:PutBucketPolicy",
    "sts:AssumeRole",
)
HARMLESS = {"kms:CreateGrant": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}
"""Under which conditions a dangerous action is harmless."""

WITHOUT_ACCOUNT = {"cloudformation.amazonaws.com", "ec2.amazonaws.com"}
"""Services that name no account when they take on a role, which only somebody of the account can pass them."""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> list[Resource]:
    """The resources of dev with every policy written out. For reading only."""
    terraform = terraform_on_copy(tmp_path_factory.mktemp("rendered"))
    with local_aws() as aws:
        return terraform.render("dev", aws.variables)


@pytest.fixture(scope="module")
def all_roles(rendered: list[Resource]) -> dict[str, Role]:
    return roles(rendered)


def allowed_statements(all_roles: dict[str, Role]) -> list[tuple[str, Statement]]:
    return [
        (role.address, statement)
        for role in all_roles.values()
        for statement in role.policy
        if statement.effect == "Allow"
    ]


def test_reading_the_code_finds_the_calls_that_a_reader_finds() -> None:
    assert python_actions(reachable_modules("abalone.lambdas.evaluate_endpoint")) == {
        "s3:GetObject",
        "s3:PutObject",
        "sagemaker:InvokeEndpoint",
    }


@pytest.mark.parametrize("role", PYTHON)
def test_role_allows_what_the_code_under_it_calls(all_roles: dict[str, Role], role: str) -> None:
    called = python_actions(PYTHON[role]) - OPTIONAL

    assert called
    assert {action for action in called if not all_roles[role].allows(action)} == set()


@pytest.mark.parametrize("role", SCRIPTS)
def test_role_allows_what_the_scripts_under_it_call(all_roles: dict[str, Role], role: str) -> None:
    called = shell_actions(SCRIPTS[role])

    assert called
    assert {action for action in called if not all_roles[role].allows(action)} == set()


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name.removesuffix(".asl.json"))
def test_role_of_a_state_machine_allows_its_tasks(all_roles: dict[str, Role], path: Path) -> None:
    role = all_roles[f'module.stepfunctions.aws_iam_role.this["{path.name.removesuffix(".asl.json")}"]']

    called = task_actions(task["Resource"] for task in tasks(read_machine(path)).values())

    assert called
    assert {action for action in called if not role.allows(action)} == set()


def test_every_action_is_one_that_aws_has(all_roles: dict[str, Role]) -> None:
    known = known_actions()
    unknown = [
        f"{role}: {action}"
        for role, statement in allowed_statements(all_roles)
        for action in statement.actions
        if (service_and_name := action.lower().partition(":"))[2] not in known.get(service_and_name[0], set())
    ]

    assert unknown == []


def test_no_role_may_do_what_is_dangerous(all_roles: dict[str, Role]) -> None:
    granted = [
        f"{role}: {action} ({statement.sid})"
        for role, statement in allowed_statements(all_roles)
        for action in DANGEROUS
        if statement.covers(action) and HARMLESS.get(action) != statement.conditions
    ]

    assert granted == []


def test_no_statement_allows_by_what_it_does_not_name(all_roles: dict[str, Role]) -> None:
    assert [role for role, statement in allowed_statements(all_roles) if statement.negated] == []


def test_every_role_has_a_name_of_its_own(rendered: list[Resource]) -> None:
    names = [resource.values["name"] for resource in rendered if resource.type == "aws_iam_role"]

    assert sorted(names) == sorted(set(names))


def test_a_role_is_passed_by_name_and_to_one_service(all_roles: dict[str, Role]) -> None:
    passing = [entry for entry in allowed_statements(all_roles) if entry[1].covers("iam:PassRole")]

    assert passing
    for role, statement in passing:
        assert "iam:PassedToService" in _condition_keys(statement), role
        assert not any("*" in resource for resource in statement.resources), role


def test_a_role_is_taken_on_by_one_service_for_this_account(all_roles: dict[str, Role]) -> None:
    for role in all_roles.values():
        (trust,) = role.trust
        service = trust.principals["Service"]
        assert isinstance(service, str), role.address
        assert trust.actions == ["sts:AssumeRole"], role.address
        assert "aws:SourceAccount" in _condition_keys(trust) or service in WITHOUT_ACCOUNT, role.address


def test_every_grant_on_all_resources_is_written_as_one(all_roles: dict[str, Role]) -> None:
    written = {label.rpartition(": ")[2] for label in statements_on_all_resources()}

    assert {statement.sid for _, statement in allowed_statements(all_roles) if "*" in statement.resources} <= written


def test_only_tls_is_spoken_to_a_bucket(rendered: list[Resource]) -> None:
    buckets = {resource.values["bucket"] for resource in rendered if resource.type == "aws_s3_bucket"}
    policies = [resource.values["policy"] for resource in rendered if resource.type == "aws_s3_bucket_policy"]

    refusing = [
        policy
        for policy in policies
        for statement in statements(policy)
        if statement.effect == "Deny" and statement.conditions.get("Bool", {}).get("aws:SecureTransport") == "false"
    ]

    assert len(refusing) == len(buckets) == 3


def _condition_keys(statement: Statement) -> set[str | None]:
    return {key for operator in statement.conditions.values() for key in operator}
