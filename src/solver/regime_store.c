/* Rows of a regime model in a file: a head, then columns of doubles (inputs, outputs, processor time, regime; the first bytes of all
   numbers, then the second ones...), compressed. Nothing is rounded. Other byte orders are not read: such a file is as good as none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/text.h"
#include "solver/regime_inside.h"
#include "solver/response_table.h"

static const char   magic[16] = "OpenTGV rows 2";
static const size_t file_limit = (size_t)1 << 28, rows_limit = 1000000;

struct head {
  char     magic[sizeof magic];
  char     version[REGIME_VERSION];
  uint64_t hash[2], contents[2]; /* of the numbers */
  uint64_t rows, columns;
};

struct tgv_hash tgv_regime_rows_hash(const struct tgv_regime_plan *p)
{
  struct tgv_hash h = {{0}};

  tgv_hash_add_text(&h, magic);
  tgv_hash_add(&h, p->depends, p->depends_size);
  for (size_t a = 0; a < p->axes; a++) tgv_hash_add_text(&h, p->axis[a].name);
  tgv_hash_add_text(&h, "outputs");
  for (size_t o = 0; o < p->outputs; o++) tgv_hash_add_text(&h, p->output[o]);
  return h;
}

char *tgv_regime_store_path(const char *directory, const char *plan, const struct tgv_hash *hash)
{
  char            digits[33], *path;
  struct tgv_text name = {0};

  tgv_text_add(&name, "%s-%s.rows", plan, tgv_hash_print(hash, digits));
  for (char *c = name.data; *c; c++)
    if (*c == '/' || *c == ' ') *c = '_';
  path = tgv_path_join(directory, name.data);
  tgv_text_release(&name);
  return path;
}

/* ---- columns */

static size_t columns_of(const struct tgv_regime_plan *p)
{
  return p->axes + p->outputs + 2;
}

static double get(const struct tgv_regime_plan *p, const struct regime_row *r, size_t column)
{
  if (column < p->axes) return r->x[column];
  if (column < p->axes + p->outputs) return r->y[column - p->axes];
  if (column == p->axes + p->outputs) return r->seconds;
  return r->regime < 0 ? REGIME_NO_ANSWER : (double)tgv_regime_shown(p, (size_t)r->regime);
}

static void put(const struct tgv_regime_plan *p, struct regime_row *r, size_t column, double v)
{
  if (column < p->axes)
    r->x[column] = v;
  else if (column < p->axes + p->outputs)
    r->y[column - p->axes] = v;
  else if (column == p->axes + p->outputs)
    r->seconds = v;
  else
    r->regime = (int64_t)v;
}

/* byte k of all numbers stands before byte k + 1 of any: that packs well */
static void spread_bytes(const double *v, size_t n, unsigned char *to)
{
  for (size_t i = 0; i < n; i++) {
    unsigned char b[sizeof *v];

    memcpy(b, &v[i], sizeof b);
    for (size_t k = 0; k < sizeof b; k++) to[k * n + i] = b[k];
  }
}

static void join_bytes(const unsigned char *from, size_t n, double *v)
{
  for (size_t i = 0; i < n; i++) {
    unsigned char b[sizeof *v];

    for (size_t k = 0; k < sizeof b; k++) b[k] = from[k * n + i];
    memcpy(&v[i], b, sizeof b);
  }
}

static struct head head_of(const struct tgv_hash *hash, const char *version, const double *v, size_t rows,
                           size_t columns)
{
  struct tgv_hash contents = {{0}};
  struct head     h = {.hash = {hash->word[0], hash->word[1]}, .rows = rows, .columns = columns};

  tgv_hash_add(&contents, v, rows * columns * sizeof *v);
  memcpy(h.magic, magic, sizeof magic);
  snprintf(h.version, sizeof h.version, "%s", version);
  memcpy(h.contents, contents.word, sizeof h.contents);
  return h;
}

/* ---- files */

/* NULL if the bytes are not those of so many numbers */
static double *unpack(const char *data, size_t size, size_t count)
{
  uLongf         bytes = count * sizeof(double);
  unsigned char *apart = tgv_allocate(count, sizeof(double));
  double        *v = tgv_allocate(count, sizeof *v);

  if (uncompress(apart, &bytes, (const Bytef *)data, size) == Z_OK && bytes == count * sizeof *v) {
    join_bytes(apart, count, v);
  } else {
    free(v);
    v = NULL;
  }
  free(apart);
  return v;
}

/* false if there is no such regime */
static bool part(const struct tgv_regime_plan *p, struct regime_row *r)
{
  struct tgv_regime_answer a = {0};

  if (r->regime < REGIME_NO_ANSWER || r->regime >= (int64_t)p->regimes) return false;
  if (r->regime == REGIME_NO_ANSWER) return true;
  a.regime = (size_t)r->regime;
  memcpy(a.y, r->y, sizeof a.y);
  r->regime = (int64_t)tgv_regime_kind(p, &a);
  return true;
}

static bool take(const struct tgv_regime_plan *p, const struct tgv_hash *hash, const char *data, size_t size,
                 struct regime_batch *out)
{
  struct head h, want;
  double     *v;
  bool        good;

  if (size <= sizeof h) return false;
  memcpy(&h, data, sizeof h);
  h.version[sizeof h.version - 1] = '\0';
  if (memcmp(h.magic, magic, sizeof magic) != 0 || h.columns != columns_of(p)) return false;
  if (h.rows < 1 || h.rows > rows_limit) return false;
  v = unpack(data + sizeof h, size - sizeof h, h.rows * h.columns);
  if (!v) return false;
  want = head_of(hash, h.version, v, h.rows, h.columns);
  good = memcmp(&h, &want, sizeof h) == 0;
  out->n = h.rows;
  out->row = tgv_allocate(h.rows, sizeof *out->row);
  memcpy(out->version, h.version, sizeof out->version);
  for (size_t i = 0; i < h.rows; i++) {
    for (size_t c = 0; c < h.columns; c++) put(p, &out->row[i], c, v[c * h.rows + i]);
    good = good && part(p, &out->row[i]);
  }
  free(v);
  if (!good) tgv_regime_batch_release(out);
  return good;
}

bool tgv_regime_batch_read(const char *path, const struct tgv_regime_plan *p, const struct tgv_hash *hash,
                           struct regime_batch *out)
{
  char  *data = NULL;
  size_t size = 0;
  bool   good = false;

  memset(out, 0, sizeof *out);
  if (!tgv_file_exists(path)) return false;
  if (tgv_file_read(path, file_limit, &data, &size))
    tgv_error_clear();
  else
    good = take(p, hash, data, size, out);
  free(data);
  return good;
}

void tgv_regime_batch_release(struct regime_batch *b)
{
  free(b->row);
  memset(b, 0, sizeof *b);
}

tgv_status tgv_regime_batch_write(const char *path, const struct tgv_regime_plan *p,
                                  const struct tgv_hash *hash, const struct regime_batch *b)
{
  const size_t    columns = columns_of(p), count = b->n * columns;
  double         *v = tgv_allocate(count + 1, sizeof *v);
  unsigned char  *apart = tgv_allocate(count + 1, sizeof *v);
  uLongf          packed = compressBound(count * sizeof *v);
  char           *data = tgv_allocate(sizeof(struct head) + packed, 1);
  struct head     h;
  tgv_status_code status;

  for (size_t i = 0; i < b->n; i++)
    for (size_t c = 0; c < columns; c++) v[c * b->n + i] = get(p, &b->row[i], c);
  h = head_of(hash, b->version, v, b->n, columns);
  memcpy(data, &h, sizeof h);
  spread_bytes(v, count, apart);
  TGV_BUG_IF(compress2((Bytef *)data + sizeof h, &packed, apart, count * sizeof *v, Z_BEST_COMPRESSION) !=
             Z_OK);
  status = tgv_file_write(path, data, sizeof h + packed);
  free(v), free(apart), free(data);
  return status;
}
