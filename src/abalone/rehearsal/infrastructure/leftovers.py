"""What is left in an account of an environment: each service is asked, whatever Terraform believes."""

import re
from collections.abc import Iterator

import jmespath

from abalone.rehearsal.aws.account import LocalAccount
from abalone.rehearsal.isolation import ACCOUNT

LISTS = (
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups[].AutoScalingGroupName"),
    ("budgets", "describe_budgets", "Budgets[].BudgetName"),
    ("cloudformation", "list_stacks", "StackSummaries[?StackStatus!='DELETE_COMPLETE'].StackName"),
    ("cloudwatch", "describe_alarms", "[MetricAlarms, CompositeAlarms][][].AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"),
    ("codebuild", "list_projects", "projects"),
    ("codebuild", "list_report_groups", "reportGroups"),
    ("codecommit", "list_repositories", "repositories[].repositoryName"),
    ("codeconnections", "list_connections", "Connections[].ConnectionName"),
    ("codedeploy", "list_applications", "applications"),
    ("codepipeline", "list_pipelines", "pipelines[].name"),
    ("ec2", "describe_launch_templates", "LaunchTemplates[].LaunchTemplateName"),
    ("ec2", "describe_security_groups", "SecurityGroups[].GroupName"),
    ("ec2", "describe_vpcs", "Vpcs[].Tags[].Value"),
    ("ecr", "describe_repositories", "repositories[].repositoryName"),
    ("elbv2", "describe_load_balancers", "LoadBalancers[].LoadBalancerName"),
    ("elbv2", "describe_target_groups", "TargetGroups[].TargetGroupName"),
    ("events", "list_rules", "Rules[].Name"),
    ("glue", "get_jobs", "Jobs[].Name"),
    ("glue", "get_security_configurations", "SecurityConfigurations[].Name"),
    ("iam", "list_instance_profiles", "InstanceProfiles[].InstanceProfileName"),
    ("iam", "list_roles", "Roles[].RoleName"),
    ("kms", "list_aliases", "Aliases[].AliasName"),
    ("lambda", "list_functions", "Functions[].FunctionName"),
    ("logs", "describe_log_groups", "logGroups[].logGroupName"),
    ("s3", "list_buckets", "Buckets[].Name"),
    ("sagemaker", "list_model_package_groups", "ModelPackageGroupSummaryList[].ModelPackageGroupName"),
    ("sagemaker", "list_pipelines", "PipelineSummaries[].PipelineName"),
    ("sns", "list_topics", "Topics[].TopicArn"),
    ("sqs", "list_queues", "QueueUrls"),
    ("ssm", "describe_parameters", "Parameters[].Name"),
    ("stepfunctions", "list_state_machines", "stateMachines[].name"),
)
"""Service and operation of boto3, and where the names are in the answer."""

ARGUMENTS = {"describe_budgets": {"AccountId": ACCOUNT}}


def leftovers(account: LocalAccount, environment: str) -> Iterator[str]:
    """Yield what an account still has of an environment, as service and name.

    Args:
        account: The account.
        environment: dev or prd, which is part of every name.
    """
    for service, operation, names in LISTS:
        answer = getattr(account.client(service), operation)(**ARGUMENTS.get(operation, {}))
        for name in jmespath.search(names, answer) or []:
            if environment in re.split(r"[-/_:]", name):
                yield f"{service} {name}"
