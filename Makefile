# Every target installs what it needs, once: nothing is reinstalled while the locks stand.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c

ENV ?= base
VENV := .venv
BIN := $(VENV)/bin
SETS := run aws sagemaker rehearsal etl serving load tuning viz benchmark dev
TOOLS := checkov ministack
DATA := $(or $(ABALONE_DATA),data)
CHAMPION := $(DATA)/06_models/champion.json
SOURCES := src tests benchmarks delivery docs requirements

export KEDRO_DISABLE_TELEMETRY := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first Python of at least 3.11 on PATH, or the one given as PYTHON=...
PYTHON ?= $(firstword $(foreach python,python3 python3.13 python3.12 python3.11,$(shell \
	$(python) -c 'import sys; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# -- what a person does -----------------------------------------------------------------------------------------------

.PHONY: run
run: $(VENV)/.run $(if $(filter-out base,$(ENV)),$(VENV)/.aws) ## train and evaluate on the landing zone (ENV=dev: on S3; ARGS="--params ...")
	@$(BIN)/kedro run --env $(ENV) $(ARGS)

.PHONY: tune
tune: $(VENV)/.run $(VENV)/.tuning ## search hyper-parameters; stop it with Ctrl-C, run it again to go on
	@$(BIN)/kedro run --pipelines tuning --env $(ENV) $(ARGS)

.PHONY: viz
viz: $(VENV)/.run $(VENV)/.viz ## show the lineage, the tables and the figures in the browser
	@$(BIN)/kedro viz run $(ARGS)

.PHONY: rehearsal
rehearsal: $(VENV)/.run $(VENV)/.aws $(VENV)/.sagemaker $(VENV)/.rehearsal ## run the SageMaker jobs on this machine, without an account (ARGS="-- COMMAND": any command)
	@$(BIN)/python -m abalone.rehearsal $(ARGS)

.PHONY: sagemaker
sagemaker: $(VENV)/.run $(VENV)/.aws $(VENV)/.sagemaker ## compile and run the pipelines as SageMaker jobs (ARGS="run --env dev --wait-for-completion")
	@$(BIN)/kedro sagemaker $(or $(ARGS),--help)

.PHONY: etl
etl: $(VENV)/.run $(VENV)/.aws $(VENV)/.etl ## the Glue job on this machine: landing zone to tables by Spark (ENV=dev: on S3; needs Java)
	@$(BIN)/python -m abalone.etl --environment $(ENV) $(ARGS)

.PHONY: simulate-year
simulate-year: $(VENV)/.run $(VENV)/.serving ## a year of service with monitoring and retraining, on this machine (about 2 minutes; ARGS="--seed 1 --weeks 20")
	@$(BIN)/python -m abalone.rehearsal.year $(ARGS)

.PHONY: serve
serve: export ABALONE_SERVING_MODEL ?= $(CHAMPION)
serve: export ABALONE_SERVING_CAPTURE ?= $(DATA)/01_raw/captures
serve: export ABALONE_SERVING_MONITORING ?= $(DATA)/08_reporting/monitoring.html
serve: $(VENV)/.run $(VENV)/.serving ## answer predictions, and show the page, at http://127.0.0.1:8080 (ARGS="--port 8081"; trains first when there is no model)
	@test -n "$(findstring --model,$(ARGS))" -o "$$ABALONE_SERVING_MODEL" != $(CHAMPION) -o -e $(CHAMPION) || $(MAKE) --no-print-directory run ENV=base ARGS=
	@$(BIN)/python -m abalone.serving $(ARGS)

.PHONY: load
load: $(VENV)/.run $(VENV)/.serving $(VENV)/.load ## load the service with users (ARGS="--url http://… --users 300 --seconds 60"; --endpoint NAME: on SageMaker)
	@$(BIN)/python -m benchmarks.load $(ARGS)

.PHONY: bundle
bundle: $(VENV)/.run ## make the revision of the service that CodeDeploy brings to EC2 hosts (abalone.zip)
	@PYTHON=$(BIN)/python delivery/codedeploy/make_bundle.sh abalone.zip

.PHONY: doctor
doctor: $(VENV)/.run $(VENV)/.aws ## what the account lacks for a delivery, and how to mend it (ENV=dev)
	@$(BIN)/abalone doctor --env $(if $(filter base,$(ENV)),dev,$(ENV)) $(ARGS)

.PHONY: local-aws
local-aws: $(VENV)/.run $(VENV)/.aws $(VENV)/.rehearsal $(VENV)/tools/ministack/.installed ## an account on this machine, until Ctrl-C (ARGS="-- COMMAND": for one command)
	@$(BIN)/python -m abalone.rehearsal.aws $(ARGS)

.PHONY: rehearse-infra
rehearse-infra: $(VENV)/.run $(VENV)/.aws $(VENV)/.rehearsal $(VENV)/tools/ministack/.installed ## apply, plan, change and destroy an environment on this machine (ENV=dev; about 4 minutes; needs Terraform)
	@$(BIN)/python -m abalone.rehearsal.infrastructure --env $(if $(filter base,$(ENV)),dev,$(ENV))

.PHONY: benchmark-model
benchmark-model: $(VENV)/.run $(VENV)/.benchmark ## accuracy of the model beside the others, on the same folds (about 4 minutes)
	@$(BIN)/python -m benchmarks.model $(ARGS)

.PHONY: benchmark-gate
benchmark-gate: $(VENV)/.run ## how often the gate promotes a model that is no better, and one that is (ARGS="--pairs 60")
	@$(BIN)/python -m benchmarks.gate $(ARGS)

.PHONY: benchmark-monitoring
benchmark-monitoring: $(VENV)/.run $(VENV)/.serving ## false alarms, detection and cost of monitoring (about 12 minutes)
	@$(BIN)/python -m benchmarks.monitoring $(ARGS)

.PHONY: benchmark-etl
benchmark-etl: $(VENV)/.run $(VENV)/.aws $(VENV)/.etl $(VENV)/.load $(VENV)/.dev ## ingestion by pandas, polars and Spark, up to ten million rows (ARGS="--rows 1000000"; needs Java)
	@$(BIN)/python -m benchmarks.etl $(ARGS)

.PHONY: benchmark-speed
benchmark-speed: $(VENV)/.run ## speed and memory of the pipelines, from the survey's size to a million rows (about 8 minutes)
	@$(BIN)/python -m benchmarks.speed $(ARGS)

.PHONY: benchmark-sagemaker
benchmark-sagemaker: $(VENV)/.run $(VENV)/.aws $(VENV)/.sagemaker ## jobs, time and cost on SageMaker beside one job a node (about 4 minutes)
	@$(BIN)/python -m benchmarks.sagemaker $(ARGS)

.PHONY: benchmark-serving
benchmark-serving: $(VENV)/.run $(VENV)/.serving ## requests a second of the service beside other stacks (about 5 minutes; needs wrk and nginx)
	@$(BIN)/python -m benchmarks.serving $(ARGS)

# -- the infrastructure in an account ---------------------------------------------------------------------------------

TERRAFORM = terraform -chdir=infra/terraform/environments/$(or $(filter dev prd,$(ENV)),$(error say which environment: ENV=dev or ENV=prd))

.PHONY: ready
ready:
	@command -v terraform >/dev/null || { echo "Terraform is not on PATH: install version 1.11 or newer"; exit 1; }
	@test -e $(patsubst -chdir=%,%,$(filter -chdir=%,$(TERRAFORM)))/.terraform/terraform.tfstate || { \
		echo "$(ENV) is not initialised: run make bootstrap, then the command that it ends with (docs/deploy.md)"; exit 1; }

.PHONY: bootstrap
bootstrap: ## make the bucket that keeps Terraform's state, once an account
	@terraform -chdir=infra/terraform/bootstrap init -input=false
	@terraform -chdir=infra/terraform/bootstrap apply $(ARGS)

.PHONY: lambdas
lambdas: $(VENV)/.run ## the code of the Lambda functions (build/lambdas.zip)
	@$(BIN)/python delivery/lambdas/build.py

.PHONY: glue
glue: $(VENV)/.run ## script, wheel, configuration and locked set of the Glue job (build/glue)
	@$(BIN)/python delivery/glue/package.py

.PHONY: plan
plan: ready lambdas glue ## what an apply would change (ENV=dev)
	@$(TERRAFORM) plan $(ARGS)

.PHONY: apply
apply: ready lambdas glue ## make or change the infrastructure (ENV=dev)
	@$(TERRAFORM) apply $(ARGS)

.PHONY: destroy
destroy: ready lambdas glue $(VENV)/.aws ## remove the releases and the infrastructure (ENV=dev; FORCE=1: with the data and images in it)
	@$(if $(FORCE),$(TERRAFORM) apply -var force_destroy=true $(ARGS))
	@$(BIN)/python delivery/remove_releases.py --env $(ENV)
	@$(TERRAFORM) destroy $(if $(FORCE),-var force_destroy=true) $(ARGS)

# -- what a developer does --------------------------------------------------------------------------------------------

.PHONY: test
test: $(VENV)/.run $(VENV)/.aws $(VENV)/.sagemaker $(VENV)/.rehearsal $(VENV)/.etl $(VENV)/.serving $(VENV)/.load $(VENV)/.tuning $(VENV)/.viz $(VENV)/.dev $(TOOLS:%=$(VENV)/tools/%/.installed) ## run the tests (ARGS="-k name" for some of them)
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(if $(JUNIT),--junit-xml $(JUNIT)) $(if $(ARGS),$(ARGS),--cov --cov-report term)

.PHONY: infra-test
infra-test: $(VENV)/.run $(VENV)/.aws $(VENV)/.sagemaker $(VENV)/.rehearsal $(VENV)/.serving $(VENV)/.dev $(TOOLS:%=$(VENV)/tools/%/.installed) ## run the checks of the infrastructure: Terraform, policies, templates (about 3 minutes; needs Terraform)
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(or $(ARGS),tests/infra/test_*.py)

.PHONY: lint
lint: $(VENV)/.run $(VENV)/.aws $(VENV)/.sagemaker $(VENV)/.rehearsal $(VENV)/.etl $(VENV)/.serving $(VENV)/.tuning $(VENV)/.dev ## check style, types and import directions
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/.dev ## format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix-only $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

.PHONY: lineage
lineage: $(VENV)/.run $(VENV)/.viz $(VENV)/.dev ## draw docs/images/lineage.png as kedro-viz shows it (needs Chromium)
	@$(BIN)/python docs/lineage.py

.PHONY: page
page: $(VENV)/.run $(VENV)/.serving $(VENV)/.dev ## take the pictures of the page and of the monitoring report in docs/images (needs Chromium and a model)
	@$(BIN)/python docs/page.py

.PHONY: diagram
diagram: $(VENV)/.run $(VENV)/.dev ## draw docs/images/pipeline.png from the code (needs graphviz)
	@$(BIN)/python docs/diagram.py

.PHONY: cost
cost: $(VENV)/.run $(VENV)/.dev ## write the tables of docs/cost.md from the prices in docs/cost.yml
	@$(BIN)/python docs/cost.py

.PHONY: lock
lock: $(VENV)/.run $(VENV)/.dev ## rewrite requirements/ from pyproject.toml (UPGRADE=1: to the newest versions)
	@$(BIN)/python requirements/lock.py $(if $(UPGRADE),--upgrade) $(SETS) --tools $(TOOLS)

.PHONY: clean
clean: ## remove the environment, the caches and what the runs wrote; the landing zone stays
	@rm -rf $(VENV) .benchmark .viz .sagemaker pipeline.json .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find src tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +
	@find data -mindepth 1 -maxdepth 1 -type d ! -name 01_raw -exec rm -rf {} +

# -- the environment --------------------------------------------------------------------------------------------------

$(BIN)/python:
	@"$(or $(PYTHON),false)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "abalone needs Python 3.11 or newer, on PATH or named as in: make run PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { \
		rm -rf $(VENV); echo "could not create $(VENV); on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

# A stamp for each locked set; the package itself comes with the run set.
.PRECIOUS: $(VENV)/.%
$(VENV)/.%: requirements/%.txt | $(BIN)/python
	@echo "installing requirements/$*.txt into $(VENV)"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement $<
	@if test $* = run; then $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .; fi
	@touch $@

# A tool that pins other versions than ours has an environment of its own.
$(VENV)/tools/%/.installed: requirements/tools/%.txt | $(BIN)/python
	@echo "installing requirements/tools/$*.txt into $(VENV)/tools/$*"
	@$(BIN)/python -m venv $(VENV)/tools/$*
	@$(VENV)/tools/$*/bin/python -m pip install --quiet --require-hashes --requirement $<
	@touch $@

# The package's metadata stands in pyproject.toml; without its lock changing, only the package is installed again.
$(VENV)/.run: pyproject.toml
