#include "report/report.h"

/* Every scalar of the run with its method, range and error, one block a stage. */
static cJSON *blocks(const struct tgv_report *r)
{
  cJSON       *list = cJSON_CreateArray();
  const cJSON *stage;

  cJSON_ArrayForEach(stage, r->stages)
  {
    const cJSON *scalars = cJSON_GetObjectItemCaseSensitive(stage, "scalars");
    const char  *title = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(stage, "title"));
    cJSON       *b;

    if (cJSON_GetArraySize(scalars) == 0) continue;
    b = tgv_block_of("scalars", title ? title : "");
    cJSON_AddItemToObject(b, "items", cJSON_Duplicate(scalars, 1));
    cJSON_AddItemToArray(list, b);
  }
  return list;
}

const struct tgv_report_section tgv_section_methods = {
    .name = "methods",
    .title = "Every number: method, range, error",
    .intro = "How each number was computed, where that holds, and how large its error is.",
    .blocks = blocks,
};
