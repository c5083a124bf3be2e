"""Benchmarks of shenbao: rendered scans with exact truth, the scorer, and the timed run. Not in the wheel."""
