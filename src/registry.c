#include "registry.h"

#include <string.h>

#include "report/report.h"

/* ---- declarations: one object per stage, defined in its own file */
#define STAGE(folder, name, help) extern const struct tgv_stage tgv_stage_##name;
#define FORMAT(folder, name, help)
#define SECTION(folder, name, help)
#define COMMAND(folder, name, help)
#include "registry.def"
#undef STAGE

const struct tgv_stage *const tgv_stages[] = {
#define STAGE(folder, name, help) &tgv_stage_##name,
#include "registry.def"
#undef STAGE
    NULL};

#undef SECTION

#define STAGE(folder, name, help)
#define SECTION(folder, name, help) extern const struct tgv_report_section tgv_section_##name;
#include "registry.def"
#undef SECTION

const struct tgv_report_section *const tgv_report_sections[] = {
#define SECTION(folder, name, help) &tgv_section_##name,
#include "registry.def"
    NULL};

#undef STAGE
#undef FORMAT
#undef SECTION
#undef COMMAND

const struct tgv_registry_line tgv_registry[] = {
#define STAGE(folder, name, help) {"stage", #folder, #name, help},
#define FORMAT(folder, name, help) {"format", #folder, #name, help},
#define SECTION(folder, name, help) {"section", #folder, #name, help},
#define COMMAND(folder, name, help) {"command", #folder, #name, help},
#include "registry.def"
    {NULL, NULL, NULL, NULL}};

const size_t tgv_registry_count = sizeof tgv_registry / sizeof *tgv_registry - 1;

const struct tgv_stage *tgv_stage_find(const char *name)
{
  for (size_t i = 0; tgv_stages[i]; i++)
    if (strcmp(tgv_stages[i]->name, name) == 0) return tgv_stages[i];
  return NULL;
}
