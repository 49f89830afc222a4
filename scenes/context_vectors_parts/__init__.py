"""What only the clip `ContextVectors` needs."""
