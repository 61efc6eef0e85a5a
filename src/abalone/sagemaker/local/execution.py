"""Executing a compiled pipeline definition."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abalone.sagemaker.local.board import Board
from abalone.sagemaker.local.cache import Cache
from abalone.sagemaker.local.expressions import Result, Scope
from abalone.sagemaker.local.graph import Step, read_steps
from abalone.sagemaker.local.interruption import Interruption, interruption
from abalone.sagemaker.local.parameters import Scalar, parameters_of
from abalone.sagemaker.local.retries import WAIT_FACTOR
from abalone.sagemaker.local.running import Runner
from abalone.sagemaker.local.service import open_service
from abalone.sagemaker.steps import StepStatus, pending

_TICK_SECONDS = 0.25  # how long a request to stop may wait


@dataclass(frozen=True)
class LocalExecution:
    """How an execution ended.

    Attributes:
        id: Name of the execution; its scratch folder has the same.
        status: Succeeded or Failed.
        steps: Its steps, in the definition's order.
        reason: Why it failed.
        model_package_arn: The model package that it registered, if any.
    """

    id: str
    status: str
    steps: list[StepStatus]
    reason: str
    model_package_arn: str | None


def execute(
    definition: Mapping[str, Any],
    parameters: Mapping[str, Scalar],
    *,
    bucket: str,
    pipeline_name: str,
    scratch: Path,
    project: Path,
    show: Callable[[Sequence[StepStatus]], None],
    cache: bool = True,
    wait_factor: float = WAIT_FACTOR,
    parallel: int | None = None,
) -> LocalExecution:
    """Execute a compiled pipeline on this machine, as the service would.

    Args:
        definition: What CreatePipeline takes.
        parameters: Values in the place of the definition's defaults.
        bucket: Bucket that the cache is in.
        pipeline_name: Name of the pipeline.
        scratch: Folder for what stands for the jobs' /opt/ml, and their logs: `<execution>/<step>/attempt-<n>`.
        project: Folder that the jobs are started in.
        show: Called with all steps whenever one of them changes, and while they run, by one thread at a time.
        cache: Whether results of earlier executions are used; new ones are kept in any case.
        wait_factor: What the waiting times of retry policies are multiplied by.
        parallel: How many steps may run at the same time; by default as many as there are processors.

    Raises:
        AbaloneError: The definition cannot be executed, or the parameters are not its own.
        KeyboardInterrupt: It was interrupted; none of its processes is left.
    """
    steps = read_steps(definition)
    values = parameters_of(definition, parameters)
    service = open_service(scratch, project, bucket, pipeline_name)
    board = Board(pending(definition), show)
    schedule = _Schedule(steps, Runner(service, Cache(service, cache), board, wait_factor), values)
    with interruption() as request, ThreadPoolExecutor(parallel or os.cpu_count()) as pool:
        try:
            schedule.run(pool, request)
        finally:
            service.stop.set()
            pool.shutdown(cancel_futures=True)
    reason = _reason(board.statuses)
    status = "Failed" if reason else "Succeeded"
    return LocalExecution(service.execution_id, status, board.statuses, reason, _model_package(schedule))


@dataclass
class _Schedule:
    """Which steps run when.

    Attributes:
        steps: All steps.
        runner: Runs one.
        parameters: Parameters of the execution.
        results: Results of those that succeeded.
        finished: Names of those that succeeded, failed or were skipped.
        halted: Whether a Fail step has ended the execution.
    """

    steps: Sequence[Step]
    runner: Runner
    parameters: Mapping[str, Scalar]
    results: dict[str, Result] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    halted: bool = False

    def run(self, pool: ThreadPoolExecutor, request: Interruption) -> None:
        """Run the steps, each after those that it needs, until there is a request to stop."""
        waiting = list(self.steps)
        running: dict[Future[Result | None], Step] = {}
        while (waiting or running) and not request.requested:
            for step in [step for step in waiting if step.needs <= self.finished]:
                waiting.remove(step)
                if self._is_skipped(step):
                    self.finished.add(step.name)
                    self.runner.board.update(step.name, status="Skipped")
                else:
                    scope = Scope(self.parameters, self.runner.service.variables, dict(self.results))
                    running[pool.submit(self.runner.run, step, scope)] = step
            done, _ = wait(running, _TICK_SECONDS, FIRST_COMPLETED)
            for future in done:
                self._finish(running.pop(future), future.result())
            self.runner.board.tick()

    def _is_skipped(self, step: Step) -> bool:
        if self.halted or not step.needs <= self.results.keys():
            return True
        return step.condition is not None and self.results[step.condition[0]].passed != step.condition[1]

    def _finish(self, step: Step, result: Result | None) -> None:
        self.finished.add(step.name)
        self.halted |= step.kind == "Fail"
        if result is not None:
            self.results[step.name] = result


def _reason(statuses: Sequence[StepStatus]) -> str:
    """Say why an execution failed; a Fail step speaks for itself."""
    failed = [status for status in statuses if status.status == "Failed"]
    messages = [status.reason for status in failed if status.kind == "Fail"]
    return next(iter([*messages, *(f"{status.name}: {status.reason}" for status in failed)]), "")


def _model_package(schedule: _Schedule) -> str | None:
    arns = (result.properties.get("ModelPackageArn") for result in schedule.results.values())
    return next((arn for arn in arns if arn), None)
