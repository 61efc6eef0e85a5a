"""What monitoring finds, what it finds where there is nothing, and what it costs."""
