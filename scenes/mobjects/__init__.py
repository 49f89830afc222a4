"""The parts that scenes are made of; each works in any scene that draws with `scenes.drawing.camera.DrawingCamera`."""
