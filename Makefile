# Short names for start.py, which does the work.
PYTHON ?= python3

.PHONY: lab app demo test lint format bench gallery columns matrix clean
lab app demo test lint format bench gallery columns matrix clean:
	$(PYTHON) start.py $@
