/* CSV files of numbers: any bytes are read or refused, and what was read is finite. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/text.h"
#include "fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct tgv_csv_column column[] = {
      {"x", TGV_LENGTH, true, NULL}, {"y", TGV_LENGTH, true, NULL}, {"net", TGV_NUMBER, false, NULL}};
  uint64_t rows;
  char    *text = tgv_allocate(size + 1, 1);

  struct tgv_csv_source source = {"fuzz.csv", text, size};

  memcpy(text, data, size);
  tgv_error_clear();
  if (tgv_csv_parse(&source, 5000, column, 3, &rows)) {
    if (rows || !tgv_error_message()[0]) abort(); /* a refusal says why */
  } else {
    for (size_t c = 0; c < 3; c++)
      for (uint64_t r = 0; column[c].value && r < rows; r++)
        if (!isfinite(column[c].value[r])) abort();
    if (!column[0].value || !column[1].value) abort();
  }
  tgv_csv_release(column, 3);
  free(text);
  return 0;
}
