"""The parts that scenes are made of; each works in any `scenes.drawing.drawing_scene.DrawingScene`."""
