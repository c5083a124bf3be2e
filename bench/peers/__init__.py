"""Programs that shenbao is measured beside, each run by an interpreter of its own."""
