#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { CHUNK_SIZE = 16384 };

struct tgv_arena_chunk {
  struct tgv_arena_chunk *next;
  size_t                  used, size;
  max_align_t             data[];
};

void *tgv_arena_allocate(struct tgv_arena *a, size_t count, size_t size)
{
  struct tgv_arena_chunk *chunk = a->chunks;
  size_t                  bytes;
  char                   *result;

  if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX / 2)
    return tgv_allocate(count, size); /* which ends the program */
  bytes = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
  if (!chunk || chunk->size - chunk->used < bytes) {
    size_t room = bytes > CHUNK_SIZE ? bytes : CHUNK_SIZE;

    chunk = tgv_allocate(1, sizeof *chunk + room);
    chunk->size = room;
    chunk->next = a->chunks;
    a->chunks = chunk;
  }
  result = (char *)chunk->data + chunk->used;
  chunk->used += bytes;
  return result;
}

char *tgv_arena_bytes(struct tgv_arena *a, const char *bytes, size_t n)
{
  char *copy = tgv_arena_allocate(a, n + 1, 1);

  if (n > 0) memcpy(copy, bytes, n);
  return copy;
}

char *tgv_arena_text(struct tgv_arena *a, const char *text)
{
  return tgv_arena_bytes(a, text, strlen(text));
}

void tgv_arena_release(struct tgv_arena *a)
{
  while (a->chunks) {
    struct tgv_arena_chunk *next = a->chunks->next;

    free(a->chunks);
    a->chunks = next;
  }
}
