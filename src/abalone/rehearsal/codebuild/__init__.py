"""Builds of CodeBuild on this machine: a buildspec's phases, reports and artifacts, without a container."""
