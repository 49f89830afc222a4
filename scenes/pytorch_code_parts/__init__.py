"""What only the clip `PyTorchCode` needs."""
