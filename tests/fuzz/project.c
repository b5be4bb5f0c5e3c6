/* Project files: any bytes are read or refused; what was read can be walked over, printed, read again and
 * copied. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "fuzz/target.h"
#include "model/project.h"

static struct tgv_hash hash_of(const struct tgv_project *p)
{
  struct tgv_hash h = {0};

  for (int s = 0; s < TGV_SECTION_COUNT; s++) tgv_project_hash(p, (enum tgv_section)s, &h);
  return h;
}

static size_t walk(const struct tgv_project *p)
{
  size_t n = 0;

  for (int k = 0; k < TGV_PARAM_COUNT; k++) {
    const enum tgv_param key = (enum tgv_param)k;

    for (size_t r = 0; r < tgv_records(p, tgv_param_info(key)->section); r++) {
      const struct tgv_value *v = tgv_value_at(p, key, r);

      for (size_t i = 0; i < v->other_count; i++)
        n += strlen(v->others[i].written) + strlen(v->others[i].source);
      n += strlen(v->chosen.written) + strlen(v->chosen.source) + strlen(v->chosen.note) +
           strlen(v->chosen.file);
      if (tgv_param_info(key)->kind == TGV_SPREAD && !(tgv_spread_at(p, key, r) == tgv_spread_at(p, key, r)))
        abort();
    }
  }
  return n;
}

/* A printed project is a project of the same values. */
static void check_printed(const struct tgv_project *p)
{
  struct tgv_text     text = {0};
  struct tgv_project *again;
  struct tgv_hash     a = hash_of(p), b;

  tgv_project_print(p, false, &text);
  if (tgv_project_parse(text.data, text.size, "printed.yaml", "/nowhere", &again)) abort();
  b = hash_of(again);
  if (memcmp(&a, &b, sizeof a) != 0) abort();
  tgv_project_free(again);
  tgv_text_release(&text);
}

/* The first line of the input is tried as an override too. */
static void check_copy(const struct tgv_project *p, const char *line, size_t size)
{
  struct tgv_project *copy;
  char               *key = tgv_allocate(size + 1, 1), *equals;
  struct tgv_hash     a = hash_of(p), b;

  if (tgv_project_copy(p, &copy)) abort();
  b = hash_of(copy);
  if (memcmp(&a, &b, sizeof a) != 0) abort();
  memcpy(key, line, size);
  key[strcspn(key, "\n")] = '\0';
  equals = strchr(key, '=');
  if (equals) {
    *equals = '\0';
    if (tgv_project_set(copy, key[0] == '#' ? key + 1 : key, equals + 1) == TGV_OK &&
        tgv_project_check(copy) == TGV_OK)
      (void)walk(copy);
  }
  tgv_project_free(copy);
  free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct tgv_project *p;

  (void)setenv("TGV_DATA", TGV_DATA_FOLDER, 0);
  if (tgv_project_parse((const char *)data, size, "fuzz.yaml", "/nowhere", &p)) {
    if (p || !tgv_error_message()[0]) abort(); /* a refusal says why */
    return 0;
  }
  if (walk(p) == 0) abort();
  check_printed(p);
  check_copy(p, (const char *)data, size);
  tgv_project_free(p);
  return 0;
}
