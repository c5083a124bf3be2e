"""The way of a document: file -> pages -> cells -> joined tables -> records.

Each step is a function from one named type to the next; every step can be called alone.
"""
