/* A growing string, and the few text functions the program needs. */
#ifndef TGV_CORE_TEXT_H
#define TGV_CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/** Contents end with '\0'. Start with {0}. Running out of memory stops the program with exit code 4. */
struct tgv_text {
  char  *data;
  size_t size; /* without the '\0' */
  size_t room;
};

void tgv_text_add(struct tgv_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** bytes must not lie in t itself. */
void tgv_text_append(struct tgv_text *t, const char *bytes, size_t n);
void tgv_text_release(struct tgv_text *t);

/** Memory or the end of the program with exit code 4 and a plain message; zeroed. */
void *tgv_allocate(size_t count, size_t size);
/** New bytes are not zeroed. */
void *tgv_reallocate(void *old, size_t count, size_t size);
char *tgv_text_copy(const char *s);

/** Edits (a byte put in, taken out, replaced, or two neighbours swapped; no place edited twice: the optimal
   string alignment distance) that turn a into b, to suggest the nearest known name. Texts of more than 1000
   bytes count as wholly different. */
size_t tgv_text_distance(const char *a, const char *b);

/** zlib-deflated and base64-coded copy of n < 2^32 bytes, for arrays inside JSON; free() it. */
char *tgv_text_pack(const void *bytes, size_t n);
/** The reverse; *n gets the number of bytes. TGV_FILE if the text is damaged, *bytes is NULL then. free()
 * *bytes. */
tgv_status tgv_text_unpack(const char *packed, void **bytes, size_t *n);

#endif
