/* The registry as arrays: what the lines of registry.def become. */
#ifndef TGV_REGISTRY_H
#define TGV_REGISTRY_H

#include "model/stage.h"

struct tgv_command;
struct tgv_section_writer;

/** All stages in factory order, ends with NULL. */
extern const struct tgv_stage *const tgv_stages[];
const struct tgv_stage              *tgv_stage_find(const char *name);

/** One line of registry.def, for lists and documentation. */
struct tgv_registry_line {
  const char *kind; /* "stage", "format", "section", "command" */
  const char *folder, *name, *help;
};
extern const struct tgv_registry_line tgv_registry[];
extern const size_t                   tgv_registry_count;

#endif
