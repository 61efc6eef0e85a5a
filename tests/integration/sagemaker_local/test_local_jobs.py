"""Jobs run as the service runs them."""

import io
import json
import os
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from support.executable_definitions import definition, get, join, processing, training

WRITE_ENVIRONMENT = "(ml / 'processing' / 'output' / 'seen' / 'env.json').write_text(json.dumps(dict(os.environ)))"
# what the machine adds, and what the interpreter and coverage put into the environment of a process themselves
ADDED = {"HOME", "LANG", "PATH", "TMPDIR", "LC_CTYPE", "ABALONE_ML_ROOT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}
ADDED |= {"http_proxy", "https_proxy", "no_proxy"}


def test_processing_job_has_its_inputs_and_leaves_its_outputs_on_s3(machine: Any) -> None:
    machine.s3.client.put_object(Bucket=machine.s3.bucket, Key="raw/a/1.csv", Body=b"one")
    machine.s3.client.put_object(Bucket=machine.s3.bucket, Key="raw/2.csv", Body=b"two")
    code = """
source, target = ml / 'processing' / 'input' / 'raw', ml / 'processing' / 'output' / 'copy'
(target / 'a').mkdir()
for name in ('a/1.csv', '2.csv'):
    (target / name).write_text((source / name).read_text().upper())
print('copied')
"""
    bucket = machine.s3.bucket
    uri = join(f"s3://{bucket}/out", get("Execution.PipelineExecutionId"), on="/")

    execution = machine.execute(
        definition(processing("copy", code, inputs={"raw": f"s3://{bucket}/raw"}, outputs={"copy": uri}))
    )

    [step] = execution.steps
    assert (execution.status, step.status, step.reason) == ("Succeeded", "Succeeded", "")
    assert machine.s3.read(f"out/{execution.id}/a/1.csv") == b"ONE"
    assert machine.s3.read(f"out/{execution.id}/2.csv") == b"TWO"
    assert Path(step.place).read_text(encoding="utf-8") == "copied\n"
    assert machine.statuses("copy") == ["Starting", "Executing", "Succeeded"]
    assert step.seconds is not None


def test_object_that_is_named_in_full_is_an_input_by_its_name(machine: Any) -> None:
    machine.s3.client.put_object(Bucket=machine.s3.bucket, Key="raw/batch.csv", Body=b"one")
    uri = f"s3://{machine.s3.bucket}/raw/batch.csv"
    code = "assert (ml / 'processing' / 'input' / 'batch' / 'batch.csv').read_text() == 'one'"

    execution = machine.execute(definition(processing("read", code, inputs={"batch": uri})))

    assert execution.status == "Succeeded", execution.reason


def test_processing_job_reads_its_own_request(machine: Any) -> None:
    code = """
config = json.loads((ml / 'config' / 'processingjobconfig.json').read_text())
assert config['ProcessingJobArn'].endswith('processing-job/' + config['ProcessingJobName']), config
assert config['Environment'] == {'STATE': 'seed=3'}, config
assert json.loads((ml / 'config' / 'resourceconfig.json').read_text())['hosts'] == ['algo-1']
"""
    step = processing("look", code, environment={"STATE": join("seed", get("Parameters.seed"), on="=")})
    parameters = [{"Name": "seed", "Type": "Integer", "DefaultValue": 0}]

    execution = machine.execute(definition(step, parameters=parameters), {"seed": 3})

    assert execution.status == "Succeeded", execution.reason


def test_job_sees_the_environment_of_the_definition_and_nothing_of_the_callers(
    machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "1")
    monkeypatch.setenv("KEDRO_ENV", "prd")
    outputs = {"seen": f"s3://{machine.s3.bucket}/seen"}

    execution = machine.execute(
        definition(processing("look", WRITE_ENVIRONMENT, environment={"ABALONE_BUCKET": "b"}, outputs=outputs))
    )

    seen = json.loads(machine.s3.read("seen/env.json"))
    unexpected = {name for name in seen.keys() - ADDED if not name.startswith(("AWS_", "COVERAGE_"))}
    assert unexpected == {"ABALONE_BUCKET"}
    assert seen["ABALONE_ML_ROOT"] == str(machine.scratch / execution.id / "look" / "attempt-1" / "opt" / "ml")
    assert seen["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert seen["AWS_ENDPOINT_URL"] == machine.s3.endpoint


def test_training_job_has_its_channels_and_leaves_a_model_archive(machine: Any) -> None:
    machine.s3.client.put_object(Bucket=machine.s3.bucket, Key="features/train.csv", Body=b"1,2")
    code = """
config = ml / 'input' / 'config'
assert json.loads((config / 'hyperparameters.json').read_text()) == {'depth': '3'}
assert json.loads((config / 'inputdataconfig.json').read_text())['train']['TrainingInputMode'] == 'File'
assert json.loads((config / 'resourceconfig.json').read_text())['current_host'] == 'algo-1'
assert os.environ['TRAINING_JOB_NAME'].startswith('pipelines-')
(ml / 'model' / 'parts').mkdir()
(ml / 'model' / 'parts' / 'weights').write_bytes((ml / 'input' / 'data' / 'train' / 'train.csv').read_bytes())
(ml / 'model' / 'manifest.json').write_text('{}')
(ml / 'output' / 'data' / 'report.txt').write_text('fine')
"""
    bucket = machine.s3.bucket
    fit = training(
        "fit", code, bucket=bucket, channels={"train": f"s3://{bucket}/features/"}, hyperparameters={"depth": "3"}
    )
    artifacts = get("Steps.fit.ModelArtifacts.S3ModelArtifacts")
    use = processing("use", "print(os.environ['MODEL'])", environment={"MODEL": artifacts})

    execution = machine.execute(definition(fit, use))

    assert execution.status == "Succeeded", execution.reason
    uri = Path(execution.steps[1].place).read_text(encoding="utf-8").strip()
    [model] = [key for key in machine.s3.keys("models/") if key.endswith("/output/model.tar.gz")]
    assert uri == f"s3://{bucket}/{model}"
    with tarfile.open(fileobj=io.BytesIO(machine.s3.read(model))) as archive:
        assert sorted(archive.getnames()) == ["manifest.json", "parts", "parts/weights"]
        assert archive.extractfile("parts/weights").read() == b"1,2"
        assert {member.uid for member in archive} == {0}
    assert machine.s3.keys(model.replace("model.tar.gz", "output.tar.gz"))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("print('about to fail'); sys.exit(3)", "AlgorithmError: exit code 3"),
        ("(ml / 'output' / 'message').write_text('no rows'); sys.exit(1)", "AlgorithmError: no rows"),
        ("(ml / 'output' / 'failure').write_text('x' * 2000); sys.exit(1)", "AlgorithmError: " + "x" * 1024),
    ],
)
def test_job_that_fails_gives_its_reason_and_its_log_and_is_not_tried_again(
    code: str, reason: str, machine: Any
) -> None:
    again = [{"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR", "Step.SERVICE_FAULT"], "MaxAttempts": 3}]

    execution = machine.execute(definition(processing("work", code, RetryPolicies=again)))

    [step] = execution.steps
    assert (step.status, step.reason, step.attempts) == ("Failed", reason, 1)
    assert (execution.status, execution.reason) == ("Failed", f"work: {reason}")
    assert Path(step.place).is_file()


def test_job_that_fails_uploads_nothing(machine: Any) -> None:
    code = "(ml / 'processing' / 'output' / 'half' / 'part.csv').write_text('1'); sys.exit(1)"

    machine.execute(definition(processing("work", code, outputs={"half": f"s3://{machine.s3.bucket}/half"})))

    assert machine.s3.keys("half/") == []


def test_job_that_runs_for_too_long_is_ended(machine: Any) -> None:
    execution = machine.execute(definition(processing("sleep", "time.sleep(600)", seconds=1)))

    assert execution.reason == "sleep: MaxRuntimeExceeded: the job ran for more than 1 seconds"


OUTPUT = "ProcessingOutputConfig.Outputs.0.S3Output"
INPUT = "ProcessingInputs.0.S3Input"


def change(arguments: Any, path: str, value: object) -> None:
    """Put a value into a step's arguments, or remove what is there."""
    *sections, name = path.split(".")
    for section in sections:
        arguments = arguments[int(section) if section.isdigit() else section]
    arguments[name] = value
    if value is None:
        del arguments[name]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("Environment.COUNT", 3, "ValidationException: Invalid type for parameter Environment.COUNT"),
        ("RoleArn", None, 'Missing required parameter in input: "RoleArn"'),
        (f"{OUTPUT}.LocalPath", "/srv/out", "LocalPath /srv/out does not lie below /opt/ml"),
        (f"{OUTPUT}.LocalPath", "/opt/ml/../out", "LocalPath /opt/ml/../out does not lie below /opt/ml"),
        (f"{OUTPUT}.LocalPath", None, "has no LocalPath"),
        (f"{OUTPUT}.S3Uri", "bucket/out", "'bucket/out' is no S3 URI"),
        (f"{INPUT}.S3Uri", "s3://abalone-test/none", "no S3 objects found under S3 URI s3://abalone-test/none"),
        (f"{INPUT}.S3Uri", "s3://no-such-bucket/in", "NoSuchBucket"),
        (f"{INPUT}.S3DataType", "ManifestFile", "only S3Prefix is executed here"),
        ("ProcessingInputs.0.S3Input", None, "has no S3Input"),
    ],
)
def test_request_that_the_service_would_refuse_fails_the_step(
    path: str, value: object, named: str, machine: Any
) -> None:
    machine.s3.client.put_object(Bucket=machine.s3.bucket, Key="in/a", Body=b"")
    bucket = machine.s3.bucket
    step = processing("work", inputs={"in": f"s3://{bucket}/in"}, outputs={"out": f"s3://{bucket}/out"})
    change(step["Arguments"], path, value)

    execution = machine.execute(definition(step))

    assert execution.status == "Failed"
    assert named in execution.reason
    assert "\n" not in execution.reason


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("pass", "did not write the property file gate"),
        ("(ml / 'processing/output/out/gate.json').write_text('{')", "is no JSON"),
        ("(ml / 'processing/output/out').rmdir()", "did not write the property file gate"),
    ],
)
def test_job_without_a_readable_property_file_fails(code: str, named: str, machine: Any) -> None:
    files = [{"PropertyFileName": "gate", "OutputName": "out", "FilePath": "gate.json"}]

    execution = machine.execute(
        definition(processing("work", code, outputs={"out": f"s3://{machine.s3.bucket}/out"}, PropertyFiles=files))
    )

    assert execution.status == "Failed"
    assert named in execution.reason


def test_job_that_removes_its_output_folder_fails(machine: Any) -> None:
    code = "(ml / 'processing/output/out').rmdir()"

    execution = machine.execute(definition(processing("work", code, outputs={"out": f"s3://{machine.s3.bucket}/out"})))

    assert "removed its output folder" in execution.reason


def test_key_of_the_definition_encrypts_what_is_uploaded(machine: Any) -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-5555-666677778888"
    step = processing(
        "work", "(ml / 'processing/output/out/a').write_text('1')", outputs={"out": f"s3://{machine.s3.bucket}/out"}
    )
    step["Arguments"]["ProcessingOutputConfig"]["KmsKeyId"] = key

    machine.execute(definition(step))

    assert machine.s3.client.head_object(Bucket=machine.s3.bucket, Key="out/a")["SSEKMSKeyId"] == key
