# Short names for start.py, which does the work.
PYTHON ?= python3

.PHONY: lab demo test lint format bench gallery clean
lab demo test lint format bench gallery clean:
	$(PYTHON) start.py $@
