#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.h"

static void test_text_grows(void **state)
{
  struct tgv_text t = {0};

  (void)state;
  tgv_text_add(&t, "%s", "");
  assert_string_equal(t.data, "");
  for (int i = 0; i < 1000; i++) tgv_text_add(&t, "%d,", i);
  tgv_text_append(&t, "a\0b", 3);
  tgv_text_append(&t, NULL, 0);
  assert_int_equal(t.size, 10 * 2 + 90 * 3 + 900 * 4 + 3);
  assert_memory_equal(t.data, "0,1,2,3,", 8);
  assert_memory_equal(t.data + t.size - 7, "999,a\0b", 8);
  tgv_text_release(&t);
  assert_null(t.data);
  assert_int_equal(t.size, 0);
  tgv_text_release(&t);
}

static void test_allocation(void **state)
{
  unsigned char *p = tgv_allocate(1000, 3);
  char          *s = tgv_text_copy("via");

  (void)state;
  for (int i = 0; i < 3000; i++) assert_int_equal(p[i], 0);
  p[2999] = 7;
  p = tgv_reallocate(p, 2000, 3);
  assert_int_equal(p[2999], 7);
  free(p);
  p = tgv_allocate(0, 8);
  assert_non_null(p);
  free(p);
  assert_string_equal(s, "via");
  free(s);
}

/* The child asks for more memory than there can be; the parent looks at how it ended and what it said. */
static void check_out_of_memory(size_t count, size_t size)
{
  int   ends[2], status = 0;
  char  said[200] = "";
  pid_t child;

  assert_int_equal(pipe(ends), 0);
  fflush(NULL);
  child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    free(tgv_allocate(count, size));
    _exit(0);
  }
  close(ends[1]);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(read(ends[0], said, sizeof said - 1) > 0);
  close(ends[0]);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), TGV_MEMORY);
  assert_non_null(strstr(said, "out of memory"));
}

static void test_out_of_memory(void **state)
{
  (void)state;
  check_out_of_memory(SIZE_MAX / 4, 8); /* the product overflows */
  check_out_of_memory(SIZE_MAX, 1);
#ifndef __SANITIZE_ADDRESS__
  check_out_of_memory((size_t)1 << 50, 4);
#endif
}

static void test_distance(void **state)
{
  char longer[2001];

  (void)state;
  assert_int_equal(tgv_text_distance("", ""), 0);
  assert_int_equal(tgv_text_distance("pitch", "pitch"), 0);
  assert_int_equal(tgv_text_distance("", "abc"), 3);
  assert_int_equal(tgv_text_distance("abc", ""), 3);
  assert_int_equal(tgv_text_distance("kitten", "sitting"),
                   3); /* the textbook pair of Levenshtein's distance */
  assert_int_equal(tgv_text_distance("pitch", "ptich"), 1);
  assert_int_equal(tgv_text_distance("D_top", "Dtop"), 1);
  assert_int_equal(tgv_text_distance("ca", "abc"),
                   3); /* optimal string alignment; unrestricted it would be 2 */
  memset(longer, 'a', 2000);
  longer[2000] = '\0';
  assert_int_equal(tgv_text_distance("a", longer), 2000);
}

/* d(a, b) is symmetric, zero only for equal texts, and bounded by the longer text and below by the lengths'
 * difference */
static void test_distance_properties(void **state)
{
  static const char *const words[] = {"warpage", "wrapage", "warp", "pitch", "D_waist",
                                      "D_wasit", "seed",    "",     "e"};
  enum { COUNT = sizeof words / sizeof *words };

  (void)state;
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < COUNT; j++) {
      size_t d = tgv_text_distance(words[i], words[j]), n = strlen(words[i]), m = strlen(words[j]);

      assert_int_equal(d, tgv_text_distance(words[j], words[i]));
      assert_int_equal(d == 0, i == j);
      assert_in_range(d, n > m ? n - m : m - n, n > m ? n : m);
    }
}

static void test_pack_round_trip(void **state)
{
  static unsigned char bytes[300000];
  uint32_t             x = 1;

  (void)state;
  for (size_t i = 0; i < sizeof bytes; i++) {
    x = x * 1664525u + 1013904223u;
    bytes[i] = i % 2 ? (unsigned char)(x >> 24) : 0;
  }
  for (size_t n = 0; n <= sizeof bytes; n = n < 40 ? n + 1 : n * 3) {
    char  *packed = tgv_text_pack(bytes, n);
    void  *back;
    size_t size;

    assert_int_equal(strlen(packed) % 4, 0);
    check_ok(tgv_text_unpack(packed, &back, &size));
    assert_int_equal(size, n);
    assert_memory_equal(back, bytes, n);
    free(back);
    free(packed);
  }
}

/* "hello hello hello" deflated by Python's zlib.compress and coded by base64.b64encode */
static void test_unpack_of_another_program(void **state)
{
  void  *back;
  size_t size;

  (void)state;
  check_ok(tgv_text_unpack("eJzLSM3JyVfIQJAAOi4GfQ==", &back, &size));
  assert_int_equal(size, 17);
  assert_memory_equal(back, "hello hello hello", 17);
  free(back);
}

static void test_unpack_damaged(void **state)
{
  static const char *const damaged[] = {
      "",
      "A",
      "not base64 at all!!!",
      "eJzLSM3JyVfIQJAAOi4GfQ",
      "eJzLSM3JyVfIQJAAOi4GfA==",
      "eJzLSM3J",
      "====",
      "eJzLSM3JyVfIQJAAOi4GfQAA",
      "eJz=SM3JyVfIQJAAOi4GfQ==",
      "AAAAAAAA",
      "\xff\xff\xff\xff",
  };

  (void)state;
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
    void  *back = &back;
    size_t size = 7;

    if (tgv_text_unpack(damaged[i], &back, &size) != TGV_FILE) fail_msg("\"%s\" was accepted", damaged[i]);
    assert_null(back);
    assert_int_equal(size, 0);
    assert_non_null(strstr(tgv_error_message(), "damaged"));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_text_grows),
      cmocka_unit_test(test_allocation),
      cmocka_unit_test(test_out_of_memory),
      cmocka_unit_test(test_distance),
      cmocka_unit_test(test_distance_properties),
      cmocka_unit_test(test_pack_round_trip),
      cmocka_unit_test(test_unpack_of_another_program),
      cmocka_unit_test(test_unpack_damaged),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
