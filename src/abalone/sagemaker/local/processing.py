"""Processing jobs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from abalone.sagemaker.local.container import run_container
from abalone.sagemaker.local.expressions import Result
from abalone.sagemaker.local.faults import StepError
from abalone.sagemaker.local.jobs import HOST, Job, required
from abalone.sagemaker.local.service import Service
from abalone.sagemaker.local.transfer import download, split_uri, upload_folder


def run_processing(job: Job, property_files: Sequence[Mapping[str, str]], service: Service) -> Result:
    """Run a processing job.

    Args:
        job: The job.
        property_files: Those of its outputs that later steps read, as the definition has them.
        service: What stands for the service.

    Raises:
        StepError: It failed.
        StoppedError: The execution is to end.
    """
    outputs = _outputs(job)
    for output in outputs.values():
        split_uri(output["S3Uri"])  # before the work rather than after it
        job.path(required(output, "LocalPath")).mkdir(parents=True, exist_ok=True)
    job.write_config("config/processingjobconfig.json", {"ProcessingJobArn": job.arn, **job.request})
    job.write_config("config/resourceconfig.json", {"current_host": HOST, "hosts": [HOST]})
    for item in job.request.get("ProcessingInputs", []):
        source = required(item, "S3Input")
        download(service.s3, source, job.path(required(source, "LocalPath")))
    run_container(job, job.request["AppSpecification"], {}, service)
    contents = {file["PropertyFileName"]: _read(job, outputs, file) for file in property_files}
    for output in outputs.values():
        kms_key = job.request["ProcessingOutputConfig"].get("KmsKeyId")
        upload_folder(service.s3, job.path(output["LocalPath"]), output["S3Uri"], kms_key)
    described = {"ProcessingJobArn": job.arn, "ProcessingJobStatus": "Completed", **job.request}
    return Result(described, contents)


def _outputs(job: Job) -> dict[str, Mapping[str, Any]]:
    items = job.request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    return {item["OutputName"]: required(item, "S3Output") for item in items}


def _read(job: Job, outputs: Mapping[str, Mapping[str, Any]], file: Mapping[str, str]) -> Any:
    name, output = file["PropertyFileName"], file["OutputName"]
    if output not in outputs:
        raise StepError(f"ClientError: the property file {name} is in the output {output}, which the job does not have")
    path = job.path(outputs[output]["LocalPath"]) / file["FilePath"]
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise StepError(f"ClientError: the job did not write the property file {name}, {path}") from None
    except ValueError as error:
        raise StepError(f"ClientError: the property file {name}, {path}, is no JSON: {error}") from None
