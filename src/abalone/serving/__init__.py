"""The prediction service: SageMaker's hosting contract, and a page for people."""
