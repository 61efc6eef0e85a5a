"""Datasets that talk to services of AWS: what a pipeline tells the account, through the catalog of dev and prd."""
