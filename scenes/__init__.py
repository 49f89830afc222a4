"""Pictures: a trace in, clips out. Nothing in here computes attention or imports PyTorch.

In a notebook, ``show("The cat sat.", "DirectedGraph")`` renders a clip and plays it.
"""

from scenes.notebook import show

__all__ = ["show"]
