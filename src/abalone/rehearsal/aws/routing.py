"""Which server on this machine answers for which service of AWS."""

from functools import cache

MINISTACK_SERVICES = (
    "BUDGETS",
    "CLOUDWATCH_LOGS",
    "ECR",
    "EVENTBRIDGE",
    "KMS",
    "LAMBDA",
    "S3",
    "SFN",
    "SNS",
    "SQS",
    "SSM",
)
"""The services that MiniStack carries, as the SDKs name them in `AWS_ENDPOINT_URL_<SERVICE>`."""


def endpoint_variables(ministack: str, moto: str) -> dict[str, str]:
    """Return the variables by which every SDK, and Terraform, finds the server of a service.

    Args:
        ministack: URL of the server of `MINISTACK_SERVICES`.
        moto: URL of the server of every other service.
    """
    return {"AWS_ENDPOINT_URL": moto, **{f"AWS_ENDPOINT_URL_{service}": ministack for service in MINISTACK_SERVICES}}


def endpoint_of(service: str, variables: dict[str, str]) -> str:
    """Return the URL of a service, by the name that boto3 has for it."""
    return variables.get(f"AWS_ENDPOINT_URL_{_name_of_variable(service)}", variables["AWS_ENDPOINT_URL"])


@cache
def _name_of_variable(service: str) -> str:
    from botocore.session import Session  # noqa: PLC0415 - what is missing is told before

    return str(Session().get_service_model(service).service_id).replace(" ", "_").upper()
