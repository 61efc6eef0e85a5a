"""An AWS account on this machine, in which the infrastructure is applied: MiniStack, moto and what neither carries."""
