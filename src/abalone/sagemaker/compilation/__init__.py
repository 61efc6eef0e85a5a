"""From the Kedro project to the definition of a SageMaker pipeline."""

from abalone.sagemaker.compilation.compiler import Compiled, compile_pipeline

__all__ = ["Compiled", "compile_pipeline"]
