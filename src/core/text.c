#include "core/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

enum {
  DISTANCE_LENGTH = 1000, /* longer texts are no misspelt names */
  INFLATE_CHUNK = 65536,
};

static _Noreturn void out_of_memory(size_t count, size_t size)
{
  fprintf(stderr, "tgv: out of memory: %zu times %zu bytes were asked for\n", count, size);
  exit(TGV_MEMORY);
}

/* No object may be larger than PTRDIFF_MAX; one byte at least, so that NULL always means failure. */
static size_t bytes_of(size_t count, size_t size)
{
  size_t bytes;

  if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX) out_of_memory(count, size);
  return bytes ? bytes : 1;
}

void *tgv_allocate(size_t count, size_t size)
{
  void *p = calloc(1, bytes_of(count, size));

  if (!p) out_of_memory(count, size);
  return p;
}

void *tgv_reallocate(void *old, size_t count, size_t size)
{
  void *p = realloc(old, bytes_of(count, size));

  if (!p) out_of_memory(count, size);
  return p;
}

char *tgv_text_copy(const char *s)
{
  size_t n = strlen(s) + 1;

  return memcpy(tgv_allocate(n, 1), s, n);
}

/* Makes room for n more bytes and the '\0'. */
static void reserve(struct tgv_text *t, size_t n)
{
  size_t needed;

  if (__builtin_add_overflow(t->size, n, &needed) || needed > PTRDIFF_MAX - 1) out_of_memory(1, n);
  if (needed < t->room) return;
  t->room = needed + needed / 2 + 32;
  t->data = tgv_reallocate(t->data, t->room, 1);
}

void tgv_text_append(struct tgv_text *t, const char *bytes, size_t n)
{
  reserve(t, n);
  if (n > 0) memcpy(t->data + t->size, bytes, n);
  t->size += n;
  t->data[t->size] = '\0';
}

void tgv_text_add(struct tgv_text *t, const char *format, ...)
{
  va_list arguments;
  int     n;

  TGV_BUG_IF(!format);
  va_start(arguments, format);
  n = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  TGV_BUG_IF(n < 0);
  reserve(t, (size_t)n);
  va_start(arguments, format);
  (void)vsnprintf(t->data + t->size, (size_t)n + 1, format, arguments);
  va_end(arguments);
  t->size += (size_t)n;
}

void tgv_text_release(struct tgv_text *t)
{
  free(t->data);
  *t = (struct tgv_text){0};
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* The optimal string alignment distance by dynamic programming; only the last three rows are kept. */
size_t tgv_text_distance(const char *a, const char *b)
{
  size_t  n = strlen(a), m = strlen(b), result;
  size_t *rows, *before, *last, *row;

  if (n > DISTANCE_LENGTH || m > DISTANCE_LENGTH) return n > m ? n : m;
  rows = tgv_allocate(3 * (m + 1), sizeof *rows);
  before = rows, last = rows + (m + 1), row = rows + 2 * (m + 1);
  for (size_t j = 0; j <= m; j++) row[j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t *oldest = before;

    before = last, last = row, row = oldest;
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);

      row[j] = least(replaced, least(last[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = least(row[j], before[j - 2] + 1);
    }
  }
  result = row[m];
  free(rows);
  return result;
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* base64 with padding (RFC 4648, section 4) */
static char *encode(const unsigned char *bytes, size_t n)
{
  char *text = tgv_allocate((n + 2) / 3 * 4 + 1, 1), *out = text;

  for (size_t i = 0; i < n; i += 3) {
    size_t   left = n - i;
    uint32_t word = (uint32_t)bytes[i] << 16;

    if (left > 1) word |= (uint32_t)bytes[i + 1] << 8;
    if (left > 2) word |= bytes[i + 2];
    *out++ = digits[word >> 18];
    *out++ = digits[word >> 12 & 63];
    *out++ = left > 1 ? digits[word >> 6 & 63] : '=';
    *out++ = left > 2 ? digits[word & 63] : '=';
  }
  *out = '\0';
  return text;
}

static int digit_value(char c)
{
  const char *found = c ? strchr(digits, c) : NULL;

  return found ? (int)(found - digits) : -1;
}

/* The bytes of a base64 text, or NULL if it is none. */
static unsigned char *decode(const char *text, size_t *n)
{
  size_t         length = strlen(text), padding = 0;
  unsigned char *bytes, *out;

  if (length == 0 || length % 4) return NULL;
  while (padding < 2 && text[length - 1 - padding] == '=') padding++;
  out = bytes = tgv_allocate(length / 4, 3);
  for (size_t i = 0; i < length; i += 4) {
    uint32_t word = 0;

    for (size_t k = i; k < i + 4; k++) {
      int value = k >= length - padding ? 0 : digit_value(text[k]);

      if (value < 0) {
        free(bytes);
        return NULL;
      }
      word = word << 6 | (uint32_t)value;
    }
    *out++ = (unsigned char)(word >> 16);
    *out++ = (unsigned char)(word >> 8);
    *out++ = (unsigned char)word;
  }
  *n = length / 4 * 3 - padding;
  return bytes;
}

char *tgv_text_pack(const void *bytes, size_t n)
{
  uLongf         room = compressBound(n);
  unsigned char *deflated = tgv_allocate(room, 1);
  char          *text;

  TGV_BUG_IF(n > UINT32_MAX);
  TGV_BUG_IF(compress2(deflated, &room, n ? bytes : "", n, Z_DEFAULT_COMPRESSION) != Z_OK);
  text = encode(deflated, room);
  free(deflated);
  return text;
}

/* Inflates a whole zlib stream of n < 2^32 bytes with nothing behind it. */
static bool inflate_all(unsigned char *bytes, size_t n, struct tgv_text *out)
{
  z_stream stream = {.next_in = bytes, .avail_in = (uInt)n};
  int      state = inflateInit(&stream);

  TGV_BUG_IF(state != Z_OK);
  while (state == Z_OK && out->size <= UINT32_MAX) {
    reserve(out, INFLATE_CHUNK);
    stream.next_out = (unsigned char *)out->data + out->size;
    stream.avail_out = INFLATE_CHUNK;
    state = inflate(&stream, Z_NO_FLUSH);
    out->size += INFLATE_CHUNK - stream.avail_out;
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END && stream.avail_in == 0;
}

tgv_status tgv_text_unpack(const char *packed, void **bytes, size_t *n)
{
  struct tgv_text out = {0};
  size_t          size = 0;
  unsigned char  *deflated = decode(packed, &size);
  bool            whole = deflated && size <= UINT32_MAX && inflate_all(deflated, size, &out);

  *bytes = NULL, *n = 0;
  free(deflated);
  if (!whole) {
    tgv_text_release(&out);
    return tgv_fail(TGV_FILE,
                    "packed data are damaged (%zu characters that are no whole zlib stream in base64)",
                    strlen(packed));
  }
  *bytes = out.data, *n = out.size;
  return TGV_OK;
}
