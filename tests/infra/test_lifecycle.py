import json
import re

from abalone.pipeline_registry import register_pipelines
from support.project import REPOSITORY


def test_what_expires_is_what_the_jobs_hand_on_to_one_another() -> None:
    code = (REPOSITORY / "infra/terraform/modules/s3/lifecycle.tf").read_text(encoding="utf-8")
    jobs = {node.namespace for node in register_pipelines()["__default__"].nodes}

    folders = re.search(r"for folder in (\[[^]]*\])", code)

    assert folders is not None
    assert set(json.loads(folders[1])) == {*jobs, "parameters"}
