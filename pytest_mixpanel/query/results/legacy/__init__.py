"""The answers of the older query calls and of saved reports."""
