"""The ingestion and feature engineering on Spark: for data that one machine does not hold (AWS Glue).

Spark distributes the very functions of `abalone.pipelines` and `abalone.model.split`, so that both ways give the same
rows, reasons and reports.
"""
