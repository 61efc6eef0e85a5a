"""What is compiled for dev and prd, word for word; `python tests/support/golden.py` writes it anew."""

import json
import re
import socket

import pytest

from abalone.sagemaker.compilation.service_model import OPERATIONS, faults_of_calls
from abalone.sagemaker.job import ENTRY_POINT
from abalone.sagemaker.steps import all_steps
from support.golden import FOLDER, compile_as_text


def golden(env):
    return json.loads((FOLDER / f"{env}.json").read_text(encoding="utf-8"))


def step(env, name):
    return next(step for step in all_steps(golden(env)) if step["Name"] == name)


@pytest.mark.parametrize("env", ["dev", "prd"])
@pytest.mark.usefixtures("account")
def test_definition_is_the_golden_one(env):
    assert compile_as_text(env) == (FOLDER / f"{env}.json").read_text(encoding="utf-8")


@pytest.mark.usefixtures("account")
def test_nothing_is_called_while_a_definition_is_compiled(monkeypatch):
    called = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: called.append(host))

    compile_as_text("dev")

    assert called == []


@pytest.mark.parametrize("env", ["dev", "prd"])
def test_every_call_is_what_the_service_model_asks_for(env):
    calls = [step for step in all_steps(golden(env)) if step["Type"] in OPERATIONS]

    assert [call["Type"] for call in calls] == ["Processing", "Processing", "Training", "Processing", "RegisterModel"]
    assert list(faults_of_calls(golden(env))) == []


def test_call_that_the_service_would_refuse_is_found():
    definition = golden("dev")
    definition["Steps"][0]["Arguments"]["RoleARN"] = definition["Steps"][0]["Arguments"].pop("RoleArn")

    (fault,) = faults_of_calls(definition)

    assert fault.startswith("ingestion would be refused by CreateProcessingJob")
    assert "RoleArn" in fault


def test_instance_type_that_does_not_exist_is_found_with_one_that_does():
    definition = golden("dev")
    definition["Steps"][2]["Arguments"]["ResourceConfig"]["InstanceType"] = "ml.m5.lrge"

    (fault,) = faults_of_calls(definition)

    assert fault.startswith("training: there is no instance_type ml.m5.lrge; did you mean ml.m5.large")


def test_jobs_follow_each_other_to_the_gate():
    steps = golden("dev")["Steps"]

    assert [(step["Name"], step.get("DependsOn")) for step in steps] == [
        ("ingestion", None),
        ("feature_engineering", ["ingestion"]),
        ("training", ["feature_engineering"]),
        ("evaluation", ["ingestion", "feature_engineering", "training"]),
        ("gate", ["evaluation"]),
    ]


def test_model_is_registered_only_behind_the_gate_with_its_metrics_and_its_origin():
    register = step("prd", "register-RegisterModel")["Arguments"]

    gate = golden("prd")["Steps"][-1]["Arguments"]
    assert gate["Conditions"][0]["LeftValue"]["Std:JsonGet"]["Path"] == "passed"
    assert [inner["Name"] for inner in all_steps({"Steps": gate["IfSteps"]})] == ["is_new", "register-RegisterModel"]
    assert [inner["Type"] for inner in gate["ElseSteps"]] == ["Fail"]
    assert "statistics.json" in json.dumps(register["ModelMetrics"]["ModelQuality"])
    assert "report.html" in json.dumps(register["ModelMetrics"]["Explainability"])
    assert {"artifact_digest", "git_commit", "training_data", "landing_batches_version", "training_image"} <= register[
        "CustomerMetadataProperties"
    ].keys()
    assert register["ModelApprovalStatus"] == "PendingManualApproval"


def test_jobs_of_prd_are_encrypted_with_the_key_of_the_account():
    arguments = step("prd", "evaluation")["Arguments"]

    assert "key/1111" in arguments["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"]
    assert "key/1111" in arguments["ProcessingOutputConfig"]["KmsKeyId"]
    assert "key/1111" in step("prd", "training")["Arguments"]["OutputDataConfig"]["KmsKeyId"]
    assert "key/1111" in step("prd", "training")["Arguments"]["ResourceConfig"]["VolumeKmsKeyId"]


def test_training_in_dev_is_on_spot_instances():
    assert step("dev", "training")["Arguments"]["EnableManagedSpotTraining"] is True
    assert "EnableManagedSpotTraining" not in step("prd", "training")["Arguments"]


@pytest.mark.parametrize("name", ["ingestion", "feature_engineering", "training", "evaluation"])
def test_job_can_be_answered_from_the_cache_and_is_tried_again(name):
    job = step("dev", name)

    assert job["CacheConfig"] == {"Enabled": True, "ExpireAfter": "P30D"}
    # the execution is in no variable, since these are part of SageMaker's cache key
    assert "Execution." not in json.dumps(job["Arguments"]["Environment"])
    assert {fault for policy in job["RetryPolicies"] for fault in policy["ExceptionType"]} == {
        "Step.SERVICE_FAULT",
        "Step.THROTTLING",
        "SageMaker.JOB_INTERNAL_ERROR",
        "SageMaker.CAPACITY_ERROR",
        "SageMaker.RESOURCE_LIMIT",
    }


def test_both_kinds_of_job_have_the_entry_point_of_the_image():
    processing = step("dev", "ingestion")["Arguments"]["AppSpecification"]
    training = step("dev", "training")["Arguments"]["AlgorithmSpecification"]

    assert processing["ContainerEntrypoint"] == training["ContainerEntrypoint"] == list(ENTRY_POINT)


def test_job_is_told_the_parameters_and_data_that_it_depends_on_and_no_others():
    told = json.dumps(step("dev", "feature_engineering")["Arguments"]["Environment"])

    assert set(re.findall(r"Parameters\.([\w-]+)", told)) == {
        "landing_batches-version",
        "ingestion-max_quarantined_fraction",
        "ingestion-maximum_line_bytes",
        "ingestion-parts_tolerance",
        "feature_engineering-held_out_rows",
        "feature_engineering-maximum_standard_errors",
        "feature_engineering-minimum_rows",
        "feature_engineering-random_state",
        "feature_engineering-ring_bands",
        "feature_engineering-test_fraction",
    }


def test_execution_has_to_say_which_data_it_is_on():
    required = {parameter["Name"] for parameter in golden("dev")["Parameters"] if "DefaultValue" not in parameter}

    assert required == {"landing_batches-version", "champion-version", "tuned_hyperparameters-version"}
