# What people and CI run. `make` alone says what there is.

BUILD_PACKAGES = libncurses-dev
TEST_PACKAGES = memcached tmux
FORMATTED = Sources Tests Package.swift Benchmarks/Package.swift Benchmarks/Sources

.PHONY: help run test bench clean

help:
	@echo 'make run [ARGS="..."]  build for release and open the console on the demo, or with these arguments'
	@echo 'make test              check the format, build without warnings, run all tests'
	@echo 'make bench             measure, beside a floor or a peer'
	@echo 'make clean             remove everything that was built'

run:
	@Scripts/install-packages 'to be built' $(BUILD_PACKAGES)
	swift build -c release --product tidemark
	.build/release/tidemark $(ARGS)

test:
	@Scripts/install-packages 'to be built and tested' $(BUILD_PACKAGES) $(TEST_PACKAGES)
	swift format lint --strict -r -p $(FORMATTED)
	@Scripts/build-without-warnings --build-tests
	swift test --skip-build --disable-xctest --skip 'EndToEndTests|CursesTerminalTests'
# Tests of the real program on a terminal come one by one: side by side they wait for each other on two cores.
	swift test --skip-build --disable-xctest --no-parallel --filter 'EndToEndTests|CursesTerminalTests'

# A package of its own, so that nobody else builds it; it needs no curses, and does without memcached if there is none.
bench:
	swift run -c release --package-path Benchmarks

clean:
	rm -rf .build .build-* Benchmarks/.build
