"""`remove_releases.py --env dev|prd [--yes]`: deletes what the delivery pipeline has made and Terraform does not know.

That is the stacks of the endpoints, the SageMaker pipelines, the model packages and the name of the released model.
What is gone already is passed over, so that it can be run again. To be run before `terraform destroy`, while the roles
that delete the stacks are there.
"""

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

STAGES = ("staging", "production")


def remove_stack(name: str) -> str:
    """Delete a stack of CloudFormation, and wait until it is gone.

    Raises:
        WaiterError: It could not be deleted; its events say why.
    """
    cloudformation = boto3.client("cloudformation")
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name)
    return f"stack {name}"


def remove_pipeline(name: str) -> str:
    """Delete a SageMaker pipeline."""
    sagemaker = boto3.client("sagemaker")
    pages = sagemaker.get_paginator("list_pipelines").paginate(PipelineNamePrefix=name)
    if any(pipeline["PipelineName"] == name for page in pages for pipeline in page["PipelineSummaries"]):
        sagemaker.delete_pipeline(PipelineName=name)
    return f"SageMaker pipeline {name}"


def remove_model_packages(group: str) -> str:
    """Delete the model packages of a group, without which the group cannot be deleted."""
    sagemaker = boto3.client("sagemaker")
    groups = sagemaker.get_paginator("list_model_package_groups").paginate(NameContains=group)
    found = [each["ModelPackageGroupName"] for page in groups for each in page["ModelPackageGroupSummaryList"]]
    packages = []
    if group in found:
        pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
        packages = [package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"]]
    for package in packages:
        sagemaker.delete_model_package(ModelPackageName=package)
    return f"{len(packages)} model packages of {group}"


def remove_parameter(name: str) -> str:
    """Delete a parameter of Systems Manager."""
    boto3.client("ssm").delete_parameters(Names=[name])
    return f"parameter {name}"


def _is_wanted(name: str) -> bool:
    account = boto3.client("sts").get_caller_identity()["Account"]
    question = f"Delete the endpoints, model packages and pipelines of {name} in account {account}? Its name: "
    try:
        return input(question) == name
    except EOFError:
        return False


def main() -> int:
    """Delete all of it, and tell what is gone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", required=True, choices=("dev", "prd"))
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args()
    environment = options.env
    name = f"abalone-{environment}"
    try:
        if not (options.yes or _is_wanted(name)):
            sys.stderr.write("Nothing was deleted\n")
            return 1
        for stage in STAGES:
            print("gone:", remove_stack(f"{name}-endpoint-{stage}"), flush=True)  # noqa: T201
        for pipeline in (name, f"{name}-monitoring"):
            print("gone:", remove_pipeline(pipeline))  # noqa: T201
        print("gone:", remove_model_packages(name))  # noqa: T201
        print("gone:", remove_parameter(f"/abalone/{environment}/serving/model"))  # noqa: T201
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
