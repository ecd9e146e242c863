"""Phones, e-mails, web sites and addresses of companies and persons."""
