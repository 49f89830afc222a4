"""What only the clip `QueryKeyValue` needs."""
