"""What stands where in the picture of the delivery path: places in cells, frames behind them, arrows between them.

A cell is a column and a row. An arrow goes along one of them.
"""

from dataclasses import dataclass

from diagrams import Node
from diagrams.aws.analytics import Glue
from diagrams.aws.compute import ECR, EC2Instances, LambdaFunction
from diagrams.aws.devtools import Cloud9, Codebuild, Codecommit, Codedeploy, Codepipeline
from diagrams.aws.general import User
from diagrams.aws.integration import SNS, Eventbridge, StepFunctions
from diagrams.aws.management import CloudformationStack, Cloudwatch, ParameterStore
from diagrams.aws.ml import Sagemaker, SagemakerModel
from diagrams.aws.network import VPC
from diagrams.aws.security import KMS
from diagrams.aws.storage import SimpleStorageServiceS3BucketWithObjects
from infrastructure import pipelines

Cell = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """An icon with two lines of text.

    Attributes:
        cell: Column and row.
        icon: What is drawn.
        title: First line, unlike any other.
        service: Second line.
        modules: Terraform modules that it shows.
        actions: Actions of the delivery pipeline that it shows, as the code calls them.
    """

    cell: Cell
    icon: type[Node]
    title: str
    service: str
    modules: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """A titled frame from the first cell to the last."""

    title: str
    first: Cell
    last: Cell


@dataclass(frozen=True)
class Arrow:
    """From one place to another, by title; those of the delivery pipeline stand out."""

    start: str
    end: str
    label: str = ""
    delivery: bool = False


PLACES = [
    Place((0, 0), Codecommit, "Source", "CodeCommit", ("codecommit", "codeconnections"), ("source_action",)),
    Place((0, 1), Eventbridge, "Events", "EventBridge", ("eventbridge",)),
    Place((0, 2), SimpleStorageServiceS3BucketWithObjects, "Landing zone", "S3", ("s3",)),
    Place((1, 0), Codebuild, "Verify", "CodeBuild", ("codebuild",), ("verify",)),
    Place((1, 1), Codebuild, "Image", "CodeBuild", (), ("image",)),
    Place((1, 2), ECR, "Images", "ECR", ("ecr",)),
    Place((2, 0), LambdaFunction, "Prepare", "Lambda", ("lambda",), ("prepare",)),
    Place((2, 1), StepFunctions, "ETL", "Step Functions", ("stepfunctions",)),
    Place((2, 2), Glue, "Spark job", "Glue", ("glue",)),
    Place((3, 0), Codebuild, "Train", "CodeBuild", (), ("train",)),
    Place((3, 1), Sagemaker, "Pipelines", "SageMaker", ("sagemaker",)),
    Place((3, 2), SagemakerModel, "Model registry", "SageMaker"),
    Place((4, 0), CloudformationStack, "Staging endpoint", "CloudFormation", ("endpoint",), ("stage",)),
    Place((4, 1), StepFunctions, "System test", "Step Functions", (), ("system_test",)),
    Place((4, 2), User, "Approve", "a person", (), ("approve",)),
    Place((5, 2), CloudformationStack, "Endpoint", "CloudFormation", (), ("endpoint",)),
    Place((5, 1), Codedeploy, "Release", "CodeDeploy", ("codedeploy",), ("revision", "hosts")),
    Place((5, 0), EC2Instances, "Hosts", "EC2, ALB", ("ec2",)),
    Place((6, 0), Cloudwatch, "Alarms", "CloudWatch", ("cloudwatch",)),
    Place((6, 1), SNS, "Alerts", "SNS, Budgets", ("budgets",)),
    Place((6, 2), Sagemaker, "Monitoring", "SageMaker"),
    Place((0, 3), KMS, "Encryption", "KMS", ("kms",)),
    Place((1, 3), VPC, "Network", "VPC", ("network",)),
    Place((2, 3), ParameterStore, "Settings", "Parameter Store", ("ssm",)),
    Place((3, 3), Cloud9, "Editor", "Cloud9 (off)", ("cloud9",)),
    Place((4, 3), Codepipeline, "Delivery", "CodePipeline", ("codepipeline",)),
    Place((5, 3), StepFunctions, "Retraining", "Step Functions"),
    Place((6, 3), Eventbridge, "Rules", "EventBridge"),
]

FRAMES = [
    Frame("Code and data", (0, 0), (0, 2)),
    Frame("Build", (1, 0), (1, 2)),
    Frame("Train on SageMaker", (2, 0), (3, 2)),
    Frame("Test, approve", (4, 0), (4, 2)),
    Frame("Serve", (5, 0), (5, 2)),
    Frame("Observe", (6, 0), (6, 2)),
    Frame("Used by all", (0, 3), (3, 3)),
    Frame("Train again", (4, 3), (6, 3)),
]

ARROWS = [
    Arrow("Source", "Verify", "commit", delivery=True),
    Arrow("Verify", "Image", "", delivery=True),
    Arrow("Verify", "Prepare", "passed", delivery=True),
    Arrow("Prepare", "Train", "rows", delivery=True),
    Arrow("Train", "Staging endpoint", "model", delivery=True),
    Arrow("Staging endpoint", "System test", delivery=True),
    Arrow("System test", "Approve", "good\nenough", delivery=True),
    Arrow("Approve", "Endpoint", delivery=True),
    Arrow("Endpoint", "Release", delivery=True),
    Arrow("Release", "Hosts", "rolling", delivery=True),
    Arrow("Source", "Events", "push"),
    Arrow("Landing zone", "Events", "new\nbatch"),
    Arrow("Image", "Images", "by\ndigest"),
    Arrow("Prepare", "ETL", "starts"),
    Arrow("ETL", "Spark job"),
    Arrow("Train", "Pipelines", f"{len(pipelines())} jobs"),
    Arrow("Pipelines", "Model registry", "gate\npassed"),
    Arrow("Hosts", "Alarms", "metrics"),
    Arrow("Alarms", "Alerts"),
    Arrow("Endpoint", "Monitoring", "captures"),
    Arrow("Monitoring", "Rules", "train\nagain"),
    Arrow("Rules", "Retraining", "decision,\nschedule"),
    Arrow("Retraining", "Delivery", "once"),
]
