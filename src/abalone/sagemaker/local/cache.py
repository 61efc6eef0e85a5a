"""Results of earlier executions, kept on S3."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from abalone.sagemaker.local.durations import duration
from abalone.sagemaker.local.expressions import Result
from abalone.sagemaker.local.faults import StepError, aws_faults
from abalone.sagemaker.local.graph import Step
from abalone.sagemaker.local.service import Service

logger = logging.getLogger(__name__)

# https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html
_KEY_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "Processing": ("AppSpecification", "Environment", "ProcessingInputs"),
    "Training": (
        "AlgorithmSpecification",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "Environment",
        "HyperParameters",
        "InputDataConfig",
    ),
}


@dataclass(frozen=True)
class Cache:
    """The cached results of a pipeline's jobs.

    Attributes:
        service: What stands for the service.
        reading: Whether earlier results are used; new ones are always kept.
    """

    service: Service
    reading: bool

    def find(self, step: Step, request: Mapping[str, Any]) -> Result | None:
        """Find the result of an earlier job; what cannot be read is none.

        Args:
            step: The step.
            request: Its resolved arguments.
        """
        if not self.reading or not step.cached:
            return None
        try:
            with aws_faults("cache"):
                answer = self.service.s3.get_object(Bucket=self.service.bucket, Key=self._key(step, request))
                entry = json.loads(answer["Body"].read())
            age = datetime.now(UTC) - datetime.fromisoformat(entry["finished"])
            result = Result(dict(entry["properties"]), dict(entry["property_files"]))
        except (StepError, ValueError, TypeError, KeyError):
            return None
        is_whole = all(file["PropertyFileName"] in result.property_files for file in step.property_files)
        return result if is_whole and age < duration(step.expire_after) else None

    def keep(self, step: Step, request: Mapping[str, Any], result: Result) -> None:
        """Keep the result of a job. If that fails the next execution has to do its work again, and no more.

        Args:
            step: The step.
            request: Its resolved arguments.
            result: Its result.
        """
        if not step.cached:
            return
        entry = {
            "finished": datetime.now(UTC).isoformat(),
            "properties": result.properties,
            "property_files": result.property_files,
        }
        try:
            with aws_faults("cache"):
                self.service.s3.put_object(
                    Bucket=self.service.bucket,
                    Key=self._key(step, request),
                    Body=json.dumps(entry, indent=2).encode(),
                    ContentType="application/json",
                )
        except StepError as fault:
            logger.warning("the result of step %s is not cached: %s", step.name, fault.reason)

    def _key(self, step: Step, request: Mapping[str, Any]) -> str:
        attributes = {name: request.get(name) for name in _KEY_ATTRIBUTES[step.kind]}
        content = json.dumps({"pipeline": self.service.pipeline, "step": step.name, **attributes}, sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()
        return f"sagemaker/local/cache/{self.service.pipeline}/{step.name}/{digest}.json"
