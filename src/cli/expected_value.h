/* The value, range and tolerance of an expectation as numbers, once the dimension is known; and back as text.
 */
#ifndef TGV_CLI_EXPECTED_VALUE_H
#define TGV_CLI_EXPECTED_VALUE_H

#include "cli/case_run.h"

/** Sets expected, upper and tolerance of v, whose dimension is set. Without a written tolerance it is
   `closeness` of the value. */
tgv_status tgv_expected_read(const struct tgv_expectation *e, struct tgv_verdict *v, double closeness);

#endif
