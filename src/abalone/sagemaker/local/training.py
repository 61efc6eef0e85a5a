"""Training jobs."""

import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abalone.sagemaker.local.container import run_container
from abalone.sagemaker.local.expressions import Result
from abalone.sagemaker.local.faults import StepError
from abalone.sagemaker.local.jobs import HOST, Job, required
from abalone.sagemaker.local.service import Service
from abalone.sagemaker.local.transfer import download, split_uri, upload_file


def run_training(job: Job, service: Service) -> Result:
    """Run a training job.

    Args:
        job: The job.
        service: What stands for the service.

    Raises:
        StepError: It failed.
        StoppedError: The execution is to end.
    """
    split_uri(job.request["OutputDataConfig"]["S3OutputPath"])  # before the work rather than after it
    channels = {channel["ChannelName"]: channel for channel in job.request.get("InputDataConfig", [])}
    _write_configs(job, channels)
    for name, channel in channels.items():
        source = required(channel, "DataSource", "S3DataSource")
        download(service.s3, source, job.root / "input" / "data" / name)
    model, data = job.root / "model", job.root / "output" / "data"
    model.mkdir()
    data.mkdir()
    own = {"TRAINING_JOB_NAME": job.name, "TRAINING_JOB_ARN": job.arn}
    run_container(job, job.request["AlgorithmSpecification"], own, service)
    uploaded = _upload(model, "model.tar.gz", job, service)
    if data.is_dir() and any(data.iterdir()):
        _upload(data, "output.tar.gz", job, service)
    described = {"TrainingJobArn": job.arn, "TrainingJobStatus": "Completed", **job.request}
    return Result({**described, "ModelArtifacts": {"S3ModelArtifacts": uploaded}})


def _write_configs(job: Job, channels: Mapping[str, Mapping[str, Any]]) -> None:
    resources = {
        "current_host": HOST,
        "hosts": [HOST],
        "current_instance_type": job.request["ResourceConfig"].get("InstanceType"),
        "network_interface_name": "eth0",
    }
    job.write_config("input/config/hyperparameters.json", job.request.get("HyperParameters", {}))
    job.write_config("input/config/resourceconfig.json", resources)
    job.write_config("input/config/inputdataconfig.json", {name: _channel(item) for name, item in channels.items()})


def _channel(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        "TrainingInputMode": item.get("InputMode", "File"),
        "S3DistributionType": required(item, "DataSource", "S3DataSource").get(
            "S3DataDistributionType", "FullyReplicated"
        ),
        "RecordWrapperType": item.get("RecordWrapperType", "None"),
        **({"ContentType": item["ContentType"]} if "ContentType" in item else {}),
    }


def _upload(folder: Path, name: str, job: Job, service: Service) -> str:
    if not folder.is_dir():
        raise StepError(f"ClientError: the job removed the folder {folder}")
    archive = job.folder / name
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(folder.iterdir()):
            tar.add(path, arcname=path.name, filter=_owned_by_nobody)
    target = job.request["OutputDataConfig"]
    uri = f"{target['S3OutputPath'].rstrip('/')}/{job.name}/output/{name}"
    upload_file(service.s3, archive, uri, target.get("KmsKeyId"))
    return uri


def _owned_by_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave the user of this machine out of the archive."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
