"""How mobjects are drawn: straight into the camera's cairo context, a whole tensor or label at a time."""
