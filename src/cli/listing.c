#include "cli/listing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/text.h"

static bool styled(void)
{
  const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

  return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

const char *tgv_strong(void)
{
  return styled() ? "\033[1m" : "";
}

const char *tgv_plain(void)
{
  return styled() ? "\033[0m" : "";
}

static size_t terminal_width(void)
{
  struct winsize size;

  if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col < 40)
    return (size_t)-1 / 2;
  return size.ws_col;
}

size_t tgv_width(const char *text)
{
  size_t n = 0;

  for (; *text; text++)
    n += ((unsigned char)*text & 0xC0) != 0x80; /* bytes that continue a character do not count */
  return n;
}

void tgv_wrap_print(const char *text, size_t indent, size_t used)
{
  size_t width = terminal_width(), at = used;

  if (indent + 20 > width) indent = 4;
  while (*text) {
    size_t blanks = strspn(text, " "), length = strcspn(text + blanks, " ");

    if (at > indent && at + blanks + length > width) {
      printf("\n%*s", (int)indent, "");
      at = indent;
      text += blanks;
      blanks = 0;
    }
    printf("%.*s", (int)(blanks + length), text);
    at += blanks + length;
    text += blanks + length;
  }
  putchar('\n');
}

void tgv_listing_begin(struct tgv_listing *l, const char *const *names)
{
  *l = (struct tgv_listing){.names = names};
  while (names[l->columns]) l->columns++;
}

void tgv_listing_add(struct tgv_listing *l, ...)
{
  va_list arguments;

  if (l->rows == l->room) {
    l->room = l->room ? 2 * l->room : 32;
    l->cell = tgv_reallocate(l->cell, l->room * l->columns, sizeof *l->cell);
  }
  va_start(arguments, l);
  for (size_t c = 0; c < l->columns; c++) {
    const char *text = va_arg(arguments, const char *);

    l->cell[l->rows * l->columns + c] = tgv_text_copy(text ? text : "");
  }
  va_end(arguments);
  l->rows++;
}

/* Longer texts stand out of their column, so that one of them does not push all others away. */
enum { CELL_WIDTH = 44 };

void tgv_listing_print(const struct tgv_listing *l, const char *heading)
{
  size_t *width = tgv_allocate(l->columns, sizeof *width);

  for (size_t i = 0; i < l->rows * l->columns; i++) {
    size_t w = tgv_width(l->cell[i]);

    if (w > width[i % l->columns] && w <= CELL_WIDTH) width[i % l->columns] = w;
  }
  if (heading) printf("%s%s%s\n", tgv_strong(), heading, tgv_plain());
  for (size_t r = 0; r < l->rows; r++) {
    size_t at = 2, last = l->columns - 1;

    printf("  ");
    while (last > 0 && l->cell[r * l->columns + last][0] == '\0') last--; /* no blanks at the end of a line */
    for (size_t c = 0; c < last; c++) {
      const char  *text = l->cell[r * l->columns + c];
      const size_t w = tgv_width(text), cell = w > width[c] ? w : width[c];

      if (cell == 0) continue;
      printf("%s%*s", text, (int)(cell + 2 - w), "");
      at += cell + 2;
    }
    tgv_wrap_print(l->cell[r * l->columns + last], at, at);
  }
  free(width);
}

cJSON *tgv_listing_json(const struct tgv_listing *l)
{
  cJSON *array = cJSON_CreateArray();

  for (size_t r = 0; r < l->rows; r++) {
    cJSON *row = cJSON_CreateObject();

    for (size_t c = 0; c < l->columns; c++)
      cJSON_AddStringToObject(row, l->names[c], l->cell[r * l->columns + c]);
    cJSON_AddItemToArray(array, row);
  }
  return array;
}

void tgv_listing_release(struct tgv_listing *l)
{
  for (size_t i = 0; i < l->rows * l->columns; i++) free(l->cell[i]);
  free(l->cell);
  *l = (struct tgv_listing){0};
}
