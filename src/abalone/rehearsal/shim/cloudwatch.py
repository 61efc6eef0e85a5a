"""CloudWatch: composite alarms, which moto keeps beside its own and lacks only the operation for."""

from inspect import signature
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from abalone.rehearsal.isolation import ACCOUNT, REGION
from abalone.rehearsal.shim.records import Document


class CloudWatch:
    """What moto's CloudWatch lacks."""

    def put_composite_alarm(self, request: Document) -> Document:
        """Keep an alarm that is on when a rule on other alarms says so."""
        put_metric_alarm = cloudwatch_backends[ACCOUNT][REGION].put_metric_alarm
        # What belongs to a metric stays empty.
        arguments: dict[str, Any] = dict.fromkeys(signature(put_metric_alarm).parameters)
        arguments.update(
            name=request["AlarmName"],
            rule=request["AlarmRule"],
            description=request.get("AlarmDescription"),
            dimensions=[],
            actions_enabled=request.get("ActionsEnabled", True),
            alarm_actions=request.get("AlarmActions", []),
            ok_actions=request.get("OKActions", []),
            insufficient_data_actions=request.get("InsufficientDataActions", []),
            tags=request.get("Tags", []),
        )
        put_metric_alarm(**arguments)
        return {}
