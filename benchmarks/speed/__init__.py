"""Speed and memory of the pipelines."""
