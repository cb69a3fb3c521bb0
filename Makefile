# Every target with a line of help is for people; `make help` prints them.

KONTAKTY := ./kontakty
GO_FILES  = $(shell git ls-files -co --exclude-standard '*.go' | grep -v '^graph/generated/')

.DEFAULT_GOAL := help
.PHONY: help demo build test nightly telephony-proof bench generate web web-check lint fmt clean

help: ## Print this.
	@echo 'make TARGET'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Install PostgreSQL if it is missing, build, and serve demo data on 127.0.0.1:8080.
	@.ci/install go postgresql
	@$(MAKE) --no-print-directory build
	@exec $(KONTAKTY) demo

build: ## Build the one binary, ./kontakty.
	go build -o $(KONTAKTY) ./cmd/kontakty

test: ## Install what is missing, run every test against a PostgreSQL of their own, and use the pages in Chromium if it is there.
	@.ci/install go postgresql mariadb compiler curl ffmpeg haproxy pgbouncer
	go test -race -timeout 30m ./...
	@.ci/page test
	@.ci/pages

nightly: ## Run the long tests: 200 killed workers, the files of 200 random filters, each step of the recipes left out, 1,000 histories, PostgreSQL killed 100 times.
	@.ci/install go postgresql
	go test -run 'Survive|EqualTheScreen|Recipes' -timeout 4h -v ./cmd/kontakty -args -kills 200 -filters 200 -omissions
	go test -run 'History' -timeout 4h -v ./internal/ingest -args -histories 1000
	go test -run 'Kills' -timeout 1h -v ./internal/server -args -postgres-kills 100

telephony-proof: ## Play calls through two real Asterisks and compare what comes of their rows (Debian, root, about 15 minutes; RECORD=-record keeps the rows).
	@.ci/telephony-proof $(RECORD)

SCALE ?= full
bench: ## Measure every aim of speed; SCALE=small takes under 5 minutes, the other about 20.
	@.ci/install go postgresql
	go run ./cmd/benchmark -scale $(SCALE)

generate: ## Generate the GraphQL code from graph/schema.
	go tool gqlgen generate

web: ## Build the web pages into internal/web (needs Node 20).
	internal/web/build.sh

web-check: ## Check that the built web pages match their sources (needs Node 20).
	internal/web/check.sh

lint: ## Check formatting, go vet, staticcheck, errors, parameters, dead code; of the page prettier and eslint if Node is there.
	@files="$$(go tool gofumpt -l $(GO_FILES))"; [ -z "$$files" ] || { echo "run make fmt: not formatted:"; echo "$$files"; exit 1; }
	go vet ./...
	go vet -tags telephonyproof ./internal/telephony/asterisk/proof
	go tool staticcheck ./...
	go tool go-errorlint ./...
	go tool unparam ./...
	@dead="$$(go tool deadcode -test ./...)"; [ -z "$$dead" ] || { echo "nothing calls:"; echo "$$dead"; exit 1; }
	@.ci/page lint

fmt: ## Format the Go code.
	go tool gofumpt -w $(GO_FILES)

clean: ## Remove what was built; the data directory .kontakty stays.
	rm -f $(KONTAKTY)
	go clean -testcache
