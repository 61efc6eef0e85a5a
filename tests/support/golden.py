"""The compiled definitions of dev and prd that are kept, and how they are made.

`python tests/support/golden.py` writes them anew: look at the difference before it is committed.
"""

import json
import os
from pathlib import Path

from abalone.sagemaker.compilation import compile_pipeline
from abalone.sagemaker.project import open_project

FOLDER = Path(__file__).parents[1] / "unit" / "sagemaker" / "compilation" / "golden"
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
ACCOUNT = {
    "ABALONE_BUCKET": "abalone-data",
    "ABALONE_EXECUTION_ROLE": "arn:aws:iam::123456789012:role/abalone-job",
    "ABALONE_IMAGE": f"{REGISTRY}/abalone-job@sha256:{'a' * 64}",
    "ABALONE_SERVING_IMAGE": f"{REGISTRY}/abalone-serve@sha256:{'b' * 64}",
    "ABALONE_KMS_KEY": "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555",
    "ABALONE_GIT_COMMIT": "0" * 40,
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
"""An account that does not exist."""


def compile_as_text(env: str) -> str:
    """Compile the default pipeline for an environment, with `ACCOUNT` in the process's environment."""
    with open_project(env) as context:
        return json.dumps(compile_pipeline(context).definition, indent=2) + "\n"


if __name__ == "__main__":
    os.environ |= ACCOUNT
    for name in ("dev", "prd"):
        (FOLDER / f"{name}.json").write_text(compile_as_text(name), encoding="utf-8")
