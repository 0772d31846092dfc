"""registry/checks/file_type.py"""
