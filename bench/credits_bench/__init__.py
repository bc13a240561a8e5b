"""Measures this service beside others, on one machine and under the same load."""
