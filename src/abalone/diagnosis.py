"""Turns the exceptions that a user can cause into one line: what happened, where, and what to do."""

import re
from collections.abc import Iterator

from kedro.config import MissingConfigException
from kedro.framework.cli.utils import KedroCliError
from kedro.io import DatasetError
from omegaconf.errors import OmegaConfBaseException

from abalone.errors import AbaloneError

# What AWS says, however the layers between here and there name it, and what to do about it.
_REMEDIES = (
    (
        r"NoSuchBucket|bucket does not exist",
        "check ABALONE_BUCKET: the bucket must exist in the account and region in use",
    ),
    (
        r"InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|ProfileNotFound",
        "AWS does not know these credentials: check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    (
        r"ExpiredToken|TokenRefreshRequired|SSOToken|UnauthorizedSSO|TokenRetrievalError|LoginRefreshRequired",
        "the AWS session has expired: sign in again, as with `aws sso login`",
    ),
    (
        r"AccessDenied|Forbidden|Access Denied|NotAuthorized|UnauthorizedOperation",
        "the AWS identity in use may not do this: check AWS_PROFILE and the bucket's and role's policies",
    ),
    (
        r"ResourceLimitExceeded",
        "ask for a higher quota (Service Quotas in the AWS console), or choose another instance_type in sagemaker.yml",
    ),
    (r"Throttling|TooManyRequests|RequestLimitExceeded|SlowDown", "AWS asks to slow down: run again in a while"),
    (
        r"NoRegionError|You must specify a region",
        "set the region: export AWS_DEFAULT_REGION=<region>, or `aws configure`",
    ),
    (
        r"Invalid endpoint|InvalidEndpoint|InvalidRegion|InvalidIMDSEndpoint",
        "check AWS_ENDPOINT_URL (such as http://127.0.0.1:5000) and AWS_DEFAULT_REGION",
    ),
    (
        r"PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|301 Moved",
        "the bucket is in another region: set AWS_DEFAULT_REGION to the bucket's region",
    ),
    (
        r"NoCredentials|Unable to locate credentials|PartialCredentials",
        "no AWS credentials were found: set AWS_PROFILE, or run `aws configure` or `aws sso login`",
    ),
    (
        r"EndpointConnectionError|Could not connect|ConnectTimeout|ConnectionClosed|ConnectionReset|"
        r"IncompleteRead|ClientPayloadError|ServerDisconnected|ResponseStreamingError|ReadTimeout|"
        r"ConnectionError|SSLError|ProxyError|Connection (reset|closed|was closed)|ContentLengthError",
        "the connection to AWS failed: check the network and AWS_ENDPOINT_URL, then run again;"
        " what was complete before is unharmed",
    ),
    (
        r"Environment variable 'ABALONE_BUCKET' not found",
        "set it first: export ABALONE_BUCKET=<bucket> names the bucket of the dev and prd environments",
    ),
    (r"Environment variable '\w+' not found", "set it first"),
    (
        r"No module named 's3fs'|Install s3fs",
        "S3 needs the aws set, which `make run ENV=dev` installs",
    ),
    (
        r"Failed to find the pipeline named|Pipeline (contains no|does not contain) nodes",
        "`kedro registry list` names the pipelines, `kedro registry describe <pipeline>` their nodes",
    ),
    (r"No partitions found in", "put at least one .csv batch there"),
    (r"Too many levels of symbolic links", "remove that link"),
    (r"Read-only file system", "the data folder has to be writable; ABALONE_DATA names another one"),
    (r"(Scanner|Parser)Error", "mend the YAML there"),
    (r"No space left on device", "free some disk space, then run again"),
    (r"Permission denied", "check the owner and the mode of that path"),
    (
        r"didn't match any|Did not find any versions|holds no model artifact|No such file or directory",
        "it does not exist, or is a link to nothing; what earlier steps write is there after a whole `kedro run`",
    ),
)

_KNOWN = (AbaloneError, DatasetError, KedroCliError, MissingConfigException, OmegaConfBaseException, OSError)


def diagnose(error: BaseException) -> str | None:
    """Explain an exception to the user who caused it.

    Args:
        error: What a run raised.

    Returns:
        One line that says what happened, where, and what to do; None for an exception that is a fault of the program,
        whose traceback is wanted.
    """
    chain = list(_chain(error))
    cause = chain[-1]
    for link in chain:
        if isinstance(link, AbaloneError):
            return _one_line(str(link))
    text = " ".join(f"{type(link).__name__}: {link}" for link in chain)
    remedy = next((remedy for pattern, remedy in _REMEDIES if re.search(pattern, text)), None)
    if remedy is None and not isinstance(error, _KNOWN) and not any(map(_is_of_aws, chain)):
        return None
    told = cause if isinstance(error, DatasetError) else error
    what = _where(error) + (_one_line(_unwrapped(str(told))) or type(told).__name__)
    return f"{what}. To mend it: {remedy}" if remedy else what


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _is_of_aws(error: BaseException) -> bool:
    """Whether AWS or its client refuses something; told by the module's name, as only some uses install botocore."""
    return type(error).__module__.split(".")[0] in {"botocore", "aiobotocore", "boto3"}


def _where(error: BaseException) -> str:
    """Which dataset Kedro was at, in fewer words than its own."""
    failed = re.search(r"Failed while (\w+) data .*?path=(?:\w+\()?'([^']+)'", str(error), re.DOTALL)
    return f"{failed[1]} {failed[2]} failed: " if failed else ""


def _unwrapped(text: str) -> str:
    """What a resolver of the configuration says, without what OmegaConf says around it."""
    return re.sub(r'^KeyError raised while resolving interpolation: "(.*)".*', r"\1", text, flags=re.DOTALL)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(".")
