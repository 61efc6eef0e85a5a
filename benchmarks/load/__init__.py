"""A load test of the prediction service, wherever it runs."""
