"""The pipeline in the account: stored, started, watched."""
