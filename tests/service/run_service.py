"""`shenbao` with the stand-in reader: python run_service.py serve --data DIR ..."""

import sys

from stand_in import stand_in

from shenbao.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], stand_in))
