"""From scenes to files: rendering, joining, folders, samples."""
