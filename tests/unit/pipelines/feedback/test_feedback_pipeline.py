"""Feedback among the other pipelines."""

from abalone.pipelines import feedback, monitoring


def test_feedback_waits_for_the_decision_of_the_monitoring_that_runs_with_it() -> None:
    order = [node.name for node in (feedback.create_pipeline() + monitoring.create_pipeline()).nodes]

    assert order.index("feedback.land_labelled_rows_node") > order.index("monitoring.add_to_history_node")
