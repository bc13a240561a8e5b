"""The harness, tried where it could deceive: `cd bench && python3 -m unittest`."""
