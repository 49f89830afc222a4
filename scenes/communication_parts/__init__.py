"""What only the clip `Communication` needs."""
