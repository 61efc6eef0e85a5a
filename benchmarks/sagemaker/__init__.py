"""SageMaker runs: jobs, time and cost beside plain kedro-sagemaker, and what the plugin costs a local run."""
