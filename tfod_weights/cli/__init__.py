"""The command line: parse → call one library function → print → return an exit code.

Importing this package loads only argparse and the commands' option tables; a command imports
what it needs when it runs.
"""

from tfod_weights.cli.main import main

__all__ = ["main"]
