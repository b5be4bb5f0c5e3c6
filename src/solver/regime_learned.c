/* Fitted models on disk, so that another program need not fit again: NAME-HASH.model in the directory of tables, in the layout of this
   very program. Anything else is as good as none. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/text.h"
#include "solver/regime_inside.h"
#include "solver/response_table.h"

extern const char tgv_regime_source[]; /* hash of the source text of the fits */

static const char   magic[16] = "OpenTGV model 1";
static const size_t file_limit = (size_t)1 << 28, rows_limit = 1000000;

/* all that the training has found, one after the other in the model: from the basis to the report */
enum {
  FIRST = offsetof(struct tgv_regime_model, basis),
  LEARNED = offsetof(struct tgv_regime_model, report) + sizeof(struct tgv_regime_report) - FIRST
};

struct head {
  char     magic[sizeof magic];
  uint64_t hash[2], contents[2], rows;
};

static struct tgv_hash key_of(const struct tgv_regime_model *m)
{
  struct tgv_hash h = m->hash;

  tgv_hash_add_text(&h, tgv_regime_source);
  tgv_hash_add_text(&h, TGV_VERSION);
  tgv_hash_add_real(&h, (double)LEARNED);
  return h;
}

static char *path_of(const struct tgv_regime_model *m, const struct tgv_hash *key)
{
  char           *in = tgv_table_directory(), *path = NULL, digits[33];
  struct tgv_text name = {0};

  if (in) {
    tgv_text_add(&name, "%s-%s.model", m->plan.name, tgv_hash_print(key, digits));
    for (char *c = name.data; *c; c++)
      if (*c == '/' || *c == ' ') *c = '_';
    path = tgv_path_join(in, name.data);
    if (tgv_directory_make(in)) tgv_error_clear();
  }
  tgv_text_release(&name);
  free(in);
  return path;
}

static struct head head_of(const struct tgv_hash *key, const void *bytes, size_t size, size_t rows)
{
  struct tgv_hash contents = {{0}};
  struct head     h = {.hash = {key->word[0], key->word[1]}, .rows = rows};

  tgv_hash_add(&contents, bytes, size);
  memcpy(h.magic, magic, sizeof magic);
  memcpy(h.contents, contents.word, sizeof h.contents);
  return h;
}

static size_t size_of(size_t rows)
{
  return LEARNED + rows * sizeof(struct regime_row);
}

/* ---- reading */

static void put(struct tgv_regime_model *m, const char *bytes, size_t rows)
{
  memcpy((char *)m + FIRST, bytes, LEARNED);
  m->row_count = rows;
  m->row = tgv_allocate(rows + 1, sizeof *m->row);
  memcpy(m->row, bytes + LEARNED, rows * sizeof *m->row);
}

static bool take(struct tgv_regime_model *m, const struct tgv_hash *key, const char *data, size_t size)
{
  struct head h, want;
  uLongf      bytes;
  char       *unpacked;
  bool        good;

  if (size <= sizeof h) return false;
  memcpy(&h, data, sizeof h);
  if (h.rows > rows_limit) return false;
  bytes = size_of(h.rows);
  unpacked = tgv_allocate(bytes, 1);
  good = uncompress((Bytef *)unpacked, &bytes, (const Bytef *)data + sizeof h, size - sizeof h) == Z_OK &&
         bytes == size_of(h.rows);
  want = head_of(key, unpacked, bytes, h.rows);
  good = good && memcmp(&h, &want, sizeof h) == 0;
  if (good) put(m, unpacked, h.rows);
  free(unpacked);
  return good;
}

static bool read_own(struct tgv_regime_model *m)
{
  const struct tgv_hash key = key_of(m);
  char                 *path = path_of(m, &key), *data = NULL;
  size_t                size;
  bool                  good = false;

  if (path && tgv_file_exists(path)) {
    if (tgv_file_read(path, file_limit, &data, &size))
      tgv_error_clear();
    else
      good = take(m, &key, data, size);
  }
  free(path), free(data);
  return good;
}

/* what rank 0 has found to all ranks */
static tgv_status share(struct tgv_regime_model *m, bool *found)
{
  uint64_t count = *found ? m->row_count + 1 : 0;

  TGV_TRY(tgv_parallel_broadcast(&count, sizeof count));
  *found = count > 0;
  if (!*found) return TGV_OK;
  if (tgv_parallel_rank() > 0) m->row_count = count - 1, m->row = tgv_allocate(count, sizeof *m->row);
  TGV_TRY(tgv_parallel_broadcast((char *)m + FIRST, LEARNED));
  return tgv_parallel_broadcast(m->row, m->row_count * sizeof *m->row);
}

tgv_status tgv_regime_learned_find(struct tgv_regime_model *m, bool together, bool *found)
{
  *found = together && tgv_parallel_rank() > 0 ? false : read_own(m);
  if (together && tgv_parallel_ranks() > 1) TGV_TRY(share(m, found));
  if (!*found) return TGV_OK;
  m->report.solved = m->report.checked = m->report.rejected = 0;
  m->report.recalled = m->row_count;
  return TGV_OK;
}

/* ---- writing */

void tgv_regime_learned_keep(const struct tgv_regime_model *m)
{
  const struct tgv_hash key = key_of(m);
  const size_t          size = size_of(m->row_count);
  uLongf                packed = compressBound(size);
  char                 *path = path_of(m, &key), *data, *bytes;
  struct head           h;

  if (!path) return;
  bytes = tgv_allocate(size, 1), data = tgv_allocate(sizeof h + packed, 1);
  memcpy(bytes, (const char *)m + FIRST, LEARNED);
  memcpy(bytes + LEARNED, m->row, m->row_count * sizeof *m->row);
  h = head_of(&key, bytes, size, m->row_count);
  memcpy(data, &h, sizeof h);
  TGV_BUG_IF(compress2((Bytef *)data + sizeof h, &packed, (const Bytef *)bytes, size, Z_BEST_SPEED) != Z_OK);
  if (tgv_file_write(path, data, sizeof h + packed)) tgv_error_clear(); /* the model is there all the same */
  free(path), free(bytes), free(data);
}
