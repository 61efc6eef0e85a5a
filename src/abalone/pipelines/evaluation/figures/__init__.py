"""The figures of the evaluation, on Matplotlib's object-oriented interface: no browser, no display, no global state."""
