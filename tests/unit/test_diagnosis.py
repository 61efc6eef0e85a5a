import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    SSLError,
    UnauthorizedSSOTokenError,
)
from kedro.io import DatasetError
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from abalone.diagnosis import diagnose
from abalone.errors import AbaloneError

FAILED = "Failed while saving data to dataset json.JSONDataset(filepath=PurePosixPath('bucket/metrics.json')).\ndetails"


def refused_by_aws(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "refused"}}, "CreatePipeline")


def raised(outer: Exception, cause: Exception | None = None) -> Exception:
    """The exception as it arrives: raised, with its cause."""
    try:
        raise outer from cause
    except type(outer) as error:
        return error


def test_own_error_is_told_as_it_is() -> None:
    error = raised(DatasetError("loading failed"), AbaloneError("batch.csv, line 3:\n  rings is not a number"))

    assert diagnose(error) == "batch.csv, line 3: rings is not a number"


@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        (FileNotFoundError("The specified bucket does not exist"), "check ABALONE_BUCKET"),
        (PermissionError("Access Denied"), "the AWS identity in use"),
        (OSError("AuthorizationHeaderMalformed: the region 'eu-west-1' is wrong"), "set AWS_DEFAULT_REGION"),
        (RuntimeError("Unable to locate credentials"), "aws configure"),
        (ConnectionResetError("Connection reset by peer"), "AWS_ENDPOINT_URL"),
        (ImportError("Install s3fs to access S3"), "make run ENV=dev"),
        (OSError(28, "No space left on device"), "free some disk space"),
        (PermissionError(13, "Permission denied"), "the owner and the mode"),
    ],
)
def test_fault_of_the_storage_names_the_dataset_and_the_remedy(cause: Exception, remedy: str) -> None:
    error = raised(DatasetError(FAILED), cause)

    message = diagnose(error)

    assert message is not None
    assert message.startswith("saving bucket/metrics.json failed: ")
    assert remedy in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (NoRegionError(), "export AWS_DEFAULT_REGION=<region>"),
        (NoCredentialsError(), "aws configure"),
        (ProfileNotFound(profile="abalone"), "check AWS_PROFILE"),
        (UnauthorizedSSOTokenError(), "sign in again"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), "AWS_ENDPOINT_URL"),
        (SSLError(endpoint_url="https://127.0.0.1:9", error="self-signed"), "check the network"),
        (ValueError("Invalid endpoint: nonsense"), "AWS_ENDPOINT_URL"),
        (refused_by_aws("ExpiredTokenException"), "sign in again"),
        (refused_by_aws("UnrecognizedClientException"), "AWS does not know these credentials"),
        (refused_by_aws("AccessDeniedException"), "the AWS identity in use may not do this"),
        (refused_by_aws("ResourceLimitExceeded"), "Service Quotas"),
        (refused_by_aws("ThrottlingException"), "run again in a while"),
    ],
)
def test_fault_of_an_aws_call_is_one_line_with_the_remedy(error: Exception, remedy: str) -> None:
    message = diagnose(raised(error))

    assert message is not None
    assert remedy in message
    assert "\n" not in message


def test_refusal_of_aws_that_has_no_remedy_is_told_in_its_words() -> None:
    message = diagnose(raised(refused_by_aws("ValidationException")))

    assert message == "An error occurred (ValidationException) when calling the CreatePipeline operation: refused"


@pytest.mark.parametrize(
    ("variable", "remedy"),
    [("ABALONE_BUCKET", "export ABALONE_BUCKET=<bucket>"), ("ABALONE_KMS_KEY", "set it first")],
)
def test_variable_that_is_not_set_is_told_with_the_remedy(
    variable: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(OmegaConfBaseException) as refused:
        OmegaConf.to_container(OmegaConf.create({"data": f"s3://${{oc.env:{variable}}}/data"}), resolve=True)

    message = diagnose(refused.value)

    assert message is not None
    assert message.startswith(f"Environment variable '{variable}' not found. To mend it: set it first")
    assert remedy in message


def test_name_that_kedro_does_not_know_is_told_in_its_words() -> None:
    error = raised(ValueError("Failed to find the pipeline named 'evaluating'."), KeyError("evaluating"))

    message = diagnose(error)

    assert message is not None
    assert message.startswith("Failed to find the pipeline named 'evaluating'. To mend it: `kedro registry list`")


def test_remedies_of_aws_are_not_given_for_numbers_in_a_local_path() -> None:
    message = diagnose(raised(DatasetError("Did not find any versions for model(filepath='/data/301/model')")))

    assert message is not None
    assert "AWS_REGION" not in message
    assert "kedro run" in message


def test_fault_of_the_program_keeps_its_traceback() -> None:
    assert diagnose(raised(TypeError("unsupported operand"))) is None


def test_fault_that_has_no_remedy_is_still_one_line() -> None:
    assert diagnose(raised(DatasetError("something\nelse."))) == "something else"
