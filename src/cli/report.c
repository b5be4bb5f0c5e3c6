#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "core/file.h"

static tgv_status run_report(const struct tgv_arguments *a)
{
  const char     *out = tgv_option_value(a, "out");
  char           *path = out ? tgv_path_join(".", out) : tgv_path_join(a->plain[0], "report.html");
  tgv_status_code s = tgv_report_write(a->plain[0], path);

  if (s == TGV_OK && a->json) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "report", path);
    tgv_json_print(o);
  } else if (s == TGV_OK && !a->quiet) {
    printf("the report is %s\n", path);
  }
  free(path);
  return s;
}

const struct tgv_command tgv_command_report = {
    .name = "report",
    .title = "make the report of a run again",
    .usage = "RUNDIR",
    .description =
        "Reads what a run has left in its directory and writes the report, one HTML file that opens offline.",
    .examples = "tgv report examples/stats-74/run --out stats-74.html",
    .options =
        (const struct tgv_option[]){
            {"out", "FILE", "where to write it; otherwise report.html in the run directory"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = 1,
    .run = run_report,
};
