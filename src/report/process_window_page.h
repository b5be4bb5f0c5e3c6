/* A process window as a page, as CSV and as JSON. */
#ifndef TGV_REPORT_PROCESS_WINDOW_PAGE_H
#define TGV_REPORT_PROCESS_WINDOW_PAGE_H

#include <cjson/cJSON.h>

#include "core/text.h"
#include "factory/process_window.h"

/** Which columns are shown: those asked for, or with none asked those that change over the grid. */
struct tgv_window_choice {
  size_t          count;
  enum tgv_column column[TGV_COLUMN_COUNT];
};

/** Reads "D_waist,fill" (NULL: those that change). TGV_INPUT for a name that is no column of this line. */
tgv_status tgv_window_choose(const struct tgv_window *w, const char *names, struct tgv_window_choice *out);

/** One line of text a point: axes, probabilities, columns, with units in the header. */
void tgv_window_csv(const struct tgv_window_plan *plan, const struct tgv_window *w,
                    const struct tgv_window_choice *columns, struct tgv_text *out);
/** The same as one JSON document; arrays over the points, the first axis runs fastest. */
cJSON *tgv_window_json(const struct tgv_window_plan *plan, const struct tgv_window *w,
                       const struct tgv_window_choice *columns);
/** The interactive picture: one HTML file. */
tgv_status tgv_window_page(const struct tgv_window_plan *plan, const struct tgv_window *w,
                           const struct tgv_window_choice *columns, const char *path);

/** The point of the grid with the smallest fail probability; of several, the one in the middle of the largest such region. */
size_t tgv_window_best(const struct tgv_window *w);

#endif
