"""One router for each resource, all below /v1."""
