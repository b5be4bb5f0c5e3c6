/* Runs one case (io/cases.h): sets what is given, follows the nominal via or the whole line, judges what is
 * expected. */
#ifndef TGV_CLI_CASE_RUN_H
#define TGV_CLI_CASE_RUN_H

#include "core/text.h"
#include "io/cases.h"
#include "model/columns.h"

/** What became of one expectation; numbers in SI. */
struct tgv_verdict {
  const struct tgv_expectation *expectation;
  bool                          passed;
  double                        got;
  double                        expected, upper; /* upper: of a range */
  double                        tolerance;       /* of an equality, absolute */
  enum tgv_dimension            dimension;
  const char                   *unit; /* in which to print; NULL: the display unit of the dimension */
};

/** Keeps the projects that cases start from; they are read once. */
struct tgv_case_runner;
struct tgv_case_runner *tgv_case_runner_new(void);
void                    tgv_case_runner_free(struct tgv_case_runner *r);

/** Fills verdicts[c->expect_count]. A case that cannot be run (unknown key, wrong unit, a stage that fails)
   is an error whose message begins with the place in the case file. */
tgv_status tgv_case_run(struct tgv_case_runner *r, const struct tgv_case *c, struct tgv_verdict *verdicts);

/** Adds "D_waist = 12.3 um, expected 12.5 um +- 0.1 um (difference -0.2 um)". */
void tgv_verdict_print(const struct tgv_verdict *v, struct tgv_text *out);
/** The pieces of it: what came out, what was expected, the difference, "" where there is none; valid until
 * the text is released. */
void tgv_verdict_got(const struct tgv_verdict *v, struct tgv_text *out);
void tgv_verdict_expected(const struct tgv_verdict *v, struct tgv_text *out);
void tgv_verdict_difference(const struct tgv_verdict *v, struct tgv_text *out);

#endif
