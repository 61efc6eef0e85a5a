"""`kedro sagemaker`: what is typed, asked, shown and told."""
