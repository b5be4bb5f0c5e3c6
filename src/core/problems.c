#include "core/problems.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum {
  KEPT = 1000,      /* problems beyond this are only counted */
  ENOUGH = 60,      /* nobody reads so many */
  TOLD = 20,        /* problems in a message */
  TEXT_SIZE = 640,  /* bytes of a problem's text, so that 20 fit into a message */
  NAME_LENGTH = 50, /* longer names are no misspellings */
};

struct tgv_problem {
  struct tgv_place at;
  size_t           file; /* number of the file */
  size_t           number;
  const char      *text;
};

static size_t number_of_file(struct tgv_problems *q, const char *file)
{
  size_t i = 0;

  while (i < q->file_count && strcmp(q->files[i], file) != 0) i++;
  if (i < q->file_count) return i;
  q->files = tgv_reallocate(q->files, q->file_count + 1, sizeof *q->files);
  q->files[q->file_count++] = tgv_arena_text(&q->arena, file);
  return i;
}

void tgv_problems_file(struct tgv_problems *q, const char *file)
{
  (void)number_of_file(q, file);
}

void tgv_problems_add(struct tgv_problems *q, struct tgv_place at, const char *format, ...)
{
  char    text[TEXT_SIZE];
  va_list arguments;

  q->total++;
  if (q->count >= KEPT) return;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (q->count == q->room) {
    q->room = 2 * q->room + 16;
    q->list = tgv_reallocate(q->list, q->room, sizeof *q->list);
  }
  q->list[q->count] =
      (struct tgv_problem){at, number_of_file(q, at.file), q->count, tgv_arena_text(&q->arena, text)};
  q->list[q->count].at.file = q->files[q->list[q->count].file];
  q->count++;
}

bool tgv_problems_enough(const struct tgv_problems *q)
{
  return q->total >= ENOUGH;
}

static int compare(const void *left, const void *right)
{
  const struct tgv_problem *a = left, *b = right;

  if (a->file != b->file) return a->file < b->file ? -1 : 1;
  if (a->at.line != b->at.line) return a->at.line < b->at.line ? -1 : 1;
  if (a->at.column != b->at.column) return a->at.column < b->at.column ? -1 : 1;
  return a->number < b->number ? -1 : a->number > b->number;
}

static bool same(const struct tgv_problem *a, const struct tgv_problem *b)
{
  return a->file == b->file && a->at.line == b->at.line && a->at.column == b->at.column &&
         strcmp(a->text, b->text) == 0;
}

static void print(struct tgv_text *message, const struct tgv_problem *p)
{
  if (message->size > 0) tgv_text_append(message, "\n", 1);
  if (p->at.line > 0)
    tgv_text_add(message, "%s:%d:%d: ", p->at.file, p->at.line, p->at.column);
  else if (p->at.file[0])
    tgv_text_add(message, "%s: ", p->at.file);
  tgv_text_add(message, "%s", p->text);
}

tgv_status tgv_problems_report(struct tgv_problems *q)
{
  struct tgv_text message = {0};
  size_t          told = 0, repeated = 0;

  if (q->total == 0) return TGV_OK;
  if (q->count > 1) qsort(q->list, q->count, sizeof *q->list, compare);
  for (size_t i = 0; i < q->count; i++) {
    if (i > 0 && same(&q->list[i], &q->list[i - 1])) {
      repeated++;
      continue;
    }
    if (told < TOLD) {
      print(&message, &q->list[i]);
      told++;
    }
  }
  if (q->total - repeated > told) tgv_text_add(&message, "\nand %zu more", q->total - repeated - told);
  tgv_error_set("%s", message.data);
  tgv_text_release(&message);
  return TGV_INPUT;
}

void tgv_problems_release(struct tgv_problems *q)
{
  tgv_arena_release(&q->arena);
  free(q->list);
  free(q->files);
  *q = (struct tgv_problems){0};
}

/* Small ASCII letters: a name in capitals is near to the same name in small ones. */
static void lower(char *to, size_t size, const char *from)
{
  snprintf(to, size, "%s", from);
  for (; *to; to++)
    if (*to >= 'A' && *to <= 'Z') *to = (char)(*to - 'A' + 'a');
}

const char *tgv_nearest(const char *name, const char *const *names)
{
  const char *nearest = NULL;
  size_t      least = SIZE_MAX;
  char        a[NAME_LENGTH + 1], b[NAME_LENGTH + 1];

  if (strlen(name) > NAME_LENGTH) return NULL;
  lower(a, sizeof a, name);
  for (; *names; names++) {
    size_t distance;

    if (strlen(*names) > NAME_LENGTH) continue;
    lower(b, sizeof b, *names);
    distance = tgv_text_distance(a, b);
    if (distance >= least) continue;
    least = distance;
    nearest = *names;
  }
  return nearest;
}
