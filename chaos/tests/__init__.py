"""The model and its checks, against histories with and without faults."""
