/* OpenTGV: the library behind the program tgv.

   This header is the manual, in the order in which you need it. Everything that the program does is done through it; a program
   of your own is a page:

     #include "opentgv.h"

     int main(void)
     {
       struct tgv_project *project;
       struct tgv_run     *run;
       struct tgv_scalar   yield;

       if (tgv_project_read("project.yaml", NULL, 0, &project)) goto failed;
       if (tgv_run_open(project, tgv_stages, &(struct tgv_run_options){.quiet = true}, &run)) goto failed;
       if (tgv_run_all(run, NULL)) goto failed;
       if (tgv_run_find(run, "unit_yield", &yield)) printf("%g (%g to %g)\n", yield.value, yield.low, yield.high);
       tgv_run_close(run);
       tgv_project_free(project);
       return 0;
     failed:
       fprintf(stderr, "%s\n", tgv_error_message());
       return 1;
     }

   Conventions. SI units inside; a quantity in text always carries its unit. Functions that can fail return tgv_status and leave a
   message (core/error.h). What *_new or *_open gives you, *_free or *_close takes back; what you pass as const is borrowed. Nothing
   is global but the message of the last error, which is kept per thread. A bad part (a closed via, a failed unit) is a result and
   never an error. */
#ifndef OPENTGV_H
#define OPENTGV_H

/* 1. Errors and units: what a failed call says; "25 um" <-> 25e-6. */
#include "core/error.h"
#include "core/units.h"

/* 2. The tables: every key of a project file, every quantity of a via, a unit or a panel, every cause of failure. */
#include "model/columns.h"
#include "model/params.h"

/* 3. The project: what was asked. Read from YAML with all errors and their places; each value with its class and source. Glasses,
      metals, dielectrics and rule decks of the library are read the same way. */
#include "model/project.h"

/* 4. Geometry: the via groups of a unit as rows, the units on the panel. */
#include "model/package.h"
#include "model/panel.h"

/* 5. The run: the project followed through its stages; results are cached by what they depend on. */
#include "model/result.h"
#include "model/run.h"
#include "registry.h"

/* 6. Single vias: a via is a pure function of seed, lot, panel and number, so any of them can be made again alone. Blocks of vias with
      given inputs go through the physics by tgv_flow_physics. */
#include "model/block.h"
#include "model/flow.h"

/* 7. Output: the via table in HDF5, the report. */
#include "io/via_table.h"
#include "report/report.h"

#endif
