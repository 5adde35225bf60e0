"""Measurements, kept out of the test run: ratios against a floor, never times that pass or fail."""
