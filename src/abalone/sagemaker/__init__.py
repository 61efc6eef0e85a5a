"""The pipelines as SageMaker jobs: compiled, started and watched on AWS, or executed on this machine."""

from abalone.sagemaker.quiet import keep_sdk_quiet

keep_sdk_quiet()
