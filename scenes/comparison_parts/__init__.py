"""What only the clip `Comparison` needs."""
