"""Variables whose values are parameters of Systems Manager, as `parameter-store` has them."""

from collections.abc import Mapping

from abalone.errors import AbaloneError


def read_parameters(names: Mapping[str, str]) -> dict[str, str]:
    """Read parameters of the account in use.

    Args:
        names: Of the parameters, by the variable that takes the value.

    Raises:
        AbaloneError: A parameter is missing, or the account does not answer.
    """
    if not names:
        return {}
    import boto3  # noqa: PLC0415 - a buildspec without parameters does without it
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    values = {}
    for variable, name in names.items():
        try:
            answer = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
        except (BotoCoreError, ClientError) as error:
            raise AbaloneError(f"{variable} is the parameter {name}, which cannot be read: {error}") from error
        values[variable] = answer["Parameter"]["Value"]
    return values
