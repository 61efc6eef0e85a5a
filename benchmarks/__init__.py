"""Measurements that the documentation quotes: each prints its table, side by side, in one run."""
