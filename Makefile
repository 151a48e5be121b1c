# What people and CI run. `make` alone says what there is.

BUILD_PACKAGES = libncurses-dev libsqlite3-dev zlib1g-dev
TEST_PACKAGES = memcached tmux curl
FORMATTED = Sources Tests Package.swift $(foreach package,Benchmarks Fuzzers Examples/shop,$(package)/Package.swift $(package)/Sources) \
    Examples/shop/Tests

.PHONY: help run test shop live fuzz soak bench clean

help:
	@echo 'make run [ARGS="..."]  build for release and open the console on the demo, or with these arguments'
	@echo 'make test              check the format, build without warnings, run all tests'
	@echo 'make shop [ARGS="..."] open the example shop on a memcached, or on the store given'
	@echo 'make live              get the session libraries of Python and PHP, and edit what they store'
	@echo 'make fuzz [INPUTS=1000000] [FUZZ=pickle]  look for inputs that crash a decoder or parser'
	@echo 'make soak [SEQUENCES=1000000] [KILLS=10000] [INCREMENTS=5000]  compare the core with its model at length, and let processes'
	@echo '                       write side by side, built for release'
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
	@Scripts/build-docs
	swift test --skip-build --disable-xctest --skip 'MemcachedBackendTests|TwoStoreTests|FaultTests|ModelTests|EndToEndTests|CursesTerminalTests'
# What waits for servers has the machine without those that compute: starved of it, its requests time out.
	swift test --skip-build --disable-xctest --filter 'MemcachedBackendTests|TwoStoreTests|FaultTests' --skip 'ModelTests'
	swift test --skip-build --disable-xctest --filter 'ModelTests'
# Tests of the real program on a terminal come one by one: side by side they wait for each other on two cores.
	swift test --skip-build --disable-xctest --no-parallel --filter 'EndToEndTests|CursesTerminalTests'
	@Scripts/build-without-warnings --package-path Examples/shop --build-tests
	swift test --package-path Examples/shop --skip-build --disable-xctest

shop:
	@Scripts/install-packages 'to be built' $(BUILD_PACKAGES)
	swift run --package-path Examples/shop shop-server $(ARGS)

# The libraries go into a folder of their own; what is committed needs none of them.
live:
	@Scripts/install-packages 'to be built and tested' $(BUILD_PACKAGES) $(TEST_PACKAGES) libmemcached-dev python3-venv \
	    php-cli php-memcached php-memcache php-msgpack php-igbinary
	test -d .build/writers || python3 -m venv .build/writers
	.build/writers/bin/pip install --quiet -r Tests/Writers/requirements.txt
	@Scripts/build-without-warnings --build-tests
	WRITERS_PYTHON=$(CURDIR)/.build/writers/bin/python swift test --skip-build --disable-xctest --filter "LiveWriterTests|LiveLockTests"

# libFuzzer with AddressSanitizer; what it finds worth keeping stays in Fuzzers/corpus, and `make test` reads it again.
# Swift's own crash reports would take the signal that libFuzzer waits for.
INPUTS = 1000000
FUZZ = $(shell ls Fuzzers/corpus)
fuzz:
	@Scripts/install-packages 'to be built' $(BUILD_PACKAGES)
	swift build --package-path Fuzzers -c release -Xswiftc -enable-testing --sanitize fuzzer --sanitize address
	for name in $(FUZZ); do \
	    FUZZ=$$name SWIFT_BACKTRACE=enable=no Fuzzers/.build/release/fuzz Fuzzers/corpus/$$name -runs=$(INPUTS) \
	        -max_len=4096 -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 || exit 1; \
	done

SEQUENCES = 1000000
INCREMENTS = 5000
KILLS = 10000
soak:
	@Scripts/install-packages 'to be built and tested' $(BUILD_PACKAGES) $(TEST_PACKAGES)
	TIDEMARK_SEQUENCES=$(SEQUENCES) TIDEMARK_INCREMENTS=$(INCREMENTS) swift test -c release --build-path .build-soak \
	    -Xswiftc -enable-testing --disable-xctest --filter 'SessionCoreTests.ModelTests|FaultTests'
	TIDEMARK_KILLS=$(KILLS) swift test -c release --build-path .build-soak -Xswiftc -enable-testing --disable-xctest \
	    --filter 'KilledWriterTests'

# A package of its own, so that nobody else builds it; it needs no curses, and does without memcached if there is none.
bench:
	swift run -c release --package-path Benchmarks

clean:
	rm -rf .build .build-* Benchmarks/.build Fuzzers/.build Examples/shop/.build
