"""Customers in the trash: put there, brought back, and removed after the retention time."""
