"""Results of earlier executions."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.executable_definitions import condition, definition, equals, fail, get, json_get, processing, training

CACHED = {"Enabled": True, "ExpireAfter": "P30D"}
GATE = [{"PropertyFileName": "gate", "OutputName": "out", "FilePath": "gate.json"}]
COUNT = "pathlib.Path('ran').open('a').write('x')\n"
WRITE_GATE = COUNT + "(ml / 'processing/output/out/gate.json').write_text(json.dumps({'passed': True}))"
SEED = {"Name": "seed", "Type": "Integer", "DefaultValue": 0}


def pipeline(machine: Any, code: str = WRITE_GATE, expire_after: str = "P30D") -> dict[str, Any]:
    """A cached step that counts how often it ran, and a gate on what it wrote."""
    work = processing(
        "work",
        code,
        environment={"SEED": {"Std:Join": {"On": "", "Values": [get("Parameters.seed")]}}},
        outputs={"out": f"s3://{machine.s3.bucket}/out"},
        PropertyFiles=GATE,
        CacheConfig={"Enabled": True, "ExpireAfter": expire_after},
    )
    gate = condition("gate", equals(json_get("work", "gate", "passed"), True), else_steps=[fail("refused", "no")])
    return definition(work, gate, parameters=[SEED])


def times_run(machine: Any) -> int:
    ran = Path(machine.folder / "ran")
    return len(ran.read_text()) if ran.exists() else 0


def entry_key(machine: Any) -> str:
    [key] = machine.s3.keys("sagemaker/local/cache/")
    return str(key)


def test_second_execution_runs_nothing_and_has_the_results_of_the_first(machine: Any) -> None:
    first = machine.execute(pipeline(machine))

    second = machine.execute(pipeline(machine))

    assert times_run(machine) == 1
    assert (first.steps[0].status, first.steps[0].cached) == ("Succeeded", False)
    assert [(step.status, step.cached) for step in second.steps][:2] == [("Succeeded", True), ("Succeeded", False)]
    assert (second.status, second.steps[1].reason) == ("Succeeded", "passed")
    assert entry_key(machine).split("/")[:5] == ["sagemaker", "local", "cache", "abalone-dev", "work"]


def test_model_of_an_earlier_execution_is_what_later_steps_refer_to(machine: Any) -> None:
    fit = training("fit", COUNT, bucket=machine.s3.bucket, CacheConfig=CACHED)
    model = get("Steps.fit.ModelArtifacts.S3ModelArtifacts")
    use = processing("use", "print(os.environ['MODEL'])", environment={"MODEL": model}, CacheConfig={"Enabled": False})

    executions = [machine.execute(definition(fit, use)) for _ in range(2)]

    first, second = (Path(execution.steps[1].place).read_text() for execution in executions)
    assert first == second
    assert times_run(machine) == 1


def test_other_parameters_run_the_step_again_and_the_first_ones_hit_again(machine: Any) -> None:
    for seed in (0, 1, 0):
        machine.execute(pipeline(machine), {"seed": seed})

    assert times_run(machine) == 2


def test_other_command_runs_the_step_again(machine: Any) -> None:
    machine.execute(pipeline(machine))
    machine.execute(pipeline(machine, WRITE_GATE + "\nprint('new')"))

    assert times_run(machine) == 2


def test_step_without_caching_always_runs(machine: Any) -> None:
    for _ in range(2):
        machine.execute(definition(processing("work", COUNT)))

    assert times_run(machine) == 2
    assert machine.s3.keys("sagemaker/local/cache/") == []


def test_execution_without_the_cache_runs_everything_and_renews_the_results(machine: Any) -> None:
    machine.execute(pipeline(machine))
    before = machine.s3.read(entry_key(machine))

    machine.execute(pipeline(machine), cache=False)

    assert times_run(machine) == 2
    assert machine.s3.read(entry_key(machine)) != before


def test_result_that_has_expired_is_not_used(machine: Any) -> None:
    machine.execute(pipeline(machine, expire_after="PT12H"))
    entry = json.loads(machine.s3.read(entry_key(machine)))
    entry["finished"] = (datetime.now(UTC) - timedelta(hours=13)).isoformat()
    machine.s3.client.put_object(Bucket=machine.s3.bucket, Key=entry_key(machine), Body=json.dumps(entry).encode())

    machine.execute(pipeline(machine, expire_after="PT12H"))

    assert times_run(machine) == 2


@pytest.mark.parametrize(
    "entry", [b"", b"{", b"[]", b"{}", b'{"finished": "2999-01-01", "properties": {}, "property_files": {"gate": {}}}']
)
def test_damaged_entry_is_not_used_and_is_replaced(entry: bytes, machine: Any) -> None:
    machine.execute(pipeline(machine))
    machine.s3.client.put_object(Bucket=machine.s3.bucket, Key=entry_key(machine), Body=entry)

    repaired, hit = machine.execute(pipeline(machine)), machine.execute(pipeline(machine))

    assert (repaired.status, repaired.steps[0].cached, hit.steps[0].cached) == ("Succeeded", False, True)


def test_entry_without_a_property_file_that_is_now_asked_for_is_not_used(machine: Any) -> None:
    without = pipeline(machine)
    del without["Steps"][0]["PropertyFiles"]
    machine.execute(definition(without["Steps"][0], parameters=[SEED]))

    execution = machine.execute(pipeline(machine))

    assert execution.status == "Succeeded", execution.reason
    assert times_run(machine) == 2


def test_failed_step_is_not_kept(machine: Any) -> None:
    for _ in range(2):
        machine.execute(pipeline(machine, COUNT + "sys.exit(1)"))

    assert times_run(machine) == 2
    assert machine.s3.keys("sagemaker/local/cache/") == []


def test_result_that_cannot_be_kept_is_told_and_fails_nothing(
    machine: Any, failing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    failing.fail("PUT", "/sagemaker/local/cache/", times=9)

    execution = machine.execute(pipeline(machine))

    assert execution.status == "Succeeded"
    assert "the result of step work is not cached" in caplog.text
