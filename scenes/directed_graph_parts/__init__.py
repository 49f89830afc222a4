"""What only clip 10 needs."""
