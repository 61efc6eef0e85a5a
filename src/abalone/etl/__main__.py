"""`python -m abalone.etl` runs the job on this machine."""

import sys

from abalone.errors import AbaloneError
from abalone.etl.job import main

if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except AbaloneError as error:
        sys.exit(f"Error: {error}")
