/* Memory that is given back all at once: what belongs to one object (a project, a parsed file) lies in one
 * arena. */
#ifndef TGV_CORE_ARENA_H
#define TGV_CORE_ARENA_H

#include <stddef.h>

/** Start with {0}. Running out of memory stops the program with exit code 4. */
struct tgv_arena {
  struct tgv_arena_chunk *chunks;
};

/** Zeroed, aligned for any object; lives until the release. */
void *tgv_arena_allocate(struct tgv_arena *a, size_t count, size_t size);
/** A copy of n bytes with a '\0' behind them. */
char *tgv_arena_bytes(struct tgv_arena *a, const char *bytes, size_t n);
char *tgv_arena_text(struct tgv_arena *a, const char *text);
void  tgv_arena_release(struct tgv_arena *a);

#endif
