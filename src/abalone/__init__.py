"""Abalone age from shell measurements, from raw survey files to a monitored model."""

__version__ = "0.1.0"
