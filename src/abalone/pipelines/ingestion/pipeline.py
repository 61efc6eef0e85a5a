"""Wiring of the ingestion pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.ingestion.nodes import (
    check_quarantine,
    drop_duplicates,
    report_ingestion,
    validate_batches,
)


def create_pipeline(**kwargs: object) -> Pipeline:  # noqa: ARG001 (Kedro's interface)
    """Create the pipeline from landing batches to measurements."""
    return Pipeline(
        [
            Node(
                func=validate_batches,
                inputs=["landing_batches", "params:ingestion.parts_tolerance", "params:ingestion.maximum_line_bytes"],
                outputs=["valid_rows", "quarantine", "rows_in"],
                name="validate_batches_node",
            ),
            Node(
                func=drop_duplicates,
                inputs="valid_rows",
                outputs=["unique_rows", "duplicates"],
                name="drop_duplicates_node",
            ),
            Node(
                func=report_ingestion,
                inputs=["unique_rows", "duplicates", "quarantine", "rows_in"],
                outputs=["ingestion_counts", "quarantine_report"],
                name="report_ingestion_node",
            ),
            Node(
                func=check_quarantine,
                inputs=["unique_rows", "ingestion_counts", "params:ingestion.max_quarantined_fraction"],
                # the report describes the measurements: a run that fails here keeps both
                outputs=["measurements", "ingestion_report"],
                name="check_quarantine_node",
            ),
        ],
        namespace="ingestion",
        prefix_datasets_with_namespace=False,
    )
