"""Speed and memory of ingestion and feature engineering, by engine."""
