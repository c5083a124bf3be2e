"""Test scans of invented forms, with the exact truth of every cell."""
