"""Checkpoints of Hugging Face Transformers: an exact trace of any layer, with none of a checkpoint's code run."""
