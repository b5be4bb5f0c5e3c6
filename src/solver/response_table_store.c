#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/response_table_inside.h"

static const char magic[16] = "OpenTGV table 1";

struct tgv_hash tgv_table_hash(const struct tgv_table_plan *p)
{
  struct tgv_hash h = {{0}};

  tgv_hash_add_text(&h, magic);
  tgv_hash_add_text(&h, p->name);
  tgv_hash_add_text(&h, p->version);
  tgv_hash_add(&h, p->depends, p->depends_size);
  for (size_t a = 0; a < p->axes; a++) {
    tgv_hash_add_text(&h, p->axis[a].name);
    tgv_hash_add_real(&h, p->axis[a].low);
    tgv_hash_add_real(&h, p->axis[a].high);
    tgv_hash_add_real(&h, (double)p->axis[a].nodes);
    tgv_hash_add_real(&h, p->axis[a].logarithmic ? 1 : 0);
  }
  tgv_hash_add_text(&h, "outputs");
  for (size_t o = 0; o < p->outputs; o++) tgv_hash_add_text(&h, p->output[o]);
  tgv_hash_add_real(&h, (double)p->checks);
  return h;
}

char *tgv_table_directory(void)
{
  const char     *tables = getenv("TGV_TABLES"), *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  struct tgv_text path = {0};

  if (tables && !*tables) return NULL;
  if (tables)
    tgv_text_add(&path, "%s", tables);
  else if (cache && *cache == '/') /* others are to be ignored, says the XDG base directory specification */
    tgv_text_add(&path, "%s/opentgv/tables", cache);
  else if (home && *home)
    tgv_text_add(&path, "%s/.cache/opentgv/tables", home);
  return path.data;
}

char *tgv_table_shipped(void)
{
  char data[4096];

  if (tgv_data_directory(data, sizeof data)) {
    tgv_error_clear();
    return NULL;
  }
  return tgv_path_join(data, "tables");
}

/* directory/NAME-HASH.table */
static char *file_of(const char *in, const struct tgv_table_plan *p, const struct tgv_hash *hash)
{
  struct tgv_text name = {0};
  char            digits[33], *path;

  tgv_text_add(&name, "%s-%s.table", p->name, tgv_hash_print(hash, digits));
  for (char *c = name.data; *c; c++)
    if (*c == '/' || *c == ' ') *c = '_';
  path = tgv_path_join(in, name.data);
  tgv_text_release(&name);
  return path;
}

/* magic, hash, hash of the numbers, numbers */
struct head {
  char     magic[sizeof magic];
  uint64_t hash[2], contents[2];
};

static size_t numbers(const struct tgv_table_plan *p)
{
  return (tgv_table_node_count(p) + p->checks) * p->outputs;
}

static struct head make_head(const struct tgv_table_plan *p, const struct tgv_hash *hash, const void *y)
{
  struct tgv_hash contents = {{0}};
  struct head     h = {.hash = {hash->word[0], hash->word[1]}};

  tgv_hash_add(&contents, y, numbers(p) * sizeof(double));
  memcpy(h.magic, magic, sizeof magic);
  memcpy(h.contents, contents.word, sizeof h.contents);
  return h;
}

static bool load_from(const char *in, const struct tgv_table_plan *p, const struct tgv_hash *hash, double *y)
{
  size_t bytes = numbers(p) * sizeof *y, size;
  char  *path = in ? file_of(in, p, hash) : NULL, *data = NULL;
  bool   good = false;

  if (path && tgv_file_exists(path)) {
    if (tgv_file_read(path, bytes + sizeof(struct head), &data, &size))
      tgv_error_clear(); /* it is made anew */
    else if (size == bytes + sizeof(struct head)) {
      struct head h = make_head(p, hash, data + sizeof h);

      good = memcmp(&h, data, sizeof h) == 0;
      if (good) memcpy(y, data + sizeof h, bytes);
    }
  }
  free(data), free(path);
  return good;
}

bool tgv_table_load(const struct tgv_table_plan *p, const struct tgv_hash *hash, double *y)
{
  char *own = tgv_table_directory(), *shipped = tgv_table_shipped();
  bool  good = load_from(own, p, hash, y) || load_from(shipped, p, hash, y);

  free(own), free(shipped);
  return good;
}

void tgv_table_keep(const struct tgv_table_plan *p, const struct tgv_hash *hash, const double *y)
{
  size_t      bytes = numbers(p) * sizeof *y;
  struct head h = make_head(p, hash, y);
  char       *in = tgv_table_directory(), *path, *data;

  if (!in) return;
  path = file_of(in, p, hash);
  data = tgv_allocate(sizeof h + bytes, 1);
  memcpy(data, &h, sizeof h);
  memcpy(data + sizeof h, y, bytes);
  if (tgv_directory_make(in) || tgv_file_write(path, data, sizeof h + bytes))
    tgv_error_clear(); /* the table is there all the same */
  free(data), free(path), free(in);
}
