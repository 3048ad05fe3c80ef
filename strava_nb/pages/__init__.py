"""Whole pages made of tables and pictures, to keep, to print and to send.

Modules are named other than their functions, which would hide them.
"""

from .report_page import report
from .year_page import YourYear, your_year

__all__ = ["YourYear", "report", "your_year"]
