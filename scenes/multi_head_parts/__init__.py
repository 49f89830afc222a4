"""What only the clip `MultiHead` needs."""
