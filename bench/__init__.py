"""What this project measures: `python start.py bench`. No part of the package that others install."""
