"""What only the clip `Relationships` needs."""
