"""Datasets of the catalog that Kedro does not have: how things are stored, and nothing else."""
