# The commands a person types; behind them stands Meson (meson.build). CONTRIBUTING.md says more.
#   make run      install what is missing, build, simulate the first example, say where the report is
#   make test     install what is missing, build, run all tests; the last line is "N passed, N failed"
#   make build    build/tgv                    make asan    all tests with address, undefined and leak checks
#   make bench    side by side with peers      make fuzz    20 s per target
#   make docs     generated reference pages    make lint    layers, sizes, format, static analysis
#   make tables   runs of the plating solver for the projects in tests/docs/trained, into data/tables (long)
#   make setup    only install (part of build) make clean   remove what was built

EXAMPLE ?= examples/stats-74
JOBS    ?= $(shell nproc)
TARGETS  = tgv

# two ranks on any machine, also as root in a container
export OMPI_ALLOW_RUN_AS_ROOT = 1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = 1
export OMPI_MCA_rmaps_base_oversubscribe = 1
export OMP_WAIT_POLICY = passive

.PHONY: run setup build test bench asan fuzz lint docs tables clean setup-test setup-bench setup-fuzz setup-lint

# one target after the other: what is missing is installed first; -j of make is for ninja (JOBS)
.NOTPARALLEL:

run: build
	build/tgv run $(EXAMPLE)/project.yaml

# Meson lists the sources when it sets up; a new file makes it look again
build: setup build/build.ninja
	@ls src/*/*.c tests/*/* | cmp -s - build/.sources || \
	  { ls src/*/*.c tests/*/* > build/.sources; touch meson.build; }
	@ninja -C build -j $(JOBS) $(TARGETS)

build/build.ninja:
	@log=$$(meson setup build 2>&1) || { echo "$$log"; exit 1; }

setup:
	@.ci/install build
setup-test:
	@.ci/install build test
setup-bench:
	@.ci/install build test bench
setup-fuzz:
	@.ci/install build test fuzz
setup-lint:
	@.ci/install build lint

test: TARGETS = all
test: setup-test build
	@tests/run build

bench: setup-bench build
	@bench/run

# gcc warns falsely under sanitizers, so warnings are no errors here; leak checking is on, tests/lsan.supp names what Open MPI itself keeps
asan: setup-test
	@test -f build-asan/build.ninja || \
	  meson setup build-asan -Dwerror=false -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C build-asan -j $(JOBS)
	@tests/run build-asan

fuzz: setup-fuzz
	@test -f build-fuzz/build.ninja || \
	  CC=clang meson setup build-fuzz -Dfuzz=true -Dwerror=false -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C build-fuzz -j $(JOBS) $$(sed -n "s|^  '\(.*\)',.*|tests/fuzz/fuzz_\1|p" tests/fuzz/meson.build)
	@tests/fuzz/run build-fuzz 20

lint: TARGETS = all
lint: setup-lint build
	@tests/lint.sh --tidy

docs: build
	@grep -rlE 'Written by `?tgv (docs|check)' docs 2>/dev/null | xargs -r rm
	@build/tgv docs docs --source .
	@TGV_TABLES=build/tests/tables build/tgv check --ledger docs/validation.md --ledger data/validation.json tests/cases/*.case

# Runs that are there and still right are kept; a training that was stopped goes on.
tables: build
	@rm -rf build/tables
	@TGV_TABLES=build/trained build/tgv train --write build/tables --page docs/plating_models.md $$(cat tests/docs/trained)
	@rm -rf data/tables && mkdir -p build/tables && mv build/tables data/tables

clean:
	rm -rf build build-asan build-fuzz
