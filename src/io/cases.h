/* Case files: what engineers expect of the program, as text (docs/formats/cases.md). This reads the text;
 * cli/check runs it. */
#ifndef TGV_IO_CASES_H
#define TGV_IO_CASES_H

#include "core/arena.h"
#include "core/problems.h"

/** `given KEY = VALUE` */
struct tgv_setting {
  struct tgv_place at;
  const char      *key, *written;
};

enum tgv_relation {
  TGV_EXPECT_EQUAL, /* = VALUE +- TOLERANCE */
  TGV_EXPECT_GREATER,
  TGV_EXPECT_AT_LEAST,
  TGV_EXPECT_LESS,
  TGV_EXPECT_AT_MOST,
  TGV_EXPECT_WITHIN, /* in VALUE .. UPPER */
  TGV_EXPECT_FLAG,   /* the cause `name` has struck */
  TGV_EXPECT_NO_FLAG
};

/** One line `expect`. Values are kept as written: their dimension is that of the quantity that is named. */
struct tgv_expectation {
  struct tgv_place  at;
  const char       *name;
  enum tgv_relation relation;
  const char       *value, *upper, *tolerance; /* "" where there is none */
};

struct tgv_case {
  struct tgv_place        at;
  const char             *title, *stage, *project; /* "" where there is none, as in the next two */
  const char             *source;  /* external reference: puts the case into the validation ledger */
  const char             *because; /* a definition, own reasoning */
  struct tgv_place        stage_at, project_at;
  size_t                  given_count, expect_count;
  struct tgv_setting     *given;
  struct tgv_expectation *expect;
};

/** Start with {0}. Everything lies in the arena. */
struct tgv_case_file {
  struct tgv_arena arena;
  const char      *name; /* of the file */
  size_t           count;
  struct tgv_case *list;
};

/** Largest file, in bytes; most lines `given` and `expect` of a case. */
enum { TGV_CASES_SIZE_MAX = 16 << 20, TGV_CASE_LINES_MAX = 1000 };

/** Reads a text; `name` stands in messages. All that is wrong comes in one message, each with
 * file:line:column. */
tgv_status tgv_cases_parse(const char *text, size_t size, const char *name, struct tgv_case_file *out);
tgv_status tgv_cases_read(const char *path, struct tgv_case_file *out);
void       tgv_cases_release(struct tgv_case_file *f);

#endif
