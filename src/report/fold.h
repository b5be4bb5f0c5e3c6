/* Rows that say the same of several via groups become one. */
#ifndef TGV_REPORT_FOLD_H
#define TGV_REPORT_FOLD_H

#include <cJSON.h>

/** Folds a block of the page in place: rows of a table whose first column is the via group, columns that are one group each, numbers
    of one quantity, lines and cross-sections. What was "a" and "b" becomes "a, b" where the first of them stood. */
void tgv_fold_groups(cJSON *block);

#endif
