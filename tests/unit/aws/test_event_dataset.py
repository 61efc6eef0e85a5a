import json
from typing import Any

import pytest
from kedro.io import DatasetError

from abalone.aws.calls import client
from abalone.aws.events import EventDataset
from abalone.diagnosis import diagnose
from support.sagemaker_account import Account

REQUEST = {"reason": "drift", "detail": "shell_weight is 12 % larger than in training"}


def dataset(source: str = "abalone.monitoring") -> EventDataset:
    return EventDataset(source=source, detail_type="Retraining wanted")


@pytest.fixture
def queue(account: Account) -> str:  # noqa: ARG001 - the account that the clients are of
    """URL of a queue that a rule hands the events of monitoring to."""
    sqs, events = client("sqs"), client("events")
    url = str(sqs.create_queue(QueueName="events")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="wanted", EventPattern=json.dumps({"source": ["abalone.monitoring"]}))
    events.put_targets(Rule="wanted", Targets=[{"Id": "queue", "Arn": arn}])
    return url


def received(queue: str) -> list[dict[str, Any]]:
    return [
        json.loads(message["Body"]) for message in client("sqs").receive_message(QueueUrl=queue).get("Messages", [])
    ]


def test_mapping_is_the_detail_of_one_event(queue: str) -> None:
    dataset().save(REQUEST)

    (event,) = received(queue)
    assert (event["source"], event["detail-type"], event["detail"]) == (
        "abalone.monitoring",
        "Retraining wanted",
        REQUEST,
    )


def test_empty_mapping_sends_nothing(queue: str) -> None:
    dataset().save({})

    assert received(queue) == []


@pytest.mark.usefixtures("account")
def test_event_that_the_bus_does_not_take_is_a_fault() -> None:
    with pytest.raises(DatasetError) as failed:
        dataset(source="").save(REQUEST)

    told = diagnose(failed.value)
    assert told is not None
    assert told.startswith("the bus default did not take 'Retraining wanted' (InvalidArgument: ")


def test_refusal_is_one_line_with_the_action_that_the_role_lacks(account: Account) -> None:
    account.check_keys()

    with pytest.raises(DatasetError) as refused:
        dataset().save(REQUEST)

    told = diagnose(refused.value)
    assert told is not None
    assert told.startswith("sending 'Retraining wanted' to the bus default was refused (")
    assert told.endswith("that the role in use allows events:PutEvents")


def test_events_cannot_be_loaded() -> None:
    with pytest.raises(DatasetError, match=r"events of abalone.monitoring cannot be loaded"):
        dataset().load()
