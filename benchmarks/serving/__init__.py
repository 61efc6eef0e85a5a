"""The prediction service beside its limit, other stacks and other frameworks, all on one core."""
