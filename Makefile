# Short names for start.py, which does the work.
PYTHON ?= python3

.PHONY: lab app demo test lint format bench gallery columns matrix clean help
lab app demo test lint format bench gallery columns matrix clean help:
	$(PYTHON) start.py $@
