"""Kedro's settings of the project: https://docs.kedro.org/en/stable/configure/configuration_basics/."""

import os

from omegaconf.resolvers import oc

from abalone.datasets import atomic
from abalone.hooks import ConfigurationCheck, RunLog, RunSummary

atomic.register()

# the last one is called first
HOOKS = (RunSummary(), ConfigurationCheck(), RunLog())

CONFIG_LOADER_ARGS = {
    "base_env": "base",
    "default_run_env": "base",
    "custom_resolvers": {
        # globals.yml names the bucket by an environment variable, which Kedro allows in credentials only by default
        "oc.env": oc.env,
        # an empty variable is as good as none
        "data_folder": lambda: os.environ.get("ABALONE_DATA") or "data",
    },
    "config_patterns": {"sagemaker": ["sagemaker*", "sagemaker*/**"]},
    # an environment says only what differs
    "merge_strategy": {"sagemaker": "soft"},
}
