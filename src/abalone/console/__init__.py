"""`abalone`: the project's own commands, beside those of Kedro."""
