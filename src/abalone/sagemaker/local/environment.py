"""The environment of a job's process."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from abalone.sagemaker.local.jobs import Job
from abalone.sagemaker.local.service import Service

_MACHINE = (
    "HOME",
    "LANG",
    "PATH",
    "TMPDIR",
    # a machine's way out to the network
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    # by these coverage measures the processes of the processes that it measures
    "COVERAGE_PROCESS_CONFIG",
    "COVERAGE_PROCESS_START",
)


def job_environment(job: Job, own: Mapping[str, str], service: Service) -> dict[str, str]:
    """Build the environment of a job: what its request says, and what the service or the machine must add.

    Args:
        job: The job.
        own: What the service adds to jobs of its kind.
        service: What stands for the service.
    """
    region = service.sagemaker.meta.region_name
    machine = {name: os.environ[name] for name in _MACHINE if name in os.environ}
    # where `python` is the interpreter that has the project's packages, as it is in the image
    machine["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), machine.get("PATH", os.defpath)])
    # they stand for the job's role, and for the network that it reaches AWS by
    aws = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    return {
        **machine,
        **aws,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        **job.request.get("Environment", {}),
        **own,
        "ABALONE_ML_ROOT": str(job.root),
    }
