#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/docs.h"
#include "core/file.h"
#include "registry.h"

/* Folders whose files may begin with a page, in the order of the index; those of io describe formats. */
static const char *const folders[] = {"process", "analysis", "factory", "solver",
                                      "model",   "core",     "io",      NULL};

enum { SOURCE_MAX = 4 << 20 };

/* Whether every line but the first begins with a star, as a frame. */
static bool framed(const char *text, const char *end)
{
  const char *line = memchr(text, '\n', (size_t)(end - text));

  for (; line && line + 1 < end; line = memchr(line + 1, '\n', (size_t)(end - line - 1))) {
    const char *c = line + 1;

    while (c < end && *c == ' ') c++;
    if (c < end && *c != '*' && *c != '\n') return false;
  }
  return true;
}

/* Copies the page without its frame. */
static void add_page(struct tgv_text *out, const char *text, const char *end)
{
  bool frame = framed(text, end);

  while (text < end && (*text == ' ' || *text == '\n')) text++;
  while (end > text && (end[-1] == ' ' || end[-1] == '\n')) end--;
  while (text < end) {
    const char *stop = memchr(text, '\n', (size_t)(end - text)), *to;

    if (!stop) stop = end;
    if (frame && out->size) {
      while (text < stop && *text == ' ') text++;
      if (text < stop && *text == '*') text++;
      if (text < stop && *text == ' ') text++;
    }
    for (to = stop; to > text && to[-1] == ' ';) to--;
    tgv_text_append(out, text, (size_t)(to - text));
    tgv_text_add(out, "\n");
    text = stop < end ? stop + 1 : end;
  }
}

/* The page at the top of a source file; nothing is added if there is none. */
static tgv_status read_page(const char *path, struct tgv_text *out)
{
  char       *text;
  const char *end;
  size_t      size;

  TGV_TRY(tgv_file_read(path, SOURCE_MAX, &text, &size));
  end = strstr(text, "*/");
  if (strncmp(text, "/**", 3) == 0 && end) add_page(out, text + 3, end);
  free(text);
  return TGV_OK;
}

/* The first heading, for the index. */
static void add_to_index(struct tgv_text *index, const char *name, const struct tgv_text *page)
{
  const char *title = page->data + strspn(page->data, "# ");

  tgv_text_add(index, "- [%.*s](%s)\n", (int)strcspn(title, "\n"), title, name);
}

/* Named after the file. Where a stage of another folder has the same name, it is the stage that has it alone. */
static void page_name(const char *folder, const char *stem, char *name, size_t size)
{
  bool taken = false;

  for (size_t i = 0; i < tgv_registry_count; i++)
    taken |= strcmp(tgv_registry[i].kind, "stage") == 0 && strcmp(tgv_registry[i].name, stem) == 0 &&
             strcmp(tgv_registry[i].folder, folder) != 0;
  if (strcmp(folder, "io") == 0)
    snprintf(name, size, "../formats/%s.md", stem);
  else if (taken)
    snprintf(name, size, "%s_%s.md", folder, stem);
  else
    snprintf(name, size, "%s.md", stem);
}

static tgv_status write_page(const char *directory, const char *folder, const char *stem,
                             struct tgv_text *index, const struct tgv_text *page)
{
  bool            format = strcmp(folder, "io") == 0;
  struct tgv_text whole = {0};
  char            name[512], link[300];
  tgv_status_code s;

  page_name(folder, stem, link, sizeof link);
  snprintf(name, sizeof name, "%s%s", format ? "" : "physics/", format ? link + 3 : link);
  tgv_text_add(&whole, TGV_DOCS_MARK "%s\nImplementation: `src/%s/%s.c`\n", page->data, folder, stem);
  s = tgv_docs_write(directory, name, &whole);
  add_to_index(index, link, page);
  tgv_text_release(&whole);
  return s;
}

static int is_source(const struct dirent *e)
{
  size_t n = strlen(e->d_name);

  return n > 2 && n < 200 && strcmp(e->d_name + n - 2, ".c") == 0;
}

static tgv_status write_file(const char *source, const char *directory, const char *folder, const char *file,
                             struct tgv_text *index)
{
  struct tgv_text page = {0};
  char            stem[256], relative[512], *path;
  tgv_status_code s;

  snprintf(stem, sizeof stem, "%.*s", (int)(strlen(file) - 2), file);
  snprintf(relative, sizeof relative, "src/%s/%s", folder, file);
  path = tgv_path_join(source, relative);
  s = read_page(path, &page);
  if (s == TGV_OK && page.size) s = write_page(directory, folder, stem, index, &page);
  tgv_text_release(&page);
  free(path);
  return s;
}

static tgv_status write_folder(const char *source, const char *directory, const char *folder,
                               struct tgv_text *index)
{
  struct dirent **entry = NULL;
  char            relative[64], *path;
  struct tgv_text list = {0};
  int             n;
  tgv_status_code s = TGV_OK;

  snprintf(relative, sizeof relative, "src/%s", folder);
  path = tgv_path_join(source, relative);
  n = scandir(path, &entry, is_source, alphasort); /* a folder may not exist yet */
  for (int i = 0; i < n; i++) {
    if (s == TGV_OK) s = write_file(source, directory, folder, entry[i]->d_name, &list);
    free(entry[i]);
  }
  if (list.size) tgv_text_add(index, "\n## %s\n\n%s", folder, list.data);
  tgv_text_release(&list);
  free(entry);
  free(path);
  return s;
}

tgv_status tgv_docs_pages(const char *source, const char *directory)
{
  struct tgv_text index = {0};
  char           *registry = tgv_path_join(source, "src/registry.def");
  bool            found = tgv_file_exists(registry);
  tgv_status_code s = TGV_OK;

  free(registry);
  if (!found)
    return tgv_fail(TGV_FILE, "\"%s\" is not the tree of the sources: there is no src/registry.def", source);
  tgv_text_add(&index, TGV_DOCS_MARK "# How it is computed\n\nEach page stands at the top of the file that "
                                     "computes it: model, range, what is neglected, "
                                     "source, and the tests that check it.\n");
  for (size_t i = 0; folders[i] && s == TGV_OK; i++) s = write_folder(source, directory, folders[i], &index);
  if (s == TGV_OK) s = tgv_docs_write(directory, "physics/README.md", &index);
  tgv_text_release(&index);
  return s;
}
