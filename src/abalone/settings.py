"""Kedro's settings of the project: https://docs.kedro.org/en/stable/configure/configuration_basics/."""

from omegaconf.resolvers import oc

from abalone.datasets import atomic
from abalone.hooks import ParameterCheck, RunLog, RunSummary

atomic.register()

# the last one is called first
HOOKS = (RunSummary(), ParameterCheck(), RunLog())

CONFIG_LOADER_ARGS = {
    "base_env": "base",
    "default_run_env": "base",
    # globals.yml names the bucket by an environment variable, which Kedro allows in credentials only by default
    "custom_resolvers": {"oc.env": oc.env},
}
