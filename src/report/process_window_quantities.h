/* The quantities of a process window over its grid. Used by process_window_page.c. */
#ifndef TGV_REPORT_PROCESS_WINDOW_QUANTITIES_H
#define TGV_REPORT_PROCESS_WINDOW_QUANTITIES_H

#include "report/process_window_page.h"

/** The block "window" of docs/formats/report.md. */
cJSON *tgv_window_block(const struct tgv_window_plan *plan, const struct tgv_window *w,
                        const struct tgv_window_choice *columns);

#endif
