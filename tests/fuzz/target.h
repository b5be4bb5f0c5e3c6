/* What a fuzz target is: tests/fuzz/<target>.c defines this one function. libFuzzer calls it with made-up
   inputs (make fuzz), replay.c with the files of tests/fuzz/corpus/<target>/ (make test). */
#ifndef TGV_TESTS_FUZZ_TARGET_H
#define TGV_TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
