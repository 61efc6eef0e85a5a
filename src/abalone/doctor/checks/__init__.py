"""One module a topic; each finds how it is with the things of that topic."""
