"""`python -m tfod_weights`."""

import sys

from tfod_weights.cli import main

if __name__ == "__main__":
    sys.exit(main())
