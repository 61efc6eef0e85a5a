"""Looks through an account for what a delivery needs."""
