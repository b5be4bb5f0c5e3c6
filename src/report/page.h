/* The page of a report: the template built from web/ (script, style, everything inside), a title and data.
   The data, format opentgv-report-1, is described in docs/formats/report.md. */
#ifndef TGV_REPORT_PAGE_H
#define TGV_REPORT_PAGE_H

#include <cjson/cJSON.h>

#include "core/error.h"

/** Writes one HTML file that opens without a network; replaces a file of that name at once. Any text is safe in
    `title` and in `data`; numbers that are not finite become null. */
tgv_status tgv_page_write(const char *path, const char *title, const cJSON *data);

#endif
