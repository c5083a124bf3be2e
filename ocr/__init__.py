"""Engines behind one protocol: line pictures in, readings with per-character probabilities out."""
