#include "core/file.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

/* ---- reading */

/* Reads to the end of the file, but no more than limit + 1 bytes; errno tells what went wrong. */
static bool read_all(int file, size_t limit, struct tgv_text *t, size_t expected)
{
  t->room = (expected < limit ? expected : limit) + 2;
  t->data = tgv_allocate(t->room, 1);
  while (t->size <= limit) {
    size_t  room = t->room - t->size - 1;
    ssize_t n = read(file, t->data + t->size, room);

    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) break;
    t->size += (size_t)n;
    if (t->size + 1 < t->room) continue;
    t->room += t->room / 2 + 4096;
    t->data = tgv_reallocate(t->data, t->room, 1);
  }
  t->data[t->size] = '\0';
  return true;
}

static tgv_status read_open_file(int file, const char *path, size_t limit, struct tgv_text *t)
{
  struct stat about;

  if (fstat(file, &about)) return tgv_fail(TGV_FILE, "cannot read \"%s\": %s", path, strerror(errno));
  if (S_ISDIR(about.st_mode))
    return tgv_fail(TGV_FILE, "cannot read \"%s\": it is a directory, not a file", path);
  if (S_ISREG(about.st_mode) && (size_t)about.st_size > limit)
    return tgv_fail(TGV_FILE, "cannot read \"%s\": it has %zu bytes, more than the limit of %zu", path,
                    (size_t)about.st_size, limit);
  if (!read_all(file, limit, t, (size_t)about.st_size))
    return tgv_fail(TGV_FILE, "cannot read \"%s\": %s", path, strerror(errno));
  if (t->size > limit)
    return tgv_fail(TGV_FILE, "cannot read \"%s\": it has more than the limit of %zu bytes", path, limit);
  return TGV_OK;
}

tgv_status tgv_file_read(const char *path, size_t limit, char **data, size_t *size)
{
  struct tgv_text t = {0};
  tgv_status_code status;
  int             file = open(path, O_RDONLY | O_CLOEXEC);

  *data = NULL, *size = 0;
  if (file < 0 && errno == ENOENT)
    return tgv_fail(TGV_FILE, "cannot read \"%s\": there is no such file", path);
  if (file < 0) return tgv_fail(TGV_FILE, "cannot read \"%s\": %s", path, strerror(errno));
  status = read_open_file(file, path, limit, &t);
  close(file);
  if (status) {
    tgv_text_release(&t);
    return status;
  }
  *data = t.data, *size = t.size;
  return TGV_OK;
}

bool tgv_file_exists(const char *path)
{
  return access(path, F_OK) == 0;
}

/* ---- writing */

static bool write_all(int file, const char *bytes, size_t n)
{
  while (n > 0) {
    ssize_t done = write(file, bytes, n);

    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    bytes += done, n -= (size_t)done;
  }
  return true;
}

/* Writes to a device, a pipe or a terminal, which cannot be replaced. */
static tgv_status write_through(const char *path, const void *data, size_t size)
{
  int  file = open(path, O_WRONLY | O_CLOEXEC);
  bool written = file >= 0 && write_all(file, data, size);
  int  reason = errno;

  if (file >= 0 && close(file) && written) written = false, reason = errno;
  return written ? TGV_OK : tgv_fail(TGV_FILE, "cannot write \"%s\": %s", path, strerror(reason));
}

/* Fills the new file and syncs it; 0 or the reason. */
static int fill(const char *path, const void *data, size_t size, mode_t mode)
{
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), reason = 0;

  if (file < 0) return errno;
  if (!write_all(file, data, size) || (mode && fchmod(file, mode)) || fsync(file)) reason = errno;
  if (close(file) && !reason) reason = errno;
  return reason;
}

/* The name of a file stays only if its directory is synced too; some file systems cannot, which is no error.
 */
static void sync_directory(const char *path)
{
  char *directory = tgv_path_directory(path);
  int   file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (file >= 0) {
    (void)fsync(file);
    close(file);
  }
  free(directory);
}

/* Writes beside the file and renames; 0 or the reason. */
static int replace(const char *path, const void *data, size_t size, mode_t mode)
{
  static atomic_uint count; /* two threads that write the same file do not disturb each other */
  struct tgv_text    beside = {0};
  unsigned           turn = atomic_fetch_add(&count, 1);
  int                reason;

  tgv_text_add(&beside, "%s.tmp.%ld", path, (long)getpid());
  if (turn > 0) tgv_text_add(&beside, ".%u", turn);
  reason = fill(beside.data, data, size, mode);
  if (!reason && rename(beside.data, path)) reason = errno;
  if (reason) (void)unlink(beside.data);
  tgv_text_release(&beside);
  if (!reason) sync_directory(path);
  return reason;
}

tgv_status tgv_file_write(const char *path, const void *data, size_t size)
{
  struct stat about;
  bool        exists = stat(path, &about) == 0;
  char       *target = NULL; /* behind symbolic links, which stay */
  int         reason;

  if (exists && S_ISDIR(about.st_mode))
    return tgv_fail(TGV_FILE, "cannot write \"%s\": it is a directory", path);
  if (exists && !S_ISREG(about.st_mode)) return write_through(path, data, size);
  if (exists) target = realpath(path, NULL);
  reason = replace(target ? target : path, data, size, exists ? about.st_mode & 07777 : 0);
  free(target);
  if (reason == ENOENT) return tgv_fail(TGV_FILE, "cannot write \"%s\": its directory does not exist", path);
  return reason ? tgv_fail(TGV_FILE, "cannot write \"%s\": %s", path, strerror(reason)) : TGV_OK;
}

static bool is_directory(const char *path)
{
  struct stat about;

  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

tgv_status tgv_directory_make(const char *path)
{
  char *part = tgv_text_copy(path);

  for (char *end = part + strspn(part, "/"); *part; end++) {
    char stop;

    end += strcspn(end, "/");
    stop = *end;
    *end = '\0';
    if (mkdir(part, 0777) && !is_directory(part)) {
      int reason = errno;

      tgv_error_set("cannot make the directory \"%s\": \"%s\": %s", path, part,
                    reason == EEXIST || reason == ENOTDIR ? "a file of this name is in the way"
                                                          : strerror(reason));
      free(part);
      return TGV_FILE;
    }
    if (!stop) break;
    *end = stop;
  }
  free(part);
  return TGV_OK;
}

/* ---- places */

char *tgv_path_join(const char *directory, const char *name)
{
  struct tgv_text t = {0};
  size_t          n = strlen(directory);

  if (n > 0 && *name != '/' && strcmp(directory, ".") != 0)
    tgv_text_add(&t, directory[n - 1] == '/' ? "%s" : "%s/", directory);
  tgv_text_add(&t, "%s", name);
  return t.data;
}

char *tgv_path_directory(const char *path)
{
  char *copy = tgv_text_copy(path), *directory = tgv_text_copy(dirname(copy));

  free(copy);
  return directory;
}

static tgv_status copy_path(char *path, size_t size, const char *found)
{
  int n = snprintf(path, size, "%s", found);

  return n >= 0 && (size_t)n < size ? TGV_OK : tgv_fail(TGV_FILE, "the path \"%s\" is too long", found);
}

/* <directory of the program>/<place>, without "..", or NULL if there is no such directory; free() it. */
static char *beside_program(const char *place)
{
  char *exe = realpath("/proc/self/exe", NULL), *directory, *joined, *found;

  if (!exe) return NULL;
  directory = tgv_path_directory(exe);
  joined = tgv_path_join(directory, place);
  found = is_directory(joined) ? realpath(joined, NULL) : NULL;
  free(exe), free(directory), free(joined);
  return found;
}

tgv_status tgv_data_directory(char *path, size_t size)
{
  static const char *const places[] = {"../data", "../share/opentgv/data"};
  const char              *set = getenv("TGV_DATA");

  if (set && *set) {
    if (!is_directory(set))
      return tgv_fail(TGV_FILE, "TGV_DATA is \"%s\", and there is no such directory", set);
    return copy_path(path, size, set);
  }
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    char           *found = beside_program(places[i]);
    tgv_status_code status;

    if (!found) continue;
    status = copy_path(path, size, found);
    free(found);
    return status;
  }
  return tgv_fail(TGV_FILE,
                  "the data directory is neither ../data nor ../share/opentgv/data beside the program; "
                  "set TGV_DATA to it");
}

/* ---- hash: two lanes of 64 bits, mixed in the manner of MurmurHash3 (A. Appleby, public domain); the state
   that a call leaves is the seed of the next */

static uint64_t rotate(uint64_t x, int bits)
{
  return x << bits | x >> (64 - bits);
}

/* Every bit of the result depends on every bit of x. */
static uint64_t finalise(uint64_t x)
{
  x = (x ^ x >> 33) * 0xff51afd7ed558ccdU;
  x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53U;
  return x ^ x >> 33;
}

static void mix(uint64_t h[2], uint64_t a, uint64_t b)
{
  h[0] ^= rotate(a * 0x87c37b91114253d5U, 31) * 0x4cf5ad432745937fU;
  h[0] = (rotate(h[0], 27) + h[1]) * 5 + 0x52dce729U;
  h[1] ^= rotate(b * 0x4cf5ad432745937fU, 33) * 0x87c37b91114253d5U;
  h[1] = (rotate(h[1], 31) + h[0]) * 5 + 0x38495ab5U;
}

void tgv_hash_add(struct tgv_hash *h, const void *bytes, size_t n)
{
  const char *p = bytes;

  for (size_t left = n; left > 0;) {
    uint64_t block[2] = {0, 0};
    size_t   k = left < sizeof block ? left : sizeof block;

    memcpy(block, p, k);
    mix(h->word, le64toh(block[0]), le64toh(block[1]));
    p += k, left -= k;
  }
  mix(h->word, n, ~(uint64_t)n); /* zeros at the end count, and so does adding nothing */
  h->word[0] += h->word[1];
  h->word[1] += h->word[0];
  h->word[0] = finalise(h->word[0]);
  h->word[1] = finalise(h->word[1]);
  h->word[0] += h->word[1];
  h->word[1] += h->word[0];
}

void tgv_hash_add_text(struct tgv_hash *h, const char *s)
{
  tgv_hash_add(h, s, strlen(s));
}

void tgv_hash_add_real(struct tgv_hash *h, double x)
{
  uint64_t bits;

  if (x == 0) x = 0; /* -0 is 0 */
  memcpy(&bits, &x, sizeof bits);
  bits = htole64(bits);
  tgv_hash_add(h, &bits, sizeof bits);
}

const char *tgv_hash_print(const struct tgv_hash *h, char buffer[33])
{
  snprintf(buffer, 33, "%016llx%016llx", (unsigned long long)h->word[0], (unsigned long long)h->word[1]);
  return buffer;
}
