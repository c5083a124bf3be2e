"""The HTTP service: uploads, reading in processes of its own, review, exports."""
