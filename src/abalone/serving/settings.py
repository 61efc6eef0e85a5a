"""Settings of the service, from the environment."""

from typing import Annotated, Literal

from pydantic import AliasChoices, Field, PositiveFloat, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ABALONE_SERVING_"

METRICS_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client's variable for the directory through which workers share their counters."""

MIB = 1024 * 1024


class Settings(BaseSettings):
    """What can be set: each field is the environment variable of its name, in upper case, after `ABALONE_SERVING_`.

    Where SageMaker has a variable of its own for the same thing, that one is read, too.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, populate_by_name=True)

    model: Annotated[
        str,
        Field(
            validation_alias=AliasChoices(f"{PREFIX}MODEL", "SM_MODEL_DIR"),
            description="A directory, a model.tar.gz or a champion.json, on disk or as s3://...",
        ),
    ] = "/opt/ml/model"
    reload_seconds: Annotated[
        float, Field(ge=0, description="How often to look for a new model; 0: only on SIGHUP")
    ] = 10.0

    host: Annotated[str, Field(description="Address to listen on")] = "127.0.0.1"
    port: Annotated[
        int,
        Field(
            ge=0,
            le=65535,
            validation_alias=AliasChoices(f"{PREFIX}PORT", "SAGEMAKER_BIND_TO_PORT"),
            description="Port to listen on",
        ),
    ] = 8080
    workers: Annotated[
        int,
        Field(
            ge=1,
            validation_alias=AliasChoices(f"{PREFIX}WORKERS", "SAGEMAKER_MODEL_SERVER_WORKERS"),
            description="Processes that answer",
        ),
    ] = 1
    drain_seconds: Annotated[
        PositiveInt, Field(description="How long a stop waits for the requests that were accepted")
    ] = 15
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="DEBUG logs every request")
    ] = "INFO"

    max_request_bytes: Annotated[PositiveInt, Field(description="Larger bodies are refused")] = 25 * MIB
    request_seconds: Annotated[
        PositiveFloat,
        Field(allow_inf_nan=False, description="How long a client may take to send a request or to take its answer"),
    ] = 30.0
    invalid_rows: Annotated[
        Literal["refuse", "report"],
        Field(description="What happens to a request with an impossible row, unless it says so itself"),
    ] = "refuse"

    capture: Annotated[
        str, Field(description="Folder or s3:// prefix for captured predictions and feedback; empty: none")
    ] = ""
    capture_sample: Annotated[float, Field(ge=0, le=1, description="Share of the requests that is captured")] = 1.0
    capture_rotate_seconds: Annotated[PositiveFloat, Field(description="Age at which a capture file is closed")] = 60.0
    capture_rotate_bytes: Annotated[PositiveInt, Field(description="Size at which a capture file is closed")] = 8 * MIB
    capture_pending_bytes: Annotated[
        PositiveInt, Field(description="What may wait to be written, in each worker, before records are dropped")
    ] = 64 * MIB
    endpoint_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$", description="Folder of the captures")] = "abalone"
    variant_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$", description="Folder below it")] = "local"

    monitoring: Annotated[
        str, Field(description="Report that /monitor shows: monitoring.html, or its folder, on disk or as s3://...")
    ] = ""
    metrics_environment: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9-]*$", description="Environment of the metrics in the log, for CloudWatch; empty: none"
        ),
    ] = ""
    metrics_seconds: Annotated[PositiveFloat, Field(description="How often they are logged")] = 60.0

    api_key: Annotated[SecretStr | None, Field(description="Key that callers have to send; none: open to all")] = None
    api_key_parameter: Annotated[
        str, Field(description="Name of the SSM parameter that holds that key, read at the start")
    ] = ""
    rate_limit: Annotated[
        float, Field(ge=0, allow_inf_nan=False, description="Requests a second that a client may send; 0: any")
    ] = 0.0
    rate_limit_burst: Annotated[PositiveInt, Field(description="Requests that a client may send at once")] = 50
    cors_origins: Annotated[
        tuple[str, ...], Field(description="Origins whose pages may call the service, as a JSON list; none by default")
    ] = ()
    forwarded_allow_ips: Annotated[
        str, Field(description="Addresses of proxies whose X-Forwarded-For is believed, separated by commas")
    ] = ""
