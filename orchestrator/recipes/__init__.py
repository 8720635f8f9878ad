"""Campaigns as code: one YAML file that `manage.py apply` reads and `manage.py export` writes."""
