/* The argument PROJECT of many commands: a project file, or the directory of a run, which holds the project as it was run. */
#ifndef TGV_CLI_PROJECT_ARGUMENT_H
#define TGV_CLI_PROJECT_ARGUMENT_H

#include "cli/command.h"
#include "model/project.h"

/** Reads the first plain argument, with the overrides of --set. */
tgv_status tgv_project_argument(const struct tgv_arguments *a, struct tgv_project **out);
/** TGV_INPUT, with file, line and column, if process_steps names a stage that there is not. */
tgv_status tgv_project_stages_check(const struct tgv_project *p);
/** The file in a run's directory that holds the project. */
#define TGV_RUN_PROJECT "project.yaml"
/** Writes it. */
tgv_status tgv_project_keep(const struct tgv_project *p, const char *directory);

#endif
