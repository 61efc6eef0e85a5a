"""The values of `conf/`, as a Kedro run has them."""

import os
from pathlib import Path
from typing import Any, NamedTuple

from kedro.framework.project import configure_project, settings

from abalone.etl.arguments import Options
from abalone.etl.batches import Rules
from abalone.parameters import check_parameters


class Configuration(NamedTuple):
    """What is configured for an environment.

    Attributes:
        data: Absolute folder, or URI, of the data.
        ingestion: Parameters of the ingestion.
        feature_engineering: Parameters of the feature engineering.
    """

    data: str
    ingestion: dict[str, Any]
    feature_engineering: dict[str, Any]

    @property
    def rules(self) -> Rules:
        """The parameters that decide how a row is parsed."""
        return Rules(self.ingestion["parts_tolerance"], self.ingestion["maximum_line_bytes"])


def read_configuration(options: Options) -> Configuration:
    """Read what the environment configures.

    Args:
        options: Of the job.

    Returns:
        The checked values.

    Raises:
        AbaloneError: A parameter is wrong.
    """
    configure_project("abalone")
    if options.data and options.data.startswith("s3://"):
        # what globals.yml of an environment on S3 asks for
        os.environ.setdefault("ABALONE_BUCKET", options.data.removeprefix("s3://").split("/")[0])
    loader = settings.CONFIG_LOADER_CLASS(
        conf_source=str(options.conf), env=options.environment, **settings.CONFIG_LOADER_ARGS
    )
    parameters = loader["parameters"]
    check_parameters(parameters)
    data = options.data or loader["globals"]["data"]
    if "://" not in data:
        data = str(Path(data).resolve())
    return Configuration(data.rstrip("/"), parameters["ingestion"], parameters["feature_engineering"])
