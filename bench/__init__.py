"""Benchmarks of shenbao: rendered scans with exact truth, and the timed run. Not in the wheel."""
