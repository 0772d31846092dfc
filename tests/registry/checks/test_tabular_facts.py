"""registry/checks/tabular_facts.py"""
