"""Vocabulary, form families as data, values, checks, confidence."""
