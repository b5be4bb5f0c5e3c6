/* Case files: any bytes are read or refused, and what was read can be walked over. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "io/cases.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct tgv_case_file f;
  size_t               length = 0;

  if (tgv_cases_parse((const char *)data, size, "fuzz.case", &f)) {
    if (f.count || !tgv_error_message()[0]) abort(); /* a refusal says why */
    return 0;
  }
  for (size_t i = 0; i < f.count; i++) {
    const struct tgv_case *c = &f.list[i];

    if (c->expect_count == 0) abort();
    length +=
        strlen(c->title) + strlen(c->source) + strlen(c->because) + strlen(c->stage) + strlen(c->project);
    for (size_t k = 0; k < c->given_count; k++)
      length += strlen(c->given[k].key) + strlen(c->given[k].written);
    for (size_t k = 0; k < c->expect_count; k++)
      length += strlen(c->expect[k].name) + strlen(c->expect[k].value) + strlen(c->expect[k].upper) +
                strlen(c->expect[k].tolerance);
  }
  if (f.count == 0 || length == 0) abort();
  tgv_cases_release(&f);
  return 0;
}
