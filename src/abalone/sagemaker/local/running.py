"""Running one step, whatever its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from abalone.errors import AbaloneError
from abalone.sagemaker.local.board import Board
from abalone.sagemaker.local.cache import Cache
from abalone.sagemaker.local.conditions import holds
from abalone.sagemaker.local.expressions import Result, Scope, resolve
from abalone.sagemaker.local.faults import StepError, StoppedError
from abalone.sagemaker.local.graph import Step
from abalone.sagemaker.local.jobs import new_job
from abalone.sagemaker.local.processing import run_processing
from abalone.sagemaker.local.registration import register
from abalone.sagemaker.local.retries import retry
from abalone.sagemaker.local.service import Service
from abalone.sagemaker.local.training import run_training


@dataclass(frozen=True)
class Runner:
    """Runs the steps of an execution.

    Attributes:
        service: What stands for the service.
        cache: Results of earlier executions.
        board: Where it tells what it does.
        wait_factor: What the waiting times of retry policies are multiplied by.
    """

    service: Service
    cache: Cache
    board: Board
    wait_factor: float

    def run(self, step: Step, scope: Scope) -> Result | None:
        """Run a step, and tell how it goes.

        Args:
            step: The step.
            scope: What it can refer to.

        Returns:
            Its result, or None when it did not succeed.
        """
        if self.service.stop.is_set():
            return None
        self.board.update(step.name, status="Starting")
        try:
            result = self._run(step, scope)
        except StoppedError:
            self.board.update(step.name, status="Stopped")
            return None
        except (StepError, AbaloneError) as error:
            self.board.update(step.name, status="Failed", reason=str(error))
            return None
        reason = {None: "", True: "passed", False: "not passed"}[result.passed]
        self.board.update(step.name, status="Succeeded", reason=reason)
        return result

    def _run(self, step: Step, scope: Scope) -> Result:
        if step.kind == "Condition":
            return Result(passed=all(holds(condition, scope) for condition in step.arguments["Conditions"]))
        request = resolve(step.arguments, scope)
        if step.kind == "Fail":
            raise StepError(str(request["ErrorMessage"]))
        if step.kind == "RegisterModel":
            return self._retry(step, lambda _: self._register(step, request))
        if found := self.cache.find(step, request):
            self.board.update(step.name, cached=True)
            return found
        result = self._retry(step, lambda attempt: self._run_job(step, request, attempt))
        self.cache.keep(step, request, result)
        return result

    def _retry(self, step: Step, attempt: Callable[[int], Result]) -> Result:
        def wait(fault: StepError, seconds: float) -> None:
            attempts = self.board[step.name].attempts + 1
            self.board.update(step.name, status="Starting", attempts=attempts, reason=fault.reason)
            if self.service.stop.wait(seconds * self.wait_factor):
                raise StoppedError

        return retry(attempt, step.retry_policies, wait)

    def _register(self, step: Step, request: Mapping[str, Any]) -> Result:
        self.board.update(step.name, status="Executing", reason="")
        return register(step.name, request, self.service)

    def _run_job(self, step: Step, request: Mapping[str, Any], attempt: int) -> Result:
        job = new_job(step.name, step.kind, request, attempt, self.service)
        self.board.update(step.name, status="Executing", place=str(job.log), reason="")
        if step.kind == "Training":
            return run_training(job, self.service)
        return run_processing(job, step.property_files, self.service)
