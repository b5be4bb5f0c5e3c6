#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"

static char place[] = "/tmp/tgv-test-file-XXXXXX";

static char *in_place(const char *name)
{
  return tgv_path_join(place, name);
}

static int make_place(void **state)
{
  (void)state;
  return mkdtemp(place) ? 0 : -1;
}

static int remove_place(void **state)
{
  char command[100];

  (void)state;
  snprintf(command, sizeof command, "rm -r '%s'", place);
  return system(command);
}

static size_t entries(const char *directory)
{
  DIR   *d = opendir(directory);
  size_t n = 0;

  assert_non_null(d);
  while (readdir(d)) n++;
  closedir(d);
  return n - 2; /* . and .. */
}

static void check_contents(const char *path, const char *want, size_t n)
{
  char  *data;
  size_t size;

  check_ok(tgv_file_read(path, 1000000, &data, &size));
  assert_int_equal(size, n);
  assert_memory_equal(data, want, n);
  assert_int_equal(data[size], 0);
  free(data);
}

static void check_fails(tgv_status_code status, const char *words)
{
  assert_int_equal(status, TGV_FILE);
  if (!strstr(tgv_error_message(), words)) fail_msg("\"%s\" is not in \"%s\"", words, tgv_error_message());
}

static void test_write_and_read(void **state)
{
  char *directory = in_place("written"), *path = in_place("written/a.txt"), *link = in_place("written/link");
  struct stat about;

  (void)state;
  check_ok(tgv_directory_make(directory));
  assert_false(tgv_file_exists(path));
  check_ok(tgv_file_write(path, "one\0two", 7));
  assert_true(tgv_file_exists(path));
  check_contents(path, "one\0two", 7);
  assert_int_equal(chmod(path, 0640), 0);
  check_ok(tgv_file_write(path, "", 0));
  check_contents(path, "", 0);
  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(about.st_mode & 07777, 0640);
  assert_int_equal(symlink("a.txt", link), 0);
  check_ok(tgv_file_write(link, "three", 5));
  check_contents(path, "three", 5);
  assert_int_equal(lstat(link, &about), 0);
  assert_true(S_ISLNK(about.st_mode));
  assert_int_equal(entries(directory), 2); /* no temporary file is left */
  free(directory), free(path), free(link);
}

static void test_write_fails(void **state)
{
  char *directory = in_place("kept"), *inside = in_place("kept/no/such");

  (void)state;
  check_ok(tgv_directory_make(directory));
  check_fails(tgv_file_write(directory, "x", 1), "it is a directory");
  check_fails(tgv_file_write(inside, "x", 1), "its directory does not exist");
  check_fails(tgv_file_write("/dev/full", "x", 1), "No space left on device");
  check_ok(tgv_file_write("/dev/null", "x", 1)); /* written through, not replaced */
  assert_int_not_equal(access("/dev/null", W_OK), -1);
  assert_int_equal(entries(directory), 0);
  free(directory), free(inside);
}

/* The target becomes a directory that cannot be replaced while the temporary file exists already: rename
 * fails. */
static void test_write_with_too_long_a_name(void **state)
{
  char  name[300], *path;
  char *directory = in_place("renamed");

  (void)state;
  check_ok(tgv_directory_make(directory));
  memset(name, 'n', 254);
  name[254] = '\0';
  path = tgv_path_join(directory, name);
  check_fails(tgv_file_write(path, "x", 1), "File name too long");
  assert_int_equal(entries(directory), 0);
  free(path), free(directory);
}

static void test_read_fails(void **state)
{
  char  *path = in_place("ten"), *missing = in_place("missing"), *data;
  size_t size;

  (void)state;
  check_ok(tgv_file_write(path, "0123456789", 10));
  check_fails(tgv_file_read(missing, 100, &data, &size), "there is no such file");
  check_fails(tgv_file_read(place, 100, &data, &size), "it is a directory, not a file");
  check_fails(tgv_file_read(path, 9, &data, &size), "it has 10 bytes, more than the limit of 9");
  assert_null(data);
  check_fails(tgv_file_read("/dev/zero", 5000, &data, &size), "more than the limit of 5000 bytes");
  check_ok(tgv_file_read(path, 10, &data, &size));
  assert_int_equal(size, 10);
  free(data);
  check_ok(tgv_file_read("/dev/null", 0, &data, &size));
  assert_int_equal(size, 0);
  free(data);
  check_ok(tgv_file_read("/proc/self/status", SIZE_MAX, &data, &size)); /* its size is 0 until it is read */
  assert_true(size > 10);
  free(data);
  free(path), free(missing);
}

static void test_directory_make(void **state)
{
  char       *deep = in_place("a/b//c/"), *file = in_place("a/file"), *under = in_place("a/file/d");
  struct stat about;

  (void)state;
  check_ok(tgv_directory_make(deep));
  check_ok(tgv_directory_make(deep));
  check_ok(tgv_directory_make("/"));
  assert_int_equal(stat(deep, &about), 0);
  assert_true(S_ISDIR(about.st_mode));
  check_ok(tgv_file_write(file, "x", 1));
  check_fails(tgv_directory_make(under), "in the way");
  check_fails(tgv_directory_make(file), "in the way");
  free(deep), free(file), free(under);
}

static void check_text(char *got, const char *want)
{
  assert_string_equal(got, want);
  free(got);
}

static void test_paths(void **state)
{
  (void)state;
  check_text(tgv_path_join("a", "b"), "a/b");
  check_text(tgv_path_join("a/", "b"), "a/b");
  check_text(tgv_path_join("a", "/b"), "/b");
  check_text(tgv_path_join(".", "b"), "b");
  check_text(tgv_path_join("", "b"), "b");
  check_text(tgv_path_join("/", "b"), "/b");
  check_text(tgv_path_directory("a/b/c"), "a/b");
  check_text(tgv_path_directory("c"), ".");
  check_text(tgv_path_directory("/c"), "/");
  check_text(tgv_path_directory(""), ".");
}

static void test_data_directory(void **state)
{
  char path[4096], tiny[3];

  (void)state;
  assert_int_equal(setenv("TGV_DATA", place, 1), 0);
  check_ok(tgv_data_directory(path, sizeof path));
  assert_string_equal(path, place);
  check_fails(tgv_data_directory(tiny, sizeof tiny), "too long");
  assert_int_equal(setenv("TGV_DATA", "/no/such/place", 1), 0);
  check_fails(tgv_data_directory(path, sizeof path), "TGV_DATA is \"/no/such/place\"");
  assert_int_equal(unsetenv("TGV_DATA"), 0);
  if (tgv_data_directory(path, sizeof path)) /* this test program need not have a data directory beside it */
    check_fails(TGV_FILE, "set TGV_DATA");
  else
    assert_int_equal(path[0], '/');
}

/* ---- hash */

static struct tgv_hash hash_of(const void *bytes, size_t n)
{
  struct tgv_hash h = {0};

  tgv_hash_add(&h, bytes, n);
  return h;
}

static int bits_that_differ(struct tgv_hash a, struct tgv_hash b)
{
  return __builtin_popcountll(a.word[0] ^ b.word[0]) + __builtin_popcountll(a.word[1] ^ b.word[1]);
}

static bool same(struct tgv_hash a, struct tgv_hash b)
{
  return bits_that_differ(a, b) == 0;
}

static void test_hash_items(void **state)
{
  struct tgv_hash parts = {0}, whole = {0}, minus = {0}, plus = {0}, none = {0};
  char            zeros[40] = {0}, printed[33];

  (void)state;
  tgv_hash_add_text(&parts, "ab");
  tgv_hash_add_text(&parts, "c");
  tgv_hash_add_text(&whole, "abc");
  assert_false(same(parts, whole));
  tgv_hash_add_real(&minus, -0.0);
  tgv_hash_add_real(&plus, 0.0);
  assert_true(same(minus, plus));
  for (size_t n = 0; n < sizeof zeros; n++) {
    assert_false(same(hash_of(zeros, n), hash_of(zeros, n + 1)));
    assert_false(same(hash_of(zeros, n), none));
  }
  assert_true(same(hash_of("abc", 3), whole));
  assert_int_equal(strlen(tgv_hash_print(&whole, printed)), 32);
  assert_int_equal(strspn(printed, "0123456789abcdef"), 32);
  whole = (struct tgv_hash){{1, 0xabcdef0000000000}};
  assert_string_equal(tgv_hash_print(&whole, printed), "0000000000000001abcdef0000000000");
}

/* Flips each bit of many inputs: each of the 128 bits of the hash must change in half of the trials. With N
   trials a fair bit is binomial with sigma = 0.5 / sqrt(N); five sigma are allowed for each of the 128
   counts. */
static void test_hash_avalanche(void **state)
{
  enum { LENGTH = 37, SEEDS = 40, TRIALS = SEEDS * LENGTH * 8 };
  int      changed[128] = {0};
  uint64_t x = 88172645463325252u;

  (void)state;
  for (int seed = 0; seed < SEEDS; seed++) {
    unsigned char   bytes[LENGTH];
    struct tgv_hash before;

    for (int i = 0; i < LENGTH; i++) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      bytes[i] = seed == 0 ? 0 : (unsigned char)(x >> 32);
    }
    before = hash_of(bytes, LENGTH);
    for (int bit = 0; bit < LENGTH * 8; bit++) {
      struct tgv_hash after;

      bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
      after = hash_of(bytes, LENGTH);
      bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
      assert_in_range(bits_that_differ(before, after), 30, 98); /* 64 +- 6 sigma */
      for (int k = 0; k < 128; k++)
        changed[k] += (int)((before.word[k / 64] ^ after.word[k / 64]) >> k % 64 & 1);
    }
  }
  for (int k = 0; k < 128; k++) check_near((double)changed[k] / TRIALS, 0.5, 0, 5 * 0.5 / sqrt(TRIALS));
}

static int by_word(const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

  return (x > y) - (x < y);
}

/* Numbers that follow each other have no two equal hashes, not even in one lane alone. */
static void test_hash_collisions(void **state)
{
  enum { COUNT = 100000 };
  static uint64_t lane[2][COUNT];

  (void)state;
  for (int i = 0; i < COUNT; i++) {
    struct tgv_hash h = {0};

    tgv_hash_add_real(&h, i * 1.0);
    lane[0][i] = h.word[0], lane[1][i] = h.word[1];
  }
  for (int k = 0; k < 2; k++) {
    qsort(lane[k], COUNT, sizeof lane[k][0], by_word);
    for (int i = 1; i < COUNT; i++) assert_true(lane[k][i - 1] != lane[k][i]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_write_and_read),
      cmocka_unit_test(test_write_fails),
      cmocka_unit_test(test_write_with_too_long_a_name),
      cmocka_unit_test(test_read_fails),
      cmocka_unit_test(test_directory_make),
      cmocka_unit_test(test_paths),
      cmocka_unit_test(test_data_directory),
      cmocka_unit_test(test_hash_items),
      cmocka_unit_test(test_hash_avalanche),
      cmocka_unit_test(test_hash_collisions),
  };

  return cmocka_run_group_tests(tests, make_place, remove_place);
}
