/* The list of what is wrong with a file: all of it is told at once, sorted by place. */
#ifndef TGV_CORE_PROBLEMS_H
#define TGV_CORE_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/error.h"

/** A place in a file; line and column count from 1, line 0 is no place, file "" is no file. */
struct tgv_place {
  const char *file;
  int         line, column;
};

/** Start with {0}. */
struct tgv_problems {
  struct tgv_arena    arena;
  struct tgv_problem *list;
  size_t              count, room; /* beyond a limit problems are counted only */
  size_t              total;
  const char        **files; /* in the order in which their problems are told */
  size_t              file_count;
};

/** Problems are told in the order of the files named here; others follow in the order of their first problem.
 */
void tgv_problems_file(struct tgv_problems *q, const char *file);
void tgv_problems_add(struct tgv_problems *q, struct tgv_place at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** Whether there are so many that nobody will read one more (then suggestions need not be looked for). */
bool tgv_problems_enough(const struct tgv_problems *q);
/** TGV_OK if there is none; else TGV_INPUT and a message of up to 20 lines "FILE:LINE:COLUMN: what is wrong",
   the same problem at the same place once, and "and N more". */
tgv_status tgv_problems_report(struct tgv_problems *q);
void       tgv_problems_release(struct tgv_problems *q);

/** The name of the list that is nearest to `name`, NULL if the list is empty or `name` too long for a
   misspelling. Ends with NULL. */
const char *tgv_nearest(const char *name, const char *const *names);

#endif
