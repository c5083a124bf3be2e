"""Pages whose text the file gives: the same stage types as from reading the picture, without recognition."""
