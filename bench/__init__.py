"""The benchmarks: start-up, growth and bulk work against the floor; `python -m bench` runs them."""
