#include "core/csv.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/text.h"

enum {
  LINE_MAX_BYTES = 1 << 20,
  CHUNK = 1 << 20,
  FIELDS_MAX = 1024,
  NOT_WANTED = -1,
};

struct reader {
  const char *name;
  FILE       *file; /* NULL: all the text is in `text` */
  char       *own;  /* the buffer of a file */
  size_t      room;
  const char *text; /* what is not yet used is text[at .. size - 1], and text[size] is '\0' */
  size_t      at, size;
  uint64_t    line_number;

  const char *line; /* the current line and its end */
  const char *end;

  struct tgv_csv_column *column;
  size_t                 count;
  double                 factor[FIELDS_MAX]; /* [field] SI of one unit */
  int                    want[FIELDS_MAX];   /* [field] index of the column or NOT_WANTED */
  size_t                 fields;
  uint64_t               rows, row_room, row_max;
};

static tgv_status_code fail_at(const struct reader *r, const char *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static tgv_status_code fail_at(const struct reader *r, const char *place, const char *format, ...)
{
  char    message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return tgv_fail(TGV_INPUT, "%s:%llu:%zu: %s", r->name, (unsigned long long)r->line_number,
                  (size_t)(place - r->line) + 1, message);
}

/* ---- lines */

/* Moves what is left to the start of the buffer and reads more; false at the end of the file. */
static bool refill(struct reader *r)
{
  size_t left = r->size - r->at;
  memmove(r->own, r->own + r->at, left);
  if (r->room < left + CHUNK + 1) {
    r->room = left + CHUNK + 1;
    r->own = tgv_reallocate(r->own, r->room, 1);
  }
  size_t got = fread(r->own + left, 1, CHUNK, r->file);
  r->size = left + got;
  r->own[r->size] = '\0';
  r->text = r->own;
  r->at = 0;
  return got > 0;
}

/* The next line that is not blank; *found is false at the end. */
static tgv_status next_line(struct reader *r, bool *found)
{
  for (;;) {
    const char *end = memchr(r->text + r->at, '\n', r->size - r->at);
    if (!end && r->file && r->size - r->at <= LINE_MAX_BYTES && refill(r)) continue;
    *found = r->at < r->size;
    if (!*found) {
      if (r->file && ferror(r->file))
        return tgv_fail(TGV_FILE, "cannot read %s: %s", r->name, strerror(errno));
      return TGV_OK;
    }
    r->line_number++;
    r->line = r->text + r->at;
    r->end = end ? end : r->text + r->size;
    r->at = (size_t)(r->end - r->text) + (end ? 1 : 0);
    if (r->end - r->line > LINE_MAX_BYTES)
      return fail_at(r, r->line, "the line is longer than %d bytes", LINE_MAX_BYTES);
    if (r->end > r->line && r->end[-1] == '\r') r->end--;
    if (r->line_number == 1 && r->end - r->line >= 3 && memcmp(r->line, "\xef\xbb\xbf", 3) == 0) r->line += 3;
    const char *p = r->line;
    while (p < r->end && (*p == ' ' || *p == '\t')) p++;
    if (p < r->end) return TGV_OK;
  }
}

/* The field that starts at *p: its text without blanks and quotes; *p moves past the comma, or past the end
 * of the line. */
static tgv_status next_field(const struct reader *r, const char **p, const char **first, const char **last)
{
  const char *a = *p, *b;
  while (a < r->end && (*a == ' ' || *a == '\t')) a++;
  if (a < r->end && *a == '"') {
    b = ++a;
    while (b < r->end && (*b != '"' || (b + 1 < r->end && b[1] == '"'))) b += *b == '"' ? 2 : 1;
    if (b >= r->end) return fail_at(r, a - 1, "the quote is not closed on its line");
    const char *rest = b + 1;
    while (rest < r->end && (*rest == ' ' || *rest == '\t')) rest++;
    if (rest < r->end && *rest != ',') return fail_at(r, rest, "text after a closing quote");
    *p = rest + 1;
  } else {
    const char *comma = memchr(a, ',', (size_t)(r->end - a));
    b = comma ? comma : r->end;
    *p = b + 1;
    while (b > a && (b[-1] == ' ' || b[-1] == '\t')) b--;
  }
  *first = a;
  *last = b;
  return TGV_OK;
}

/* ---- header */

static bool same_name(const char *name, const char *first, const char *last)
{
  return strlen(name) == (size_t)(last - first) && memcmp(name, first, (size_t)(last - first)) == 0;
}

/* Splits "x [mm]" into the name and the unit; unit "" if there is none. */
static tgv_status split_label(const struct reader *r, const char *first, const char **last, char unit[64])
{
  unit[0] = '\0';
  if (*last == first || (*last)[-1] != ']') return TGV_OK;
  const char *open = memrchr(first, '[', (size_t)(*last - first));
  if (!open) return fail_at(r, *last - 1, "\"]\" without \"[\"");
  size_t n = (size_t)(*last - 1 - (open + 1));
  if (n >= 64) return fail_at(r, open, "the unit is longer than 63 bytes");
  memcpy(unit, open + 1, n);
  unit[n] = '\0';
  *last = open;
  while (*last > first && ((*last)[-1] == ' ' || (*last)[-1] == '\t')) --*last;
  return TGV_OK;
}

static tgv_status read_label(struct reader *r, size_t field, const char *first, const char *last)
{
  char unit[64];
  r->want[field] = NOT_WANTED;
  TGV_TRY(split_label(r, first, &last, unit));
  for (size_t c = 0; c < r->count; c++) {
    enum tgv_dimension d = r->column[c].dimension;
    if (!same_name(r->column[c].name, first, last)) continue;
    for (size_t f = 0; f < field; f++)
      if (r->want[f] == (int)c) return fail_at(r, first, "a second column \"%s\"", r->column[c].name);
    if (!unit[0] && d != TGV_NUMBER)
      return fail_at(r, first, "column \"%s\" has no unit; write it as \"%s [%s]\"", r->column[c].name,
                     r->column[c].name, tgv_dimension_display_unit(d));
    if (unit[0] && !tgv_units_fit(unit, d))
      return fail_at(r, last, "\"%s\" is no unit of column \"%s\"; one is \"%s\"", unit, r->column[c].name,
                     tgv_dimension_display_unit(d));
    r->want[field] = (int)c;
    r->factor[field] = unit[0] ? tgv_units_from(1, d, unit) : 1;
  }
  return TGV_OK;
}

static tgv_status read_header(struct reader *r)
{
  bool found;
  TGV_TRY(next_line(r, &found));
  if (!found)
    return tgv_fail(TGV_INPUT, "%s: the file is empty; a header such as \"x [mm],y [mm]\" is needed",
                    r->name);
  for (const char *p = r->line; p <= r->end; r->fields++) {
    const char *first = p, *last = p;
    if (r->fields == FIELDS_MAX) return fail_at(r, p, "more than %d columns", FIELDS_MAX);
    TGV_TRY(next_field(r, &p, &first, &last));
    TGV_TRY(read_label(r, r->fields, first, last));
  }
  for (size_t c = 0; c < r->count; c++) {
    bool have = !r->column[c].required;
    for (size_t f = 0; f < r->fields && !have; f++) have = r->want[f] == (int)c;
    if (!have)
      return fail_at(r, r->line, "there is no column \"%s\" (columns are separated by commas)",
                     r->column[c].name);
  }
  return TGV_OK;
}

/* ---- numbers */

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Decimal digits at *p, at most 19 of them significant, into *m; *scale counts those after the point or
 * beyond the 19th. */
static int read_digits(const char **p, const char *last, uint64_t *m, int *used, int *scale, bool fraction)
{
  int digits = 0;
  for (; *p < last && is_digit(**p); ++*p, digits++) {
    if (*used < 19) {
      *m = *m * 10 + (uint64_t)(**p - '0');
      *used += *m > 0;
      *scale -= fraction;
    } else {
      *used = 20; /* not exact */
      *scale += !fraction;
    }
  }
  return digits;
}

/* Where the number that starts at p ends, NULL if there is none; its value if that is exact in a fast way,
   else NAN. Two exact doubles multiplied or divided give the correctly rounded result (W. D. Clinger, PLDI
   1990). */
static const char *scan_number(const char *p, const char *last, double *value)
{
  static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                               1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  bool                negative = p < last && *p == '-';
  uint64_t            m = 0;
  int                 used = 0, scale = 0, power = 0;
  if (p < last && (*p == '-' || *p == '+')) p++;
  int digits = read_digits(&p, last, &m, &used, &scale, false);
  if (p < last && *p == '.') {
    p++;
    digits += read_digits(&p, last, &m, &used, &scale, true);
  }
  if (!digits) return NULL;
  if (p < last && (*p == 'e' || *p == 'E')) {
    bool minus = ++p < last && *p == '-';
    if (p < last && (*p == '-' || *p == '+')) p++;
    if (p == last || !is_digit(*p)) return NULL;
    for (; p < last && is_digit(*p); p++)
      if (power < 100000) power = power * 10 + (*p - '0');
    scale += minus ? -power : power;
  }
  *value = NAN;
  if (used <= 19 && m < UINT64_C(1) << 53 && scale >= -22 && scale <= 22) {
    double x = scale < 0 ? (double)m / ten[-scale] : (double)m * ten[scale];
    *value = negative ? -x : x;
  }
  return p;
}

static tgv_status read_number(const struct reader *r, const char *first, const char *last, double *value)
{
  int         shown = last - first > 40 ? 40 : (int)(last - first);
  const char *end = scan_number(first, last, value);
  if (end == last && isnan(*value)) *value = strtod(first, NULL); /* ends where scan_number did */
  if (end == last && isfinite(*value)) return TGV_OK;
  if (first == last) return fail_at(r, first, "a number is missing");
  if (end == last) return fail_at(r, first, "\"%.*s\" is too large", shown, first);
  return fail_at(r, first, "\"%.*s\" is no number", shown, first);
}

/* ---- rows */

static void make_room(struct reader *r)
{
  if (r->rows < r->row_room) return;
  r->row_room = r->row_room ? r->row_room + r->row_room / 2 : 1024;
  for (size_t f = 0; f < r->fields; f++) {
    if (r->want[f] == NOT_WANTED) continue;
    struct tgv_csv_column *c = &r->column[r->want[f]];
    c->value = tgv_reallocate(c->value, r->row_room, sizeof *c->value);
  }
}

static tgv_status read_row(struct reader *r)
{
  size_t      field = 0;
  const char *p = r->line;
  if (r->rows == r->row_max) return fail_at(r, p, "more than %llu rows", (unsigned long long)r->row_max);
  make_room(r);
  for (; p <= r->end; field++) {
    const char *first, *last;
    double      value = 0;
    if (field == r->fields) return fail_at(r, p, "more fields than the %zu of the header", r->fields);
    TGV_TRY(next_field(r, &p, &first, &last));
    if (r->want[field] == NOT_WANTED) continue;
    TGV_TRY(read_number(r, first, last, &value));
    r->column[r->want[field]].value[r->rows] = value * r->factor[field];
  }
  if (field < r->fields) return fail_at(r, r->end, "%zu fields where the header has %zu", field, r->fields);
  r->rows++;
  return TGV_OK;
}

static tgv_status read_all(struct reader *r, uint64_t *rows)
{
  bool found = true;
  *rows = 0;
  TGV_TRY(read_header(r));
  make_room(r); /* a file without rows has its columns, too */
  while (found) {
    TGV_TRY(next_line(r, &found));
    if (found) TGV_TRY(read_row(r));
  }
  *rows = r->rows;
  return TGV_OK;
}

tgv_status tgv_csv_parse(const struct tgv_csv_source *source, uint64_t row_max, struct tgv_csv_column *column,
                         size_t count, uint64_t *rows)
{
  struct reader r = {.name = source->name,
                     .text = source->text,
                     .size = source->size,
                     .line = source->text,
                     .column = column,
                     .count = count,
                     .row_max = row_max};
  for (size_t c = 0; c < count; c++) column[c].value = NULL;
  return read_all(&r, rows);
}

tgv_status tgv_csv_read(const char *path, uint64_t row_max, struct tgv_csv_column *column, size_t count,
                        uint64_t *rows)
{
  struct reader r = {.name = path, .column = column, .count = count, .row_max = row_max};
  struct stat   info;
  *rows = 0;
  for (size_t c = 0; c < count; c++) column[c].value = NULL;
  r.file = fopen(path, "rb");
  if (!r.file) return tgv_fail(TGV_FILE, "cannot open %s: %s", path, strerror(errno));
  if (fstat(fileno(r.file), &info) == 0 && S_ISDIR(info.st_mode)) {
    fclose(r.file);
    return tgv_fail(TGV_FILE, "cannot read %s: it is a directory", path);
  }
  r.own = tgv_allocate(1, 1);
  r.text = r.line = r.own;
  tgv_status_code status = read_all(&r, rows);
  fclose(r.file);
  free(r.own);
  return status;
}

void tgv_csv_release(struct tgv_csv_column *column, size_t count)
{
  for (size_t c = 0; c < count; c++) {
    free(column[c].value);
    column[c].value = NULL;
  }
}
