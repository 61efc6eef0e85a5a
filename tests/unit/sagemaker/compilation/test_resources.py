"""What a job runs on, as sagemaker.yml says."""

from pathlib import Path

import pytest
import yaml

from abalone.sagemaker.compilation import compile_pipeline
from abalone.sagemaker.project import open_project
from support.project import REPOSITORY

SUBNETS, GROUPS = ["subnet-1", "subnet-2"], ["sg-1"]


@pytest.fixture
def compile_with(account, tmp_path):
    """Compiles for dev with more in its sagemaker.yml; returns the arguments of each job by name."""

    def compile_changed(**more):
        (tmp_path / "src").mkdir()
        for name in ("src/abalone", "pyproject.toml"):
            (tmp_path / name).symlink_to(REPOSITORY / name)
        copy_tree(REPOSITORY / "conf", tmp_path / "conf")
        file = tmp_path / "conf" / "dev" / "sagemaker.yml"
        given = yaml.safe_load(file.read_text())
        given["aws"]["resources"] = more
        file.write_text(yaml.safe_dump(given))
        account.chdir(tmp_path)
        with open_project("dev") as context:
            definition = compile_pipeline(context).definition
        return {step["Name"]: step["Arguments"] for step in definition["Steps"]}

    return compile_changed


def copy_tree(source: Path, target: Path) -> None:
    for path in source.rglob("*.yml"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())


def cluster(job):
    return job["ProcessingResources"]["ClusterConfig"]


def test_resources_come_by_group_by_tag_and_by_default(compile_with):
    jobs = compile_with(
        figures={"instance_type": "ml.c5.xlarge", "volume_gb": 20},
        ingestion={"instance_type": "ml.r5.large", "timeout_seconds": 600},
    )

    assert cluster(jobs["ingestion"])["InstanceType"] == "ml.r5.large"
    assert jobs["ingestion"]["StoppingCondition"] == {"MaxRuntimeInSeconds": 600}
    assert (cluster(jobs["evaluation"])["InstanceType"], cluster(jobs["evaluation"])["VolumeSizeInGB"]) == (
        "ml.c5.xlarge",
        20,
    )
    assert cluster(jobs["feature_engineering"])["InstanceType"] == "ml.m5.large"
    assert jobs["training"]["ResourceConfig"]["InstanceType"] == "ml.m5.xlarge"


def test_jobs_in_a_vpc_name_its_subnets_and_security_groups(compile_with):
    jobs = compile_with(__default__={"subnets": SUBNETS, "security_group_ids": GROUPS})

    assert jobs["ingestion"]["NetworkConfig"]["VpcConfig"] == {"SecurityGroupIds": GROUPS, "Subnets": SUBNETS}
    assert jobs["training"]["VpcConfig"] == {"SecurityGroupIds": GROUPS, "Subnets": SUBNETS}
