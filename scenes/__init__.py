"""Pictures: a trace in, clips out. Nothing in here computes attention or imports PyTorch."""
