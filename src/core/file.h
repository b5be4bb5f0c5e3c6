/* Files: read whole, written to a temporary file and renamed, so that an interrupted program loses nothing.
 */
#ifndef TGV_CORE_FILE_H
#define TGV_CORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/** Reads a whole file of at most `limit` bytes; *data ends with '\0' (not counted in *size); free() it. */
tgv_status tgv_file_read(const char *path, size_t limit, char **data, size_t *size);
/** Replaces the file at once: writes path.tmp.<pid> beside it, syncs it, renames it; the old file stays whole
   and the new one is removed if that fails. Keeps the permissions and symbolic links; writes through to a
   device or a pipe. */
tgv_status tgv_file_write(const char *path, const void *data, size_t size);
bool       tgv_file_exists(const char *path);
/** Makes a directory and its parents. */
tgv_status tgv_directory_make(const char *path);
/** The directory of the program's data files (glasses, metals, panels...): $TGV_DATA, or beside the program
    (<exe>/../data, <exe>/../share/opentgv/data). TGV_FILE if there is none. */
tgv_status tgv_data_directory(char *path, size_t size);
/** directory/name, or name alone if it is absolute or the directory is "." or ""; free() it. */
char *tgv_path_join(const char *directory, const char *name);
/** The directory part of a path, "." if there is none; free() it. */
char *tgv_path_directory(const char *path);

/** 128-bit hash of a sequence of items: start with {0}, add items. An item counts with its length: adding
   "ab" and then "c" is not adding "abc". The same on every machine. Not cryptographic; it tells changed
   inputs from unchanged ones. */
struct tgv_hash {
  uint64_t word[2];
};
void tgv_hash_add(struct tgv_hash *h, const void *bytes, size_t n);
void tgv_hash_add_text(struct tgv_hash *h, const char *s);
void tgv_hash_add_real(struct tgv_hash *h, double x); /* -0 is 0 */
/** 32 hexadecimal digits. */
const char *tgv_hash_print(const struct tgv_hash *h, char buffer[33]);

#endif
