"""Keeps the SageMaker SDK from talking: no telemetry, no notices. Cheap, as every command runs it."""

import logging
import os
import warnings
from pathlib import Path

SDK_CONFIGURATION = Path(__file__).with_name("sdk.yml")


def keep_sdk_quiet() -> None:
    """Set what the SDK reads, before it is imported; what the user has set stays.

    Kedro imports the SDK with the plugin's commands, right after the project's settings.
    """
    os.environ.setdefault("SAGEMAKER_USER_CONFIG_OVERRIDE", str(SDK_CONFIGURATION))
    os.environ.setdefault("SAGEMAKER_SUPPRESS_V2_WARNING", "1")
    for logger in ("sagemaker", "sagemaker.config"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    # such as: no job is started while a pipeline is compiled
    warnings.filterwarnings("ignore", module=r"sagemaker\.")
