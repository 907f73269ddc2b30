"""Benchmarks of start-up, growth and bulk work against a floor, the minimal script for the work."""
