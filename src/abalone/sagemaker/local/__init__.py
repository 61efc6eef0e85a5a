"""Executes a compiled pipeline definition on one machine, without Docker or an account."""

from abalone.sagemaker.local.execution import LocalExecution, execute

__all__ = ["LocalExecution", "execute"]
