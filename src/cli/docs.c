#include "cli/docs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "core/file.h"

void tgv_docs_cell(struct tgv_text *out, const char *text)
{
  tgv_text_add(out, " ");
  for (; *text; text++)
    if (*text == '|' || *text == '<')
      tgv_text_add(out, "\\%c", *text);
    else
      tgv_text_append(out, text, 1);
  tgv_text_add(out, " |");
}

tgv_status tgv_docs_write(const char *directory, const char *name, const struct tgv_text *page)
{
  char           *path = tgv_path_join(directory, name), *folder = tgv_path_directory(path);
  tgv_status_code s = tgv_directory_make(folder);

  if (s == TGV_OK) s = tgv_file_write(path, page->data ? page->data : "", page->size);
  free(folder);
  free(path);
  return s;
}

static const struct page {
  const char *name;
  void (*write)(struct tgv_text *out);
} pages[] = {
    {"parameters.md", tgv_docs_parameters},
    {"columns.md", tgv_docs_columns},
    {"stages.md", tgv_docs_stages},
    {"tgv.1", tgv_docs_manual},
    {"tgv.bash-completion", tgv_docs_completion},
};

static tgv_status run_docs(const struct tgv_arguments *a)
{
  const char *source = tgv_option_value(a, "source"), *directory = a->plain[0];
  cJSON      *json;

  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
    struct tgv_text text = {0};
    tgv_status_code s;

    pages[i].write(&text);
    s = tgv_docs_write(directory, pages[i].name, &text);
    tgv_text_release(&text);
    if (s) return s;
  }
  if (source) TGV_TRY(tgv_docs_pages(source, directory));
  if (a->json) {
    json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "directory", directory);
    tgv_json_print(json);
  } else if (!a->quiet) {
    printf("pages are in %s\n", directory);
  }
  return TGV_OK;
}

const struct tgv_command tgv_command_docs = {
    .name = "docs",
    .title = "write the reference pages from the tables of the program",
    .usage = "DIR",
    .description = "Writes parameters.md, columns.md, stages.md, the manual page and the completion for "
                   "bash; with --source also "
                   "the pages that stand at the top of the source files.",
    .examples = "tgv docs docs --source .",
    .options =
        (const struct tgv_option[]){
            {"source", "DIR", "the tree of the sources, for the physics and format pages"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = 1,
    .run = run_docs,
};
