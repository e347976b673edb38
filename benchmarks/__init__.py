"""Measurements that are run by hand, on a portal that they start themselves."""
