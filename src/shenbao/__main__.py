"""`python -m shenbao`: the command line where no script is installed."""

import sys

from shenbao.cli import main

if __name__ == "__main__":
    sys.exit(main())
