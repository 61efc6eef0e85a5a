"""Metrics of CloudWatch in the catalog."""

from collections.abc import Mapping
from typing import Any, NoReturn

from kedro.io import AbstractDataset, DatasetError

from abalone.aws.calls import client, told_in_one_line


class MetricsDataset(AbstractDataset[Mapping[str, float | None], Any]):
    """Publishes numbers as metrics of one environment; they cannot be loaded.

    Args:
        namespace: Of the metrics, such as "Abalone".
        environment: Value of their one dimension, `environment`.
        metadata: Ignored by Kedro; read by plugins.
    """

    def __init__(self, *, namespace: str, environment: str, metadata: dict[str, Any] | None = None) -> None:
        self.metadata = metadata
        self._namespace = namespace
        self._environment = environment

    def save(self, data: Mapping[str, float | None]) -> None:
        """Publish the numbers by one call, all of one moment.

        Args:
            data: Value by name of the metric; what is None was not measured, and is left out.

        Raises:
            AbaloneError: CloudWatch refuses them.
        """
        dimensions = [{"Name": "environment", "Value": self._environment}]
        measured = [
            {"MetricName": name, "Value": float(value), "Dimensions": dimensions}
            for name, value in data.items()
            if value is not None
        ]
        if not measured:
            return
        with told_in_one_line(f"publishing metrics in the namespace {self._namespace}", "cloudwatch:PutMetricData"):
            client("cloudwatch").put_metric_data(Namespace=self._namespace, MetricData=measured)

    def load(self) -> NoReturn:
        """Refuse: CloudWatch keeps statistics, and not what was published."""
        raise DatasetError(f"metrics in the namespace {self._namespace} cannot be loaded: look at the dashboard")

    def _exists(self) -> bool:
        return False

    def _describe(self) -> dict[str, Any]:
        return {"namespace": self._namespace, "environment": self._environment}
