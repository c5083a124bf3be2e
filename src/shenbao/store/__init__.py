"""What the service keeps: documents, what was read, what people decided, jobs and accounts."""
