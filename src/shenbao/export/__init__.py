"""Writers: one document in, bytes of a format out."""
