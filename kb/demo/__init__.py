"""The demo: five people and a team with real things, made by the same actions that everybody uses."""
