"""Types: `document` is what users get, `stages` what passes between the stages."""
