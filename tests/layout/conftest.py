"""The tests of the layout stage draw their pages with `drawn_pages`, found from here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
