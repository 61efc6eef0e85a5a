"""AWS on this machine, for one command."""
