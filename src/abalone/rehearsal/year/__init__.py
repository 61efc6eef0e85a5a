"""A simulated year of service, with monitoring and retraining."""
